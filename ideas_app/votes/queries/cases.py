"""Everything that decides on one person's support of one idea, as one row. Must not change anything.

A support is the act that most people do at the same time, so this is read without entities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, Text, and_, cast, select

from ideas_app.campaigns.models import Campaign, Phase
from ideas_app.core.columns import Instant
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Idea, Reading, ReadingAnswer, RejectCode, State
from ideas_app.votes.models import AsideSupport, Support

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select


class RunningPhase(NamedTuple):
    """A phase that is running."""

    position: int
    starts_at: datetime
    ends_at: datetime
    activities: list[str]


class CampaignCase(NamedTuple):
    """A campaign with the phases that are running: enough for what is allowed, not for the words of a refusal."""

    id: int
    settings: str
    """As text: `rules_of` keeps what each text says, and so nobody has to read it again."""
    eligibility: str
    phases: tuple[RunningPhase, ...]


class Case(NamedTuple):
    """An idea as it is now, and what one person said of it."""

    id: int
    title: str
    author_id: int
    pen_name: str | None
    state: State
    code: RejectCode | None
    family_id: int | None
    published_at: datetime | None
    supports_count: int
    unsure_count: int
    concerns_count: int
    answer_due_latched_at: datetime | None
    answer_earned_at: datetime | None
    is_supported: bool
    """By this person, and counted."""
    is_aside: bool
    """By this person, and set aside."""
    said: ReadingAnswer | None
    campaign: CampaignCase


_IDEA: Any = Idea.__table__
_CAMPAIGN: Any = Campaign.__table__
_PHASE: Any = Phase.__table__
_SUPPORT: Any = Support.__table__
_ASIDE: Any = AsideSupport.__table__
_READING: Any = Reading.__table__

_OF_IDEA = (
    *("id", "title", "author_id", "pen_name", "state", "code", "family_id", "published_at"),
    *("supports_count", "unsure_count", "concerns_count"),
    *("answer_due_latched_at", "answer_earned_at"),
)


_IDEA_ID, _ACCOUNT_ID = given("idea_id", Integer()), given("account_id", Integer())


def _of_person(table: Any) -> Any:
    mine = (table.c.idea_id == _IDEA_ID, table.c.account_id == _ACCOUNT_ID)
    return select(table.c.idea_id).where(*mine).exists()


def _statement() -> Select[Any]:
    now = given("now", Instant())
    running = and_(
        _PHASE.c.campaign_id == _CAMPAIGN.c.id, _PHASE.c.starts_at <= now, _PHASE.c.ends_at > now
    )
    said = select(_READING.c.answer).where(
        _READING.c.idea_id == _IDEA_ID, _READING.c.account_id == _ACCOUNT_ID
    )
    return (
        select(
            *(_IDEA.c[name] for name in _OF_IDEA),
            _of_person(_SUPPORT).label("is_supported"),
            _of_person(_ASIDE).label("is_aside"),
            said.scalar_subquery().label("said"),
            _CAMPAIGN.c.id.label("campaign_id"),
            cast(_CAMPAIGN.c.settings, Text).label("settings"),
            cast(_CAMPAIGN.c.eligibility, Text).label("eligibility"),
            _PHASE.c.position,
            _PHASE.c.starts_at,
            _PHASE.c.ends_at,
            _PHASE.c.activities,
        )
        .select_from(_IDEA)
        .join(_CAMPAIGN, _CAMPAIGN.c.id == _IDEA.c.campaign_id)
        .outerjoin(_PHASE, running)
        .where(_IDEA.c.id == _IDEA_ID)
    )


_CASE = Prepared(_statement())
# SQLite reads FOR UPDATE over: whoever writes holds everything
_HELD_CASE = Prepared(_statement().with_for_update(of=_IDEA, key_share=True))


def get_case(account_id: int | None, idea_id: int, now: datetime) -> Case:
    """The case of a person and an idea. Raises `NotFound`."""
    asked = {"idea_id": idea_id, "account_id": account_id, "now": now}
    return case_of(_CASE.all(**asked))


def holding_case(
    account_id: int | None, idea_id: int, now: datetime
) -> tuple[Prepared, dict[str, Any]]:
    """The statement for `case_of` after which nobody else moves the idea's counts until the transaction ends."""
    return _HELD_CASE, {"idea_id": idea_id, "account_id": account_id, "now": now}


def case_of(rows: Sequence[Any]) -> Case:
    """What the rows say. Raises `NotFound`."""
    if not rows:
        raise NotFound("not_found", _l("There is no such idea."))
    row = rows[0]
    phases = tuple(_phase(each) for each in rows if each.position is not None)
    of_idea = dict(zip(_OF_IDEA, row, strict=False))
    return Case(
        **of_idea,
        is_supported=bool(row.is_supported),
        is_aside=bool(row.is_aside),
        said=row.said,
        campaign=CampaignCase(row.campaign_id, row.settings, row.eligibility, phases),
    )


def _phase(row: Any) -> RunningPhase:
    return RunningPhase(row.position, row.starts_at, row.ends_at, row.activities)
