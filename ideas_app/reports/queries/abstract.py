"""What the front page tells of a year, in one statement. Must not change anything, nor keep what is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, func, or_, select

from ideas_app.answers.models import Answer, Promise, PromiseStatus
from ideas_app.campaigns.models import Campaign, Stamp
from ideas_app.core.prepared import Prepared, given
from ideas_app.ideas.models import Idea
from ideas_app.reports.queries.outcomes import (
    count_specialists,
    list_programme_lines,
    sessions_by_quarter,
)
from ideas_app.reports.queries.statistics import gather_programmes
from ideas_app.reports.rules import Abstract
from ideas_app.shortlists.models import Round, RoundEntry, RoundState
from ideas_app.votes.models import BallotEntry

if TYPE_CHECKING:
    from sqlalchemy import Select


def find_abstract() -> Abstract | None:
    """What the front page tells of the newest year whose shortlist is published, or None. One statement, and those of
    `_programme_figures` where its records have changed.
    """
    row = _ABSTRACT.all(year=None)[0]
    return _abstract(row) if row.year is not None else None


def abstract_of(year: int) -> Abstract:
    """Some public figures of a year: the same as `outcomes`, counted without the others."""
    return _abstract(_ABSTRACT.all(year=year)[0])


def _abstract(row: Any) -> Abstract:
    return Abstract(
        year=row.year,
        **_programme_figures(row.year, row.stamp)._asdict(),
        ideas_submitted=row.ideas_submitted,
        ideas_on_ballot=row.ideas_on_ballot,
        ideas_shortlisted=row.ideas_shortlisted,
        answered=row.answered,
        promises_kept=row.promises_kept,
    )


class ProgrammeFigures(NamedTuple):
    """What an abstract says of a year's programmes: public figures; None for one that is hidden."""

    programmes: int
    participations: int | None
    specialists_certified: int | None


_kept: dict[int, tuple[int | None, ProgrammeFigures]] = {}
"""By year, what was counted last, and under which stamp."""


def _programme_figures(year: int, stamp: int | None) -> ProgrammeFigures:
    """As of a stamp that was read in this request: kept as long as the stamp has not changed, for what may be
    printed of thousands of records is dear to find out. Five statements where it has; none otherwise.
    """
    known, found = _kept.get(year, (None, None))
    if found is None or known != stamp:
        lines = list_programme_lines(year)
        hidden = gather_programmes(year, lines, sessions_by_quarter(year)).hidden()

        def public(name: str, count: int) -> int | None:
            return None if name in hidden else count

        found = ProgrammeFigures(
            programmes=len(lines),
            participations=public("participations", sum(line.participations for line in lines)),
            specialists_certified=public("specialists_certified", count_specialists(lines)),
        )
        _kept[year] = (stamp, found)
    return found


def _abstract_query() -> Select[*tuple[Any, ...]]:
    """The year, the stamp of the records, and what is counted each time: ideas, answers, promises."""
    published = Round.state == RoundState.PUBLISHED
    latest = select(func.max(Campaign.year)).join(Round, Round.campaign_id == Campaign.id)
    named = func.coalesce(given("year", Integer()), latest.where(published).scalar_subquery())
    wanted = select(named.label("year")).cte("wanted")
    campaigns = select(Campaign.id).where(Campaign.year == select(wanted.c.year).scalar_subquery())
    newest = (
        select(func.max(Round.id))
        .where(Round.campaign_id.in_(campaigns), published)
        .group_by(Round.campaign_id)
    )
    elected = (
        select(RoundEntry.idea_id, RoundEntry.family_id)
        .where(RoundEntry.round_id.in_(newest), RoundEntry.final_rank.is_not(None))
        .cte("elected")
    )
    answered = (
        select(Answer.id)
        .where(
            or_(
                Answer.idea_id.in_(select(elected.c.idea_id)),
                Answer.family_id.in_(select(elected.c.family_id)),
            ),
            Answer.answered_at.is_not(None),
        )
        .cte("answered")
    )
    kept = select(func.count(Promise.id)).where(
        Promise.answer_id.in_(select(answered.c.id)), Promise.status == PromiseStatus.DONE
    )
    stamp = select(Stamp.value).where(Stamp.name == "records")
    entries = select(func.count(BallotEntry.id)).where(BallotEntry.campaign_id.in_(campaigns))
    ideas = select(func.count(Idea.id)).where(Idea.campaign_id.in_(campaigns))
    counts = {
        "stamp": stamp,
        "ideas_submitted": ideas,
        "ideas_on_ballot": entries,
        "ideas_shortlisted": select(func.count()).select_from(elected),
        "answered": select(func.count()).select_from(answered),
        "promises_kept": kept,
    }
    return select(
        wanted.c.year, *(each.scalar_subquery().label(name) for name, each in counts.items())
    )


_ABSTRACT = Prepared(_abstract_query())
