"""Reads that compose several features for one screen. Must not change anything, nor decide who may see what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Idea, IdeaDay, Partaker, State
from ideas_app.ideas.queries import Crowd, list_rows, read_tallies
from ideas_app.ideas.rules import LISTED
from ideas_app.votes.models import Ballot, BallotChoice, BallotEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Sequence

    from sqlalchemy import ColumnElement, ScalarSelect

    from ideas_app.adapters import fulltext
    from ideas_app.audit.models import AuditEntry
    from ideas_app.campaigns.models import Phase
    from ideas_app.campaigns.queries import House, ProgrammeTitle
    from ideas_app.core.prepared import Foreseen
    from ideas_app.ideas.queries import Filters, IdeaRow, Tallies


@dataclass(frozen=True, slots=True)
class Tide:
    """How ideas have gathered: the running total at the end of each day, from the phase's first to its last."""

    total: int
    people: int
    supports: int
    days_left: int
    starts_on: date
    ends_on: date
    points: list[tuple[date, int]]

    @property
    def curve(self) -> list[tuple[float, float]]:
        """The totals as points of a picture: both axes from 0 to 1, time to the end of the phase."""
        length = max((self.ends_on - self.starts_on).days, 1)
        highest = max(self.total, 1)
        return [
            ((day - self.starts_on).days / length, count / highest) for day, count in self.points
        ]


class Pulse(NamedTuple):
    """How a campaign's listed ideas stand: their supports, how many are new, how many fewer people have read than
    is promised; and how many people took part.
    """

    supports: int = 0
    new: int = 0
    under_read: int = 0
    people: int = 0


def pulse_of(campaign_id: int, *, since: date, target: int) -> Pulse:
    """The pulse of a campaign: `new` are published on or after a local day, `under_read` lack readers to `target`.
    One statement.
    """
    return Pulse(*map(int, _PULSE.all(campaign_id=campaign_id, since=since, target=target)[0]))


def tide_of(campaign: Campaign, gathering: Phase, pulse: Pulse) -> Tide:
    """The tide of a campaign whose ideas are being gathered, and whose pulse is known. One statement."""
    per_day = _PER_DAY.all(campaign_id=campaign.id)
    starts_on = clock.local_date(gathering.starts_at)
    ends_on = clock.local_date(gathering.ends_at)
    totals: dict[date, int] = {}
    total = 0
    for published_on, number in per_day:
        total += number
        totals[max(published_on, starts_on)] = total
    today = min(clock.today(), ends_on)
    points = [(starts_on, 0), *totals.items()]
    if points[-1][0] < today:
        points.append((today, total))
    return Tide(
        total=total,
        people=pulse.people,
        supports=pulse.supports,
        days_left=max((ends_on - clock.today()).days, 0),
        starts_on=starts_on,
        ends_on=ends_on,
        points=points,
    )


_CAMPAIGN = given("campaign_id", Integer())


_PARTAKERS = select(func.count()).where(Partaker.campaign_id == _CAMPAIGN).scalar_subquery()
"""Distinct people who wrote, supported or commented in a campaign, as the database keeps count of them.

Not who voted: the number would grow with every ballot while ballots are secret, and shrink when they are parted from
their voters.
"""


def _sum_of_listed(value: ColumnElement[int], *more: ColumnElement[bool]) -> ScalarSelect[int]:
    """A sum over a campaign's listed ideas. The campaign is no condition: of all indexes that begin with `is_listed`
    the one that holds all that is asked for is read then, and no idea.
    """
    ours = case((Idea.campaign_id == _CAMPAIGN, value), else_=0)
    query = select(func.coalesce(func.sum(ours), 0)).where(Idea.is_listed.expression, *more)
    return query.scalar_subquery()


_PEOPLE = Prepared(select(_PARTAKERS.label("people")))
_NEW = select(func.coalesce(func.sum(IdeaDay.number), 0)).where(
    IdeaDay.campaign_id == _CAMPAIGN, IdeaDay.day >= given("since", Date())
)
_PULSE = Prepared(
    select(
        _sum_of_listed(Idea.supports_count.expression).label("supports"),
        _NEW.scalar_subquery().label("new"),
        _sum_of_listed(literal(1), Idea.readers_count < given("target", Integer())).label(
            "under_read"
        ),
        _PARTAKERS.label("people"),
    )
)
_PER_DAY = Prepared(
    select(IdeaDay.day, IdeaDay.number)
    .where(IdeaDay.campaign_id == _CAMPAIGN, IdeaDay.number > 0)
    .order_by(IdeaDay.day)
)


def count_people(campaign_id: int) -> int:
    """Distinct people who wrote, supported or commented in a campaign. One statement."""
    return int(_PEOPLE.all(campaign_id=campaign_id)[0].people)


def count_in_states(idea_ids: Sequence[int], states: Collection[State]) -> int:
    """How many of some ideas stand in one of the states."""
    query = select(func.count(Idea.id)).where(Idea.id.in_(idea_ids), Idea.state.in_(states))
    return session().scalar(query) or 0


def list_fields(campaign_id: int | None) -> list[Field]:
    """The fields to filter by: those of one campaign, or each key once, named as the newest campaign does."""
    query = select(Field).order_by(Field.campaign_id.desc(), Field.position)
    if campaign_id is not None:
        query = query.where(Field.campaign_id == campaign_id)
    found: dict[str, Field] = {}
    for field in session().scalars(query):
        found.setdefault(field.key, field)
    return list(found.values())


@dataclass(frozen=True, eq=False)
class Offer:
    """What the list of ideas offers to choose from, and how many ideas each choice would show. One statement, and
    four where the campaigns' settings have changed. One and the same as long as nothing of it has changed: what is
    made of it may be kept by it.
    """

    campaigns: Sequence[Campaign]
    chosen: Campaign | None
    fields: Sequence[Field]
    counts: dict[str, int]
    """Listed ideas, by the field's key."""
    states: dict[str, int]
    """Ideas that the list can show, by the group of states."""
    programmes: list[tuple[ProgrammeTitle, int]]
    """Programmes that listed ideas grew out of, and how many did, most first."""
    newest_id: int
    house: House
    """The settings from which all this was read."""
    synonyms: fulltext.Synonyms | None
    """What a search takes for the same; None where none was announced."""

    def crowd_of(self, view: Filters) -> Crowd:
        """About how many ideas fit the filters: as if each narrowed down independently of the others."""
        listed = sum(self.counts.values())
        shares = []
        if view.field:
            shares.append(self.counts.get(view.field, 0))
        if view.state:
            shares.append(self.states[view.state])
        if view.programme:
            shares.append(
                sum(
                    number for one, number in self.programmes if view.programme in {"any", one.slug}
                )
            )
        matching = float(listed)
        for share in shares:
            matching *= share / max(listed, 1)
        return Crowd(self.newest_id, int(matching))


def offer_of(
    slug: str | None,
    *,
    to_search: bool = False,
    as_of: Hashable | None = None,
    along: Foreseen | None = None,
) -> Offer:
    """The offer of one campaign; of all where there is none under that slug. `to_search`: with synonyms. `as_of`: what
    stands for the content of the database, see `web.kept`; no statement where the offer is known as of the same.
    `along`: what is asked with it, if anything is asked.
    """
    known = _KNOWN.get(slug) if not to_search else None
    if known is not None and as_of is not None and known[0] == as_of:
        return known[1]
    tallies = read_tallies(slug, with_synonyms=to_search, along=along)
    house = campaigns.house_of(tallies.stamp)
    chosen = next((one for one in house.campaigns if one.slug == slug), None)
    if slug and chosen is None:
        tallies = read_tallies(with_synonyms=to_search)
    offer = _offer_of(chosen, tallies, house)
    if not to_search and (as_of is not None or known is None or known[1] is not offer):
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()  # slugs are what people write into addresses
        _KNOWN[slug] = (as_of, offer)
    return offer


def last_offer(slug: str | None) -> Offer | None:
    """The offer as it was read last, which may be old by now: to foresee what will be asked. None where none was read
    since the process began.
    """
    known = _KNOWN.get(slug)
    return None if known is None else known[1]


_KNOWN: dict[str | None, tuple[Hashable | None, Offer]] = {}
"""By slug, the offer, and as of what it was read, if that is known."""
_MOST = 32


@lru_cache(maxsize=32)
def _offer_of(chosen: Campaign | None, tallies: Tallies, house: House) -> Offer:
    counts: dict[str, int] = {}
    for field_id, number in tallies.fields.items():
        key = house.field_names[field_id].key
        counts[key] = counts.get(key, 0) + number
    known = [
        (house.programmes[grown], number) for grown, number in tallies.programmes.items() if number
    ]
    return Offer(
        campaigns=house.campaigns,
        chosen=chosen,
        fields=house.offered[chosen.id if chosen else None],
        counts=counts,
        states=tallies.groups(),
        programmes=sorted(known, key=lambda each: (-each[1], each[0].id)),
        newest_id=tallies.newest_id,
        house=house,
        synonyms=tallies.synonyms,
    )


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A ballot that a person cast: in which campaign, when, and how many lines it ticks."""

    campaign: Campaign
    cast_at: datetime
    picks: int
    chosen: int
    """Ticked lines that were shortlisted or answered since."""


def list_ballots_of(account_id: int) -> list[OwnBallot]:
    """A person's cast ballots, newest first. What was ticked stays on the page of the receipt."""
    won = case((Idea.state.in_([State.SHORTLISTED, State.ANSWERED, State.DONE]), 1), else_=0)
    family_won = (
        select(func.max(won)).where(Idea.family_id == BallotEntry.family_id).scalar_subquery()
    )
    own_won = select(func.max(won)).where(Idea.id == BallotEntry.idea_id).scalar_subquery()
    query = (
        select(
            Campaign,
            Ballot.cast_at,
            func.count(BallotEntry.id),
            func.sum(func.coalesce(own_won, family_won, 0)),
        )
        .join(Campaign, Campaign.id == Ballot.campaign_id)
        .join(BallotChoice, BallotChoice.ballot_id == Ballot.id)
        .join(BallotEntry, BallotEntry.id == BallotChoice.entry_id)
        .where(Ballot.account_id == account_id, Ballot.cast_at.is_not(None))
        .group_by(Campaign.id, Ballot.id)
        .order_by(Ballot.id.desc())
    )
    return [
        OwnBallot(campaign, cast_at, picks, int(chosen or 0))
        for campaign, cast_at, picks, chosen in session().execute(query)
    ]


def titles_of(entries: Iterable[AuditEntry]) -> dict[int, IdeaRow]:
    """The ideas that entries of the log are about and that everybody may read, by id. One statement."""
    ids = sorted(
        {entry.subject_id for entry in entries if entry.subject_type == "idea" and entry.subject_id}
    )
    return {row.id: row for row in list_rows(ids) if is_open(row)}


def is_open(row: IdeaRow) -> bool:
    """Whether a row may be named to everybody: as `ideas.policy.is_public`, the stricter way for rejected ones."""
    return row.state in LISTED or row.state is State.WITHDRAWN


FEED = 50
"""Entries of a feed; the newest."""


def list_newest_published(
    *, campaign: str = "", field: str = "", after: str | None = None, limit: int = FEED
) -> Page[Idea]:
    """The listed ideas that were published last, each with its author and field; of a campaign by its slug,
    of a field by its key. One statement.
    """
    query = (
        select(Idea)
        .where(Idea.is_listed, Idea.published_at.is_not(None))
        .options(joinedload(Idea.author), joinedload(Idea.field))
        .order_by(Idea.published_at.desc(), Idea.id.desc())
    )
    if campaign:
        # by its number, which stands in the index that is walked along: those of others cost no look at the idea
        wanted = select(Campaign.id).where(Campaign.slug == campaign).scalar_subquery()
        query = query.where(Idea.campaign_id == wanted)
    if field:
        query = query.where(Idea.field.has(Field.key == field))
    last = _instant_of(after)
    if last is not None:
        at, number = last
        query = query.where(
            or_(Idea.published_at < at, and_(Idea.published_at == at, Idea.id < number))
        )
    found = session().scalars(query.limit(limit + 1)).all()
    shown = list(found[:limit])
    if len(found) <= limit:
        return Page(shown)
    oldest = shown[-1].published_at
    return Page(shown, encode_cursor(oldest.isoformat() if oldest else "", shown[-1].id))


def _instant_of(after: str | None) -> tuple[datetime, int] | None:
    """Where a page ended; a spoilt cursor starts anew."""
    key = decode_cursor(after, str, int)
    try:
        at = datetime.fromisoformat(str(key[0])) if key else None
    except ValueError:
        return None
    return (at, int(key[1])) if key and at is not None and at.tzinfo else None


def has_field(key: str) -> bool:
    """Whether some campaign has a field of that key."""
    return session().scalar(select(Field.id).where(Field.key == key).limit(1)) is not None
