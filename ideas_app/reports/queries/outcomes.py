"""The year's figures, counted anew from the records each time. Must not change or remember anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select

from ideas_app.accounts.models import Consent
from ideas_app.answers.models import Answer, Promise, PromiseStatus
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, State
from ideas_app.programmes.models import (
    Attendance,
    Outcome,
    Participation,
    Person,
    Programme,
    Tally,
    Visit,
)
from ideas_app.programmes.queries import TOTALS_SINCE
from ideas_app.reports.queries.funnel import list_fields
from ideas_app.reports.queries.statistics import gather, hide_linked
from ideas_app.reports.queries.ways import list_ways
from ideas_app.reports.rules import (
    CertificateLine,
    DepartmentLine,
    Outcomes,
    ProgrammeLine,
    digest_of,
)
from ideas_app.shortlists.models import Round, RoundEntry, RoundState
from ideas_app.votes.models import Ballot, BallotEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Select

_RUN = ("open", "closed")


def list_years() -> list[int]:
    """Years with a programme that was run, newest first."""
    query = select(Programme.year).where(Programme.status.in_(_RUN)).distinct()
    return sorted(session().scalars(query), reverse=True)


def find_latest_year() -> int | None:
    """The newest year whose shortlist is published, or None."""
    return session().scalar(
        select(func.max(Campaign.year))
        .join(Round, Round.campaign_id == Campaign.id)
        .where(Round.state == RoundState.PUBLISHED)
    )


def find_outcomes(year: int, *, fingerprint: bool = True) -> Outcomes | None:
    """The figures of a year, or None where the centre ran nothing."""
    return outcomes(year, fingerprint=fingerprint) if year in list_years() else None


def outcomes(year: int, *, fingerprint: bool = True) -> Outcomes:
    """All figures of a year. A fixed number of statements, whatever the rows.

    Without a `fingerprint` its digest is empty: it is taken over every row that is counted, which is half of the
    work, and few pages show it.
    """
    lines = list_programme_lines(year)
    kinds = _certificate_lines(lines)
    ways, linked = list_ways(year), _count_linked(year)
    counselling = [line for line in lines if line.outcome == Outcome.COUNSELLING]
    visits = [line for line in lines if line.outcome == Outcome.VISIT]
    figures: dict[str, Any] = {
        "programmes": len(lines),
        "participations": sum(line.participations for line in lines),
        "persons": _count_persons(year),
        "certificate_kinds": len(kinds),
        "specialists_certified": count_specialists(lines),
        "visits": _count_visits(year),
        "company_visit_participants": sum(line.participations for line in visits),
        "counselling_sessions": sum(line.sessions for line in counselling),
        **_idea_figures(year),
        **_answer_figures(year),
        "participations_linked": sum(linked.values()),
        "ideas_from_programmes": sum(line.ideas for line in ways),
        "adopted_from_programmes": sum(line.adopted for line in ways),
    }
    quarters = sessions_by_quarter(year)
    statistics = gather(year, lines, quarters, figures, linked)
    return Outcomes(
        year=year,
        **figures,
        per_programme=sorted(lines, key=lambda line: (-line.participations, line.slug)),
        certificates=kinds,
        sessions_by_quarter=quarters,
        ideas_by_field=list_fields(year, _elected(year)),
        ways=ways,
        input_digest=digest_of(_counted_rows(year)) if fingerprint else "",
        statistics=statistics,
        hidden=statistics.hidden() | hide_linked(lines, linked),
    )


def count_specialists(lines: list[ProgrammeLine]) -> int:
    """Certificates of the region's industry."""
    return sum(line.certified for line in lines if line.is_specialist)


def _certificate_lines(lines: list[ProgrammeLine]) -> list[CertificateLine]:
    """Kinds of certificate that somebody obtained; two courses may lead to the same."""
    kinds: dict[str, CertificateLine] = {}
    for line in lines:
        if line.certificate and line.certified:
            so_far = kinds.get(line.certificate)
            certified = line.certified + (so_far.certified if so_far else 0)
            english = line.certificate_en or (so_far.name_en if so_far else "")
            kinds[line.certificate] = CertificateLine(line.certificate, english, certified)
    return sorted(kinds.values(), key=lambda kind: (-kind.certified, kind.name))


def _count_visits(year: int) -> int:
    query = (
        select(func.count(Visit.id))
        .join(Programme, Programme.id == Visit.programme_id)
        .where(Programme.year == year, Programme.status.in_(_RUN))
    )
    return session().scalar(query) or 0


def list_programme_lines(year: int) -> list[ProgrammeLine]:
    """The programmes that were run in a year, each with what is counted of it. Three statements."""
    is_certified = case((Participation.status == Attendance.CERTIFIED, 1))
    records = _per_programme(
        select(Participation.programme_id, func.count(), func.count(is_certified)).group_by(
            Participation.programme_id
        )
    )
    tallies = _per_programme(
        select(Tally.programme_id, func.sum(Tally.participants), func.sum(Tally.sessions)).group_by(
            Tally.programme_id
        )
    )
    nothing = (0, 0)
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
            records=records.get(programme.id, nothing)[0],
            tallied=tallies.get(programme.id, nothing)[0],
            certified=records.get(programme.id, nothing)[1],
            sessions=tallies.get(programme.id, nothing)[1],
            certificate=programme.certificate,
            certificate_en=programme.certificate_en or "",
            is_specialist=programme.is_specialist,
        )
        for programme in run
    ]


def _per_programme(query: Select[int, Any, Any]) -> dict[int, tuple[int, int]]:
    return {
        programme_id: (int(one or 0), int(other or 0))
        for programme_id, one, other in session().execute(query)
    }


def _count_persons(year: int) -> int:
    query = (
        select(func.count(Participation.person_id.distinct()))
        .join(Programme, Programme.id == Participation.programme_id)
        .where(Programme.year == year, Programme.status.in_(_RUN))
    )
    return session().scalar(query) or 0


def _count_linked(year: int) -> dict[str, int]:
    """By programme, the records of people who linked them with their account and let totals be told."""
    agreed = select(Consent.account_id).where(
        Consent.kind == "participation_link",
        Consent.version >= TOTALS_SINCE,
        Consent.withdrawn_at.is_(None),
    )
    query = (
        select(Programme.slug, func.count(Participation.id))
        .join(Programme, Programme.id == Participation.programme_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Programme.year == year, Programme.status.in_(_RUN))
        .where(Person.account_id.in_(agreed))
        .group_by(Programme.slug)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def sessions_by_quarter(year: int) -> list[int]:
    """Sessions of counselling in each quarter of a year. One statement."""
    quarters = [0, 0, 0, 0]
    rows = session().execute(
        select(Tally.month_on, Tally.sessions)
        .join(Programme, Programme.id == Tally.programme_id)
        .where(
            Programme.year == year,
            Programme.status.in_(_RUN),
            Programme.outcome == Outcome.COUNSELLING,
        )
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
    made, kept = (
        session()
        .execute(
            select(
                func.count(Promise.id),
                func.count(case((Promise.status == PromiseStatus.DONE, 1))),
            ).where(Promise.answer_id.in_([answer.id for answer in given]))
        )
        .one()
    )
    departments = _rates_by_department(given)
    done = select(func.count(Idea.id)).where(
        or_(Idea.id.in_(ideas), Idea.family_id.in_(families)), Idea.state == State.DONE
    )
    return {
        "ideas_shortlisted": len(elected),
        "answered": len(given),
        "answered_on_time": sum(line.on_time for line in departments),
        "ideas_done": session().scalar(done) or 0,
        "promises_made": made,
        "promises_kept": kept,
        "answers_by_department": departments,
    }


def _rates_by_department(given: Sequence[Answer]) -> list[DepartmentLine]:
    """Answers by the department that gave them, most first: together they are the year's."""
    counts: dict[str, list[int]] = {}
    for answer in given:
        line = counts.setdefault(answer.department, [0, 0])
        last = answer.extended_to or answer.due_on
        line[0] += 1
        line[1] += answer.answered_at is not None and clock.local_date(answer.answered_at) <= last
    found = [DepartmentLine(name, *numbers) for name, numbers in counts.items()]
    return sorted(found, key=lambda line: (-line.answered, line.name))


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
        select(Programme.slug, Visit.visited_on, Visit.company)
        .join(Programme, Programme.id == Visit.programme_id)
        .where(of_year)
        .order_by(Visit.id),
        select(Idea.id, Idea.state, Idea.code, Field.key, Idea.family_id)
        .join(Field, Field.id == Idea.field_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Campaign.year == year)
        .order_by(Idea.id),
        select(Programme.slug, Idea.id, Idea.state, Idea.family_id)
        .join(Programme, Programme.id == Idea.programme_id)
        .where(of_year)
        .order_by(Idea.id),
        _elected(year).order_by(RoundEntry.id),
        select(
            Answer.id, Answer.due_on, Answer.extended_to, Answer.answered_at, Answer.decision
        ).order_by(Answer.id),
        select(Promise.id, Promise.status).order_by(Promise.id),
    ):
        for row in session().execute(query):
            yield tuple(row)
    yield from sorted(_count_linked(year).items())
