"""Rows of exports. Open rows hold nothing about a person. Must not change anything."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select

from ideas_app.accounts.models import Account
from ideas_app.answers.models import Answer
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.evaluations import queries as evaluations
from ideas_app.evaluations.rules import criteria_of
from ideas_app.ideas.models import Family, Idea
from ideas_app.ideas.policy import is_public
from ideas_app.ideas.queries import readable_clause
from ideas_app.ideas.rules import shown_number
from ideas_app.programmes.models import Programme
from ideas_app.reports import queries as reports
from ideas_app.reports.rules import DEFINITIONS, NAMES, compare_years
from ideas_app.shortlists import queries as shortlists
from ideas_app.web.i18n import localised

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from ideas_app.core.actor import Actor
    from ideas_app.evaluations.queries import Person
    from ideas_app.reports.rules import Outcomes
    from ideas_app.shortlists.models import Round, RoundEntry

CHUNK = 500
"""Rows fetched at a time: memory stays the same however many there are."""


def _day(instant: datetime | None) -> Any:
    return clock.local_date(instant) if instant else None


def _answer_cells(answer: Answer | None) -> dict[str, Any]:
    """The cells of an answer; a draft shows its due day only."""
    published = answer if answer is not None and answer.answered_at else None
    return {
        "due_on": (answer.extended_to or answer.due_on) if answer else None,
        "department": published.department if published else "",
        "answered_on": _day(published.answered_at) if published else None,
        "decision": published.decision.value if published and published.decision else "",
        "answer": published.reason if published else "",
    }


def _answer_id(row: Any) -> int:
    """By which answers of one idea are told apart; an idea without one has one row."""
    return row[4].id if row[4] else 0


def iterate_ideas(campaign: Campaign, *, working: bool) -> Iterator[dict[str, Any]]:
    """The ideas of a campaign in order of number. Open: what the public list and the codes tell, no more."""
    query = (
        select(Idea, Field, Account, Programme.title, Answer)
        .join(Field, Field.id == Idea.field_id)
        .join(Account, Account.id == Idea.author_id)
        .outerjoin(Programme, Programme.id == Idea.programme_id)
        .outerjoin(
            Answer,
            or_(
                Answer.idea_id == Idea.id,
                and_(Idea.family_id.is_not(None), Answer.family_id == Idea.family_id),
            ),
        )
        .where(Idea.campaign_id == campaign.id)
        # along the index, and by nothing else: to sort them the database would hold all of them
        .order_by(Idea.number)
        .execution_options(yield_per=CHUNK)
    )
    if not working:
        query = query.where(readable_clause())
    for _id, found in groupby(session().execute(query), key=lambda row: row[0].id):
        # it may have an answer of its own and one of its family: the first stands
        first = min(found, key=_answer_id)
        idea, field, author, programme_title, answer = first
        row = {
            "id": idea.id,
            "family_id": idea.family_id,
            "number": shown_number(campaign.year, idea.number),
            "title": idea.title,
            "why": idea.why if idea.is_listed else "",
            "how": idea.how if idea.is_listed else "",
            "published_on": _day(idea.published_at),
            "field": field,
            "supports": idea.supports_count,
            "comments": idea.comments_count,
            "state": idea.state,
            "code": idea.code,
            "submitted_on": _day(idea.submitted_at),
            "programme": programme_title or "",
            **_answer_cells(answer),
        }
        if working:
            row |= {"authors": idea.pen_name or author.nickname, "emails": author.email or ""}
        yield row


def count_ideas(campaign: Campaign, *, working: bool) -> int:
    """How many rows `iterate_ideas` will give."""
    query = select(func.count(Idea.id)).where(Idea.campaign_id == campaign.id)
    return session().scalar(query if working else query.where(readable_clause())) or 0


def iterate_shortlist(
    campaign: Campaign, round_: Round, *, working: bool
) -> Iterator[dict[str, Any]]:
    """The published shortlist of a campaign in order of election."""
    titles = {} if working else shortlists.read_page(round_).titles
    for entry in shortlists.list_elected(round_):
        everyone = _members(entry)
        # an idea that was hidden since keeps its place on the list, and nothing else
        members = [each for each in everyone if working or is_public(each[0])]
        row = {
            "project": entry.project,
            "rank": entry.final_rank,
            "kind": "family" if entry.family_id else "idea",
            "numbers": ", ".join(
                shown_number(campaign.year, idea.number) for idea, _field, _author in members
            ),
            "title": str(titles.get(entry.project, entry.title)),
            "field": everyone[0][1],
            "approvals": entry.approvals,
            "top_rank": entry.top_rank,
            "supports": _count_supporters(entry, everyone),
            "state": (members or everyone)[0][0].state,
            **_answer_cells(_find_answer(entry) if members else None),
        }
        if working:
            row |= {
                "authors": ", ".join(
                    dict.fromkeys(idea.pen_name or author.nickname for idea, _f, author in members)
                ),
                "emails": ", ".join(
                    dict.fromkeys(author.email for _i, _f, author in members if author.email)
                ),
            }
        yield row


def _members(entry: RoundEntry) -> Sequence[tuple[Idea, Field, Account]]:
    subject = Idea.id == entry.idea_id if entry.idea_id else Idea.family_id == entry.family_id
    found = session().execute(
        select(Idea, Field, Account)
        .join(Field, Field.id == Idea.field_id)
        .join(Account, Account.id == Idea.author_id)
        .where(subject)
        .order_by(Idea.number)
    )
    return [(idea, field, author) for idea, field, author in found]


def _count_supporters(entry: RoundEntry, members: Sequence[tuple[Idea, Field, Account]]) -> int:
    if entry.idea_id:
        return members[0][0].supports_count
    return session().scalar(select(Family.supports_count).where(Family.id == entry.family_id)) or 0


def _find_answer(entry: RoundEntry) -> Answer | None:
    subject = (
        Answer.idea_id == entry.idea_id if entry.idea_id else Answer.family_id == entry.family_id
    )
    return session().scalar(select(Answer).where(subject))


def iterate_evaluations(actor: Actor, campaign: Campaign) -> Iterator[dict[str, Any]]:
    """One row for each person who was asked. Cells of what this person must not see yet are empty.

    Raises `Refused` for everybody but staff.
    """
    people = list(evaluations.list_for_export(actor, campaign))
    numbers = _numbers_of(people, campaign)
    keys = [one.key for one in criteria_of(rules_of(campaign).evaluation_criteria)]
    for person in people:
        row, found = person.row, person.findings
        yield {
            "kind": "family" if row.family_id else "idea",
            "numbers": ", ".join(numbers.get((row.idea_id, row.family_id), [])),
            "title": row.title,
            "evaluator": person.name,
            "place": row.department or "",
            "asked_due": row.due_on,
            "scored_on": _day(person.scored_at),
            **{f"score:{key}": (person.scores or {}).get(key) for key in keys},
            "closed_on": _day(person.closed_at),
            "feasibility": found.feasibility if found else "",
            "cost": found.cost if found else "",
            "cost_note": found.cost_note if found else "",
            "duration": found.duration if found else "",
            "law": found.law if found else "",
            "law_note": found.law_note if found else "",
            "charge": found.department if found else "",
            "obstacles": found.obstacles if found else "",
            "why": found.reason if found else "",
        }


def _numbers_of(
    people: Iterable[Person], campaign: Campaign
) -> dict[tuple[int | None, int | None], list[str]]:
    """The numbers of the ideas and of the families' ideas, by (idea_id, family_id)."""
    ideas = {person.row.idea_id for person in people}
    families = {person.row.family_id for person in people}
    found = session().execute(
        select(Idea.id, Idea.family_id, Idea.number)
        .where(or_(Idea.id.in_(ideas - {None}), Idea.family_id.in_(families - {None})))
        .order_by(Idea.number)
    )
    numbers: dict[tuple[int | None, int | None], list[str]] = {}
    for idea_id, family_id, number in found:
        shown = shown_number(campaign.year, number)
        numbers.setdefault((idea_id, None), []).append(shown)
        if family_id is not None:
            numbers.setdefault((None, family_id), []).append(shown)
    return numbers


def iterate_ballots(round_: Round) -> Iterator[dict[str, Any]]:
    """What stood in a published round, elected entries first, then by votes."""
    titles = shortlists.read_page(round_).titles
    entries = sorted(
        round_.entries,
        key=lambda one: (one.final_rank is None, one.final_rank or 0, -one.approvals, one.id),
    )
    for entry in entries:
        yield {
            "place": entry.final_rank,
            "project": entry.project,
            "title": str(titles.get(entry.project, entry.title)),
            "approvals": entry.approvals,
            "share": round(entry.approvals / (round_.ballots or 1) * 100, 1),
            "top_rank": entry.top_rank,
        }


def iterate_participation(year: int) -> Iterator[dict[str, Any]]:
    """The programmes of a year with their counts: no row is about a person, no count about fewer than 5,
    nor one from which such a count follows.
    """
    found = reports.outcomes(year)
    for line in found.per_programme:
        yield {
            "title": localised(line, "title"),
            "category": line.category,
            "participations": found.public_cell("programme", line.slug),
            "records": found.public_cell("records", line.slug),
            "tallied": found.public_cell("tallied", line.slug),
            "certified": found.public_cell("certified", line.slug),
            "sessions": found.public_cell("sessions", line.slug),
        }


def iterate_report(year: int) -> Iterator[dict[str, Any]]:
    """The figures of a year with their definitions beside the year before, then each table of the
    report: nothing that its page would not print.
    """
    found, before = reports.outcomes(year), reports.find_outcomes(year - 1)
    for each in compare_years(found, before):
        yield _report_row(
            _("The year in figures"),
            str(NAMES[each.name]),
            each.now,
            before=each.before,
            difference=each.difference,
            definition=str(DEFINITIONS[each.name]),
        )
    for line in found.per_programme:
        number = found.public_cell("programme", line.slug)
        yield _report_row(_("Participations by programme"), localised(line, "title"), number)
    for kind in found.certificates:
        number = found.public_cell("kind", kind.name)
        yield _report_row(_("Certificates by kind"), localised(kind, "name"), number)
    for number_, name in enumerate((_("Q1"), _("Q2"), _("Q3"), _("Q4")), start=1):
        number = found.public_cell("quarter", str(number_))
        yield _report_row(_("Counselling sessions by quarter"), name, number)
    yield from _report_ways(found)
    yield from _report_ideas(found)
    for department in found.answers_by_department:
        name = department.name or _("not named")
        part = _("Official answers by department")
        yield _report_row(part, f"{name} · {_('Answered')}", department.answered)
        yield _report_row(part, f"{name} · {_('In time')}", department.on_time)


def _report_ways(found: Outcomes) -> Iterator[dict[str, Any]]:
    part = _("What grew out of programmes")
    for line in found.ways:
        title = localised(line, "title")
        yield _report_row(part, f"{title} · {_('Linked')}", found.public_cell("linked", line.slug))
        steps = (
            (_("Ideas"), line.ideas),
            (_("Published"), line.published),
            (_("On the ballot"), line.on_ballot),
            (_("Shortlisted"), line.shortlisted),
            (_("Answered"), line.answered),
            (_("Taken up"), line.adopted),
            (_("Promises made"), line.promises_made),
            (_("Promises kept"), line.promises_kept),
        )
        for name, number in steps:
            yield _report_row(part, f"{title} · {name}", number)


def _report_ideas(found: Outcomes) -> Iterator[dict[str, Any]]:
    for line in found.ideas_by_field:
        steps = (
            (_("Submitted"), line.submitted),
            (_("Published"), line.published),
            (_("On the ballot"), line.on_ballot),
            (_("Shortlisted"), line.shortlisted),
            (_("Answered"), line.answered),
            (_("Done"), line.done),
        )
        for name, number in steps:
            yield _report_row(_("Ideas by field"), f"{localised(line, 'name')} · {name}", number)


def _report_row(
    part: str,
    name: str,
    value: int | None,
    *,
    before: int | None = None,
    difference: int | None = None,
    definition: str = "",
) -> dict[str, Any]:
    return {
        "part": part,
        "name": name,
        "value": value,
        "before": before,
        "difference": difference,
        "definition": definition,
    }
