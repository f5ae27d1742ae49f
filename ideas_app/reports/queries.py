"""The year's figures, counted anew from the records each time. Must not change or remember anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from ideas_app.answers.models import Answer, Promise, PromiseStatus
from ideas_app.campaigns.models import Campaign
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, State
from ideas_app.programmes.models import Attendance, Outcome, Participation, Programme, Tally
from ideas_app.reports.rules import Outcomes, ProgrammeLine, digest_of
from ideas_app.shortlists.models import Round, RoundEntry, RoundState
from ideas_app.votes.models import Ballot, BallotEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Select

_RUN = ("open", "closed")


def list_years() -> list[int]:
    """Years with a programme that was run, newest first."""
    query = select(Programme.year).where(Programme.status.in_(_RUN)).distinct()
    return sorted(session().scalars(query), reverse=True)


def find_latest() -> Outcomes | None:
    """The figures of the newest year whose shortlist is published, or None."""
    year = session().scalar(
        select(func.max(Campaign.year))
        .join(Round, Round.campaign_id == Campaign.id)
        .where(Round.state == RoundState.PUBLISHED)
    )
    return outcomes(year) if year else None


def outcomes(year: int) -> Outcomes:
    """All figures of a year. A fixed number of statements, whatever the rows."""
    lines = _programme_lines(year)
    kinds = {line.certificate for line in lines if line.certificate and line.certified}
    counselling = [line for line in lines if line.outcome == Outcome.COUNSELLING]
    visits = [line for line in lines if line.outcome == Outcome.VISIT]
    return Outcomes(
        year=year,
        programmes=len(lines),
        participations=sum(line.participations for line in lines),
        persons=_count_persons(year),
        certificate_kinds=len(kinds),
        specialists_certified=sum(line.certified for line in lines if line.is_specialist),
        company_visit_participants=sum(line.participations for line in visits),
        counselling_sessions=sum(line.sessions for line in counselling),
        per_programme=sorted(lines, key=lambda line: (-line.participations, line.slug)),
        sessions_by_quarter=_sessions_by_quarter(year),
        input_digest=digest_of(_counted_rows(year)),
        **_idea_figures(year),
        **_answer_figures(year),
    )


def _programme_lines(year: int) -> list[ProgrammeLine]:
    records = _per_programme(
        select(Participation.programme_id, func.count()).group_by(Participation.programme_id)
    )
    certified = _per_programme(
        select(Participation.programme_id, func.count())
        .where(Participation.status == Attendance.CERTIFIED)
        .group_by(Participation.programme_id)
    )
    tallied = _per_programme(
        select(Tally.programme_id, func.sum(Tally.participants)).group_by(Tally.programme_id)
    )
    sessions = _per_programme(
        select(Tally.programme_id, func.sum(Tally.sessions)).group_by(Tally.programme_id)
    )
    run = session().scalars(
        select(Programme)
        .where(Programme.year == year, Programme.status.in_(_RUN))
        .order_by(Programme.id)
    )
    return [
        ProgrammeLine(
            slug=programme.slug,
            title=programme.title,
            title_en=programme.title_en,
            category=programme.category,
            outcome=programme.outcome.value,
            records=records.get(programme.id, 0),
            tallied=tallied.get(programme.id, 0),
            certified=certified.get(programme.id, 0),
            sessions=sessions.get(programme.id, 0),
            certificate=programme.certificate,
            is_specialist=programme.is_specialist,
        )
        for programme in run
    ]


def _per_programme(query: Select[int, Any]) -> dict[int, int]:
    return {programme_id: int(number or 0) for programme_id, number in session().execute(query)}


def _count_persons(year: int) -> int:
    query = (
        select(func.count(Participation.person_id.distinct()))
        .join(Programme, Programme.id == Participation.programme_id)
        .where(Programme.year == year, Programme.status.in_(_RUN))
    )
    return session().scalar(query) or 0


def _sessions_by_quarter(year: int) -> list[int]:
    quarters = [0, 0, 0, 0]
    rows = session().execute(
        select(Tally.month_on, Tally.sessions)
        .join(Programme, Programme.id == Tally.programme_id)
        .where(Programme.year == year, Programme.outcome == Outcome.COUNSELLING)
    )
    for month_on, number in rows:
        quarters[(month_on.month - 1) // 3] += number
    return quarters


def _idea_figures(year: int) -> dict[str, Any]:
    campaigns = select(Campaign.id).where(Campaign.year == year)
    by_state = (
        select(Idea.state, func.count()).where(Idea.campaign_id.in_(campaigns)).group_by(Idea.state)
    )
    states: dict[State, int] = dict(session().execute(by_state).all())
    codes = session().execute(
        select(Idea.code, func.count())
        .where(Idea.campaign_id.in_(campaigns), Idea.state == State.REJECTED)
        .group_by(Idea.code)
    )
    unpublished = (State.SUBMITTED, State.RETURNED, State.REJECTED)
    entries = select(func.count(BallotEntry.id)).where(BallotEntry.campaign_id.in_(campaigns))
    ballots = select(func.count(Ballot.id)).where(
        Ballot.campaign_id.in_(campaigns), Ballot.cast_at.is_not(None)
    )
    return {
        "ideas_submitted": sum(states.values()),
        "ideas_published": sum(
            number for state, number in states.items() if state not in unpublished
        ),
        "ideas_on_ballot": session().scalar(entries) or 0,
        "ballots_cast": session().scalar(ballots) or 0,
        "rejected_by_code": {code.value: number for code, number in codes if code},
    }


def _elected(year: int) -> Select[int | None, int | None]:
    """Ideas and families elected in the newest published round of each campaign of the year."""
    newest = (
        select(func.max(Round.id))
        .join(Campaign, Campaign.id == Round.campaign_id)
        .where(Campaign.year == year, Round.state == RoundState.PUBLISHED)
        .group_by(Round.campaign_id)
    )
    return select(RoundEntry.idea_id, RoundEntry.family_id).where(
        RoundEntry.round_id.in_(newest), RoundEntry.final_rank.is_not(None)
    )


def _answer_figures(year: int) -> dict[str, Any]:
    elected = session().execute(_elected(year)).all()
    ideas = [idea_id for idea_id, _family in elected if idea_id is not None]
    families = [family_id for _idea, family_id in elected if family_id is not None]
    given = (
        session()
        .scalars(
            select(Answer).where(
                or_(Answer.idea_id.in_(ideas), Answer.family_id.in_(families)),
                Answer.answered_at.is_not(None),
            )
        )
        .all()
    )
    kept = session().scalar(
        select(func.count(Promise.id)).where(
            Promise.answer_id.in_([answer.id for answer in given]),
            Promise.status == PromiseStatus.DONE,
        )
    )
    in_time = sum(
        clock.local_date(answer.answered_at) <= (answer.extended_to or answer.due_on)
        for answer in given
        if answer.answered_at
    )
    return {
        "ideas_shortlisted": len(elected),
        "answered": len(given),
        "answered_on_time": in_time,
        "promises_kept": kept or 0,
    }


def _counted_rows(year: int) -> Iterator[tuple[Any, ...]]:
    """Every row that a figure counts, without any name: what the input digest is taken over."""
    of_year = Programme.year == year
    for query in (
        select(Programme.slug, Programme.status, Programme.outcome)
        .where(of_year)
        .order_by(Programme.slug),
        select(
            Programme.slug, Participation.person_id, Participation.status, Participation.certificate
        )
        .join(Programme, Programme.id == Participation.programme_id)
        .where(of_year)
        .order_by(Participation.id),
        select(Programme.slug, Tally.partner_id, Tally.month_on, Tally.participants, Tally.sessions)
        .join(Programme, Programme.id == Tally.programme_id)
        .where(of_year)
        .order_by(Tally.id),
        select(Idea.id, Idea.state, Idea.code)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Campaign.year == year)
        .order_by(Idea.id),
        _elected(year).order_by(RoundEntry.id),
        select(Answer.id, Answer.due_on, Answer.extended_to, Answer.answered_at).order_by(
            Answer.id
        ),
        select(Promise.id, Promise.status).order_by(Promise.id),
    ):
        for row in session().execute(query):
            yield tuple(row)
