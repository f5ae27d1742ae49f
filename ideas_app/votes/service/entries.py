"""Preparing a ballot: which ideas and families stand on it. Must not know votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.votes import policy, queries
from ideas_app.votes.models import BallotEntry
from ideas_app.votes.rules import BALLOTABLE, Subject, summary_of
from ideas_app.votes.service.gates import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.core.actor import Actor


def set_entries(actor: Actor, campaign: Campaign, things: Sequence[Idea | Family]) -> int:
    """Makes the ballot consist of exactly these ideas and families; how many lines it has.

    Titles and summaries are kept as they stand now. What comes on is `on_ballot`, what goes off
    is `published` again. An empty list clears the ballot. Only before the ballot opens. Raises
    `Refused`, `Conflict` and `Invalid` (field `entries`).
    """
    require(policy.may_prepare(actor, campaign, now=clock.now()))
    session().execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    wanted = {_subject_of(thing): thing for thing in things}
    members = _load_members([thing.id for thing in wanted.values() if isinstance(thing, Family)])
    _check_entries(campaign, wanted, members)
    query = select(BallotEntry).where(BallotEntry.campaign_id == campaign.id)
    present = {Subject(entry.idea_id, entry.family_id): entry for entry in session().scalars(query)}
    gone = [entry for subject, entry in present.items() if subject not in wanted]
    _take_off(gone)
    for subject, thing in wanted.items():
        entry = present.get(subject) or _new_entry(campaign, subject)
        entry.title = thing.title
        entry.summary = summary_of(_matter(thing))
        for idea in members.get(thing.id, []) if isinstance(thing, Family) else [thing]:
            _change_state(idea, State.ON_BALLOT)
    session().flush()
    added = [queries.subject_key(subject) for subject in wanted if subject not in present]
    diff = {
        "entries": [len(present), len(wanted)],
        "added": sorted(added),
        "removed": sorted(queries.subject_key(entry) for entry in gone),
    }
    audit.record(actor, Tag.BALLOT_ENTRIES_SET, "campaign", campaign.id, diff=diff)
    return len(wanted)


def _subject_of(thing: Idea | Family) -> Subject:
    if isinstance(thing, Family):
        return Subject(family_id=thing.id)
    return Subject(idea_id=thing.id)


def _matter(thing: Idea | Family) -> str:
    return thing.text if isinstance(thing, Family) else thing.how or thing.why


def _load_members(family_ids: Iterable[int]) -> dict[int, list[Idea]]:
    found: dict[int, list[Idea]] = {family_id: [] for family_id in family_ids}
    if not found:
        return found
    query = select(Idea).where(Idea.family_id.in_(found)).order_by(Idea.id)
    for idea in session().scalars(query):
        found[int(idea.family_id or 0)].append(idea)
    return found


def _check_entries(
    campaign: Campaign, wanted: dict[Subject, Idea | Family], members: dict[int, list[Idea]]
) -> None:
    faults = []
    for thing in wanted.values():
        if isinstance(thing, Family):
            standing = [idea for idea in members[thing.id] if idea.state in BALLOTABLE]
            fits = thing.split_at is None and len(standing) > 0
        else:
            fits = thing.family_id is None and thing.state in BALLOTABLE
        if not fits or thing.campaign_id != campaign.id:
            message = _l(
                "“%(title)s” cannot stand on this ballot: only published ideas of this campaign "
                "can, and an idea within a family stands there with its family.",
                title=thing.title,
            )
            faults.append(Fault("entries", "not_fit", message))
    least = rules_of(campaign).ballot_min
    if 0 < len(wanted) < least:
        message = lazy_ngettext(
            "A voter has to tick at least %(num)s: choose at least as many entries.",
            "A voter has to tick at least %(num)s: choose at least as many entries.",
            least,
        )
        faults.append(Fault("entries", "too_few", message))
    if faults:
        raise Invalid(*faults)


def _new_entry(campaign: Campaign, subject: Subject) -> BallotEntry:
    entry = BallotEntry(
        campaign_id=campaign.id, idea_id=subject.idea_id, family_id=subject.family_id
    )
    session().add(entry)
    return entry


def _take_off(entries: Sequence[BallotEntry]) -> None:
    idea_ids = [entry.idea_id for entry in entries if entry.idea_id]
    family_ids = [entry.family_id for entry in entries if entry.family_id]
    query = select(Idea).where(Idea.id.in_(idea_ids) | Idea.family_id.in_(family_ids))
    for idea in session().scalars(query) if entries else ():
        if idea.state is State.ON_BALLOT:
            _change_state(idea, State.PUBLISHED)
    for entry in entries:
        session().delete(entry)


def _change_state(idea: Idea, state: State) -> None:
    if idea.state is not state and idea.state in BALLOTABLE:
        ideas.change_state(idea, state)
