"""One planted record of each kind moves exactly the figures that count it, everywhere they are printed."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ideas_app.accounts.models import Consent
from ideas_app.answers.models import Answer, Decision, Promise, PromiseStatus
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
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
from ideas_app.reports import queries, service
from ideas_app.reports.rules import DEFINITIONS
from ideas_app.shortlists.models import Round, RoundEntry, RoundState, Source
from ideas_app.votes.models import Ballot, BallotEntry, Support
from tests.factories import make_campaign, make_idea, make_programme

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

YEAR = 2026


class City:
    """What the planted records hang on."""

    def __init__(self, cast: Cast) -> None:
        campaign = make_campaign()
        self.cast = cast
        self.campaign_id = campaign.id
        self.idea_id = make_idea(cast.mina, campaign, state=State.SHORTLISTED).id
        self.course_id = make_programme(
            "course", certificate="배터리성능평가사", is_specialist=True, category="자격"
        ).id
        self.visit_id = make_programme("visit", outcome=Outcome.VISIT, category="탐방").id
        self.talk_id = make_programme("talk", outcome=Outcome.COUNSELLING, category="상담").id
        self.put(
            Person(
                name="김하나",
                name_key="김하나",
                match_key="a",
                created_at=clock.now(),
                born_on=date(2000, 1, 1),
                neighbourhood="수송동",
            )
        )
        self.person_id = session().query(Person.id).scalar()
        self.put(
            Round(
                campaign_id=self.campaign_id,
                lot="lot",
                seats=3,
                rule="mes",
                completion="none",
                source=Source.BALLOT,
                min_approval_percent=0,
                incompatible=[],
                digest="0" * 64,
                state=RoundState.PUBLISHED,
                snapshot="",
                ballots=0,
                empty=0,
                result={},
                computed_at=clock.now(),
                published_at=clock.now(),
            )
        )
        self.round_id = session().query(Round.id).scalar()

    def put(self, row: Any) -> Any:
        with transaction() as current:
            current.add(row)
            current.flush()
            return row.id

    def elect(self) -> None:
        self.put(
            RoundEntry(
                round_id=self.round_id,
                tie_position=0,
                project="i1",
                idea_id=self.idea_id,
                title="제안",
                approvals=3,
                rank=1,
                final_rank=1,
                top_rank=1,
            )
        )

    def answer(self, **more: Any) -> int:
        self.elect()
        values: dict[str, Any] = {
            "received_on": date(2026, 3, 2),
            "due_on": date(2026, 3, 20),
            "decision": Decision.ADOPTED,
            "answered_at": clock.day_start(date(2026, 3, 10)),
            "department": "교통행정과",
            **more,
        }
        return int(self.put(Answer(idea_id=self.idea_id, **values)))

    def promise(self, status: PromiseStatus) -> None:
        self.put(
            Promise(
                answer_id=self.answer(),
                text="한 대 더",
                due_on=date(2026, 5, 1),
                status=status,
                made_at=clock.now(),
            )
        )

    def join(self, programme_id: int, status: Attendance = Attendance.ATTENDED) -> None:
        self.put(
            Participation(
                person_id=self.person_id,
                programme_id=programme_id,
                status=status,
                created_at=clock.now(),
            )
        )

    def tally(self, participants: int, sessions: int) -> None:
        self.put(
            Tally(
                programme_id=self.talk_id,
                month_on=date(2026, 3, 1),
                participants=participants,
                sessions=sessions,
            )
        )


def mark_done(city: City) -> None:
    city.answer()
    with transaction() as current:
        current.get_one(Idea, city.idea_id).state = State.DONE


def link(city: City, *, version: int = 2, withdrawn: bool = False) -> None:
    city.join(city.course_id)
    with transaction() as current:
        current.get_one(Person, city.person_id).account_id = city.cast.jun.id
        current.add(
            Consent(
                account_id=city.cast.jun.id,
                kind="participation_link",
                version=version,
                given_at=clock.now(),
                withdrawn_at=clock.now() if withdrawn else None,
            )
        )


def name_programme(city: City) -> None:
    with transaction() as current:
        current.get_one(Idea, city.idea_id).programme_id = city.course_id


def adopt_named(city: City) -> None:
    name_programme(city)
    city.answer()


ANSWERED = {"ideas_shortlisted": 1, "answered": 1}
PLANTED: dict[str, tuple[Callable[[City], Any], dict[str, int]]] = {
    "programme": (lambda city: make_programme("more"), {"programmes": 1}),
    "planned": (lambda city: make_programme("later", status="planned"), {}),
    "record": (lambda city: city.join(city.course_id), {"participations": 1, "persons": 1}),
    "certificate": (
        lambda city: city.join(city.course_id, Attendance.CERTIFIED),
        {"participations": 1, "persons": 1, "certificate_kinds": 1, "specialists_certified": 1},
    ),
    "visitor": (
        lambda city: city.join(city.visit_id),
        {"participations": 1, "persons": 1, "company_visit_participants": 1},
    ),
    "visit": (
        lambda city: city.put(
            Visit(programme_id=city.visit_id, company="현대자동차", visited_on=date(2026, 5, 1))
        ),
        {"visits": 1},
    ),
    "tally": (lambda city: city.tally(6, 8), {"participations": 6, "counselling_sessions": 8}),
    "idea": (
        lambda city: make_idea(city.cast.jun, make_campaign("second"), state=State.SUBMITTED),
        {"ideas_submitted": 1},
    ),
    "published idea": (
        lambda city: make_idea(city.cast.jun, make_campaign("second")),
        {"ideas_submitted": 1, "ideas_published": 1},
    ),
    "entry": (
        lambda city: city.put(
            BallotEntry(
                campaign_id=city.campaign_id, idea_id=city.idea_id, title="제안", summary="줄"
            )
        ),
        {"ideas_on_ballot": 1},
    ),
    "ballot": (
        lambda city: city.put(
            Ballot(
                campaign_id=city.campaign_id,
                pseudonym="0" * 32,
                opened_at=clock.now(),
                cast_at=clock.now(),
            )
        ),
        {"ballots_cast": 1},
    ),
    "open ballot": (
        lambda city: city.put(
            Ballot(campaign_id=city.campaign_id, pseudonym="0" * 32, opened_at=clock.now())
        ),
        {},
    ),
    "elected": (City.elect, {"ideas_shortlisted": 1}),
    "answer in time": (City.answer, {**ANSWERED, "answered_on_time": 1}),
    "late answer": (
        lambda city: city.answer(answered_at=clock.day_start(date(2026, 3, 23))),
        ANSWERED,
    ),
    "extended answer": (
        lambda city: city.answer(
            answered_at=clock.day_start(date(2026, 3, 23)), extended_to=date(2026, 4, 1)
        ),
        {**ANSWERED, "answered_on_time": 1},
    ),
    "draft": (lambda city: city.answer(answered_at=None), {"ideas_shortlisted": 1}),
    "promise": (
        lambda city: city.promise(PromiseStatus.OPEN),
        {**ANSWERED, "answered_on_time": 1, "promises_made": 1},
    ),
    "kept promise": (
        lambda city: city.promise(PromiseStatus.DONE),
        {**ANSWERED, "answered_on_time": 1, "promises_made": 1, "promises_kept": 1},
    ),
    "linked record": (link, {"participations": 1, "persons": 1, "participations_linked": 1}),
    "linked before totals": (
        lambda city: link(city, version=1),
        {"participations": 1, "persons": 1},
    ),
    "link withdrawn": (
        lambda city: link(city, withdrawn=True),
        {"participations": 1, "persons": 1},
    ),
    "named programme": (name_programme, {"ideas_from_programmes": 1}),
    "adopted from a programme": (
        adopt_named,
        {
            **ANSWERED,
            "answered_on_time": 1,
            "ideas_from_programmes": 1,
            "adopted_from_programmes": 1,
        },
    ),
    "done": (mark_done, {**ANSWERED, "answered_on_time": 1, "ideas_done": 1}),
}


def figures() -> dict[str, int]:
    found = queries.outcomes(YEAR)
    return {name: getattr(found, name) for name in DEFINITIONS}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_record_moves_exactly_the_figures_that_count_it(cast: Cast, kind: str) -> None:
    city = City(cast)
    plant, expected = PLANTED[kind]
    before, digest = figures(), queries.outcomes(YEAR).input_digest
    queries.abstract_of(YEAR)  # what it keeps must not be told after the change
    plant(city)
    now = figures()
    moved = {name: now[name] - before[name] for name in now if now[name] != before[name]}
    assert moved == expected
    if expected.keys() - {"ideas_on_ballot", "ballots_cast"}:
        assert queries.outcomes(YEAR).input_digest != digest
    abstract = queries.abstract_of(YEAR)
    for figure in {each.name for each in fields(abstract)} & DEFINITIONS.keys():
        # handed out here is what everybody may read, not the count itself
        assert getattr(abstract, figure) == queries.outcomes(YEAR).public(figure), figure


def test_every_figure_is_moved_by_some_record() -> None:
    assert {name for _plant, expected in PLANTED.values() for name in expected} == set(DEFINITIONS)


def test_every_table_of_the_report_and_of_the_statistics_counts_the_planted_rows(
    cast: Cast,
) -> None:
    city = City(cast)
    mark_done(city)
    city.tally(6, 8)
    with transaction() as current:
        current.add(
            Support(
                idea_id=city.idea_id,
                account_id=cast.jun.id,
                given_at=clock.day_start(date(2026, 7, 4)),
            )
        )
        for number in range(8):
            person = Person(
                name="이",
                name_key="이",
                match_key=f"m{number}",
                created_at=clock.now(),
                born_on=date(2000, 1, 1),
                neighbourhood="수송동",
            )
            current.add(person)
            current.flush()
            current.add(
                Participation(
                    person_id=person.id,
                    programme_id=city.course_id,
                    status=Attendance.CERTIFIED,
                    created_at=clock.now(),
                )
            )
    found = queries.outcomes(YEAR)
    assert [(one.name, one.certified) for one in found.certificates] == [("배터리성능평가사", 8)]
    assert found.sessions_by_quarter == [8, 0, 0, 0]
    field = found.ideas_by_field[0]
    assert (field.submitted, field.published, field.shortlisted, field.answered, field.done) == (
        1,
        1,
        1,
        1,
        1,
    )
    assert [(one.name, one.answered, one.on_time) for one in found.answers_by_department] == [
        ("교통행정과", 1, 1)
    ]
    tables = {table.name: dict(table.rows) for table in queries.list_tables(found)}
    assert tables["category"]["자격"] == (8, 0, 8)
    assert tables["category"]["상담"] == (0, 6, 6)
    assert tables["category"][""] == (8, 6, 14)
    assert tables["age"]["자격"] == (0, 0, 8, 0, 0, 0, 0, 8)
    assert tables["place"] == {"수송동": (8,), "": (8,)}
    assert tables["month"]["07"] == (None,)
    assert tables["month"]["08"] == (0,)
    assert sum(tables["state"][""][:-1]) == tables["state"][""][-1] == 1


def test_the_statistics_are_open_to_everybody_and_the_file_has_the_same_cells(
    cast: Cast, visitor: FlaskClient
) -> None:
    assert "아직 통계가 없어요" in visitor.get("/statistics").text
    city = City(cast)
    city.join(city.course_id)
    page = visitor.get("/statistics").text
    assert "분류별 참여" in page
    assert page.count("밝히지 않음") > 2
    rows = list(
        csv.DictReader(io.StringIO(visitor.get(f"/statistics/{YEAR}.csv").data.decode("utf-8-sig")))
    )
    assert list(rows[0])[-1] == "데이터기준일자"
    hidden = [row for row in rows if row["가림여부"] == "Y"]
    assert hidden
    assert all(row["값"] == "" for row in hidden)
    assert page.count("밝히지 않음") == len(hidden)
    assert visitor.get("/statistics/1999.csv").status_code == 404


def test_a_count_is_kept_when_a_figure_moved_and_says_which_and_by_how_much(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient], visitor: FlaskClient
) -> None:
    city = City(cast)
    hyun = browser_of(cast.hyun)
    assert "아직 세지 않았습니다" in hyun.get("/reports/desk").text
    assert hyun.post(f"/reports/{YEAR}/count").status_code == 303
    assert hyun.post(f"/reports/{YEAR}/count").status_code == 303
    assert len(queries.list_runs(YEAR)) == 1
    city.tally(6, 8)
    service.record_count(SYSTEM, YEAR)
    newest, oldest = queries.list_changes(queries.list_runs(YEAR))
    assert [(one.name, one.was, one.now) for one in newest[1]] == [
        ("participations", 0, 6),
        ("counselling_sessions", 0, 8),
    ]
    assert oldest[1] == []
    assert "0 → 6 (+6)" in hyun.get(f"/reports/desk?year={YEAR}").text
    assert "0 → 6 (+6)" in visitor.get(f"/reports/{YEAR}").text
    assert browser_of(cast.mina).get("/reports/desk").status_code == 403
    assert browser_of(cast.mina).post(f"/reports/{YEAR}/count").status_code == 403


def test_a_change_of_records_without_a_change_of_figures_keeps_one_line(cast: Cast) -> None:
    city = City(cast)
    with transaction():
        first = service.record_count(SYSTEM, YEAR).digest
    with transaction() as current:
        current.get_one(Programme, city.course_id).status = "open"
        second = service.record_count(SYSTEM, YEAR).digest
    assert first != second
    assert [run.digest for run in queries.list_runs(YEAR)] == [second]


def test_charts_are_drawn_by_the_worker_and_shown_only_for_the_records_they_were_drawn_of(
    cast: Cast, visitor: FlaskClient
) -> None:
    city = City(cast)
    city.tally(6, 8)
    service.record_count(SYSTEM, YEAR)
    undrawn = visitor.get(f"/reports/{YEAR}")
    assert undrawn.status_code == 200
    assert "c-chart" not in undrawn.text
    outbox.drain()
    assert 'class="c-chart"' in visitor.get(f"/reports/{YEAR}").text
    make_programme("more")
    assert "c-chart" not in visitor.get(f"/reports/{YEAR}").text
