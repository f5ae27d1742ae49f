"""Reads of ballots and their lines. Must not change anything, and tells nobody but the voter who
ticked what.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.votes.models import Ballot, BallotChoice, BallotEntry
from ideas_app.votes.rules import STANDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.core.actor import Actor


_WRITER = case((Idea.pen_name.is_(None), Idea.author_id))
"""The account that wrote an idea; NULL for one from paper, whose writer has no account."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ballot as pages show it. Nothing in it depends on votes."""

    id: int
    title: str
    summary: str
    idea_id: int | None
    family_id: int | None
    page_id: int
    """The idea to read more at: the idea itself, or the family's first member."""
    field: Field | None
    authors: frozenset[int]
    """Accounts of those who wrote it: they may not tick it."""
    members: int
    is_standing: bool
    """False once it was withdrawn, hidden or split: it stays on the page and can no longer be
    ticked.
    """


def list_entries(campaign: Campaign) -> list[Entry]:
    """The lines of a campaign's ballot in the order in which they were set. Two statements."""
    query = (
        select(BallotEntry, Idea.state, _WRITER, Field)
        .outerjoin(Idea, Idea.id == BallotEntry.idea_id)
        .outerjoin(Field, Field.id == Idea.field_id)
        .where(BallotEntry.campaign_id == campaign.id)
        .order_by(BallotEntry.id)
    )
    rows = session().execute(query).all()
    families = members_of([entry.family_id for entry, *_ in rows if entry.family_id])
    return [
        _family_line(entry, families[entry.family_id])
        if entry.family_id
        else _idea_line(entry, state, author_id, idea_field)
        for entry, state, author_id, idea_field in rows
    ]


@dataclass(slots=True)
class Members:
    """What the lines of a ballot need to know of a family."""

    first_id: int = 0
    first_field: Field | None = None
    authors: set[int] = field(default_factory=set)
    count: int = 0
    standing: int = 0


def members_of(family_ids: Sequence[int]) -> dict[int, Members]:
    """The members of families, taken together; families without any are missing."""
    found: dict[int, Members] = defaultdict(Members)
    if not family_ids:
        return found
    query = (
        select(Idea.family_id, Idea.id, _WRITER, Idea.state, Field)
        .join(Field, Field.id == Idea.field_id)
        .where(Idea.family_id.in_(family_ids))
        .order_by(Idea.id)
    )
    for family_id, idea_id, author_id, state, idea_field in session().execute(query):
        if family_id is None:
            continue
        members = found[family_id]
        members.first_id = members.first_id or idea_id
        members.first_field = members.first_field or idea_field
        members.authors |= {author_id} - {None}
        members.count += 1
        members.standing += state in STANDING
    return found


def _idea_line(entry: BallotEntry, state: State, author_id: int, idea_field: Field) -> Entry:
    return Entry(
        id=entry.id,
        title=entry.title,
        summary=entry.summary,
        idea_id=entry.idea_id,
        family_id=None,
        page_id=entry.idea_id or 0,
        field=idea_field,
        authors=frozenset({author_id} - {None}),
        members=1,
        is_standing=state in STANDING,
    )


def _family_line(entry: BallotEntry, members: Members) -> Entry:
    return Entry(
        id=entry.id,
        title=entry.title,
        summary=entry.summary,
        idea_id=None,
        family_id=entry.family_id,
        page_id=members.first_id,
        field=members.first_field,
        authors=frozenset(members.authors),
        members=members.count,
        is_standing=members.standing > 0,
    )


def count_entries(campaign: Campaign) -> int:
    """How many lines the campaign's ballot has."""
    query = select(func.count(BallotEntry.id)).where(BallotEntry.campaign_id == campaign.id)
    return session().scalar(query) or 0


def open_lines(actor: Actor, entries: Iterable[Entry]) -> frozenset[int]:
    """The lines that the person may tick: those that still stand and that somebody else wrote."""
    return frozenset(
        entry.id for entry in entries if entry.is_standing and actor.id not in entry.authors
    )


def find_ballot(account_id: int | None, campaign: Campaign) -> Ballot | None:
    """The person's ballot in a campaign, cast or only opened."""
    if account_id is None:
        return None
    query = select(Ballot).where(Ballot.campaign_id == campaign.id, Ballot.account_id == account_id)
    return session().scalars(query).one_or_none()


def picks_of(ballot: Ballot | None) -> frozenset[int]:
    """The entries that a ballot ticks."""
    if ballot is None:
        return frozenset()
    query = select(BallotChoice.entry_id).where(BallotChoice.ballot_id == ballot.id)
    return frozenset(session().scalars(query))


def kept_picks(ballot: Ballot | None) -> frozenset[int]:
    """What the voter's page ticks: what was kept since, else what was cast."""
    if ballot is None or ballot.draft is None:
        return picks_of(ballot)
    return frozenset(ballot.draft)


def list_texts(entries: Iterable[Entry]) -> dict[int, list[str]]:
    """What the ideas and families of some lines say, as paragraphs, by the line's id.

    Nothing for a line that no longer stands: it may have been hidden for a reason. Two statements.
    """
    standing = [entry for entry in entries if entry.is_standing]
    by_idea = {entry.idea_id: entry.id for entry in standing if entry.idea_id}
    by_family = {entry.family_id: entry.id for entry in standing if entry.family_id}
    found: dict[int, list[str]] = {}
    ideas = select(Idea.id, Idea.why, Idea.how).where(Idea.id.in_(by_idea))
    for idea_id, why, how in session().execute(ideas):
        found[by_idea[idea_id]] = [text for text in (why, how) if text]
    families = select(Family.id, Family.text).where(Family.id.in_(by_family))
    for family_id, text in session().execute(families):
        found[by_family[family_id]] = [text]
    return found


def ballots_as_lists(campaign: Campaign) -> list[list[int]]:
    """The cast ballots of a campaign: for each the ids of its ticked entries, ascending.

    Ticks of entries that have been withdrawn, hidden or split since are left out, so a list may
    be empty. Sorted by content: no order of persons or times.
    """
    standing = {entry.id for entry in list_entries(campaign) if entry.is_standing}
    query = (
        select(Ballot.id, BallotChoice.entry_id)
        .outerjoin(BallotChoice, BallotChoice.ballot_id == Ballot.id)
        .where(Ballot.campaign_id == campaign.id, Ballot.cast_at.is_not(None))
    )
    ticks: dict[int, list[int]] = defaultdict(list)
    for ballot_id, entry_id in session().execute(query):
        ticks[ballot_id] += [entry_id] if entry_id in standing else []
    return sorted(sorted(entries) for entries in ticks.values())


def ballots_with_voters(campaign: Campaign) -> list[tuple[int | None, list[int]]]:
    """The cast ballots of a campaign with their voters' accounts; None where there is none.

    For totals over groups of voters only: what comes of it must not tell who chose what. Entries as in
    `ballots_as_lists`.
    """
    standing = {entry.id for entry in list_entries(campaign) if entry.is_standing}
    query = (
        select(Ballot.id, Ballot.account_id, BallotChoice.entry_id)
        .outerjoin(BallotChoice, BallotChoice.ballot_id == Ballot.id)
        .where(Ballot.campaign_id == campaign.id, Ballot.cast_at.is_not(None))
        .order_by(Ballot.pseudonym, BallotChoice.entry_id)
    )
    found: dict[int, tuple[int | None, list[int]]] = {}
    for ballot_id, account_id, entry_id in session().execute(query):
        ticks = found.setdefault(ballot_id, (account_id, []))[1]
        ticks += [entry_id] if entry_id in standing else []
    return list(found.values())


def turnout(campaign: Campaign) -> int:
    """How many ballots have been cast; who may be told: `policy.may_see_turnout`."""
    query = select(func.count(Ballot.id)).where(
        Ballot.campaign_id == campaign.id, Ballot.cast_at.is_not(None)
    )
    return session().scalar(query) or 0
