"""Every figure of the year is recounted from rows: a planted record moves exactly the figures that count it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.programmes.models import Attendance, Outcome, Participation, Person, Tally
from ideas_app.reports import policy, queries
from ideas_app.reports.rules import DEFINITIONS
from tests.factories import make_campaign, make_idea, make_programme

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.people import Cast

YEAR = 2026


def figures() -> dict[str, Any]:
    found = queries.outcomes(YEAR).to_json()
    return {name: found[name] for name in DEFINITIONS}


def moved(before: dict[str, Any]) -> dict[str, int]:
    return {
        name: value - before[name] for name, value in figures().items() if value != before[name]
    }


def add_person(
    name: str, programme: Any, *more: Any, status: Attendance = Attendance.ATTENDED
) -> None:
    with transaction() as session:
        person = Person(
            name=name,
            name_key=name,
            born_on=date(2000, 1, 1),
            match_key=name,
            created_at=clock.now(),
        )
        session.add(person)
        session.flush()
        for each in (programme, *more):
            session.add(
                Participation(
                    person_id=person.id, programme_id=each.id, status=status, created_at=clock.now()
                )
            )


def test_a_year_without_anything_counts_nothing(app: Flask) -> None:
    assert set(figures().values()) == {0}


def test_one_person_in_two_programmes_is_two_participations_and_one_person(app: Flask) -> None:
    one = make_programme("one", outcome=Outcome.ATTENDANCE)
    two = make_programme("two", outcome=Outcome.VISIT)
    before = figures()
    add_person("김하나", one, two)
    assert moved(before) == {"participations": 2, "persons": 1, "company_visit_participants": 1}


def test_a_certificate_of_a_specialist_course_counts_as_specialist_and_as_kind(app: Flask) -> None:
    course = make_programme("battery", certificate="배터리성능평가사", is_specialist=True)
    before = figures()
    add_person("이둘", course, status=Attendance.CERTIFIED)
    assert moved(before) == {
        "participations": 1, "persons": 1, "certificate_kinds": 1, "specialists_certified": 1,
    }  # fmt: skip


def test_a_tally_counts_participations_and_sessions_but_no_person(app: Flask) -> None:
    counselling = make_programme("talk", outcome=Outcome.COUNSELLING)
    before = figures()
    with transaction() as session:
        session.add(
            Tally(
                programme_id=counselling.id, month_on=date(2026, 3, 1), participants=6, sessions=8
            )
        )
    assert moved(before) == {"participations": 6, "counselling_sessions": 8}


def test_a_planned_programme_is_not_counted_as_run(app: Flask) -> None:
    before = figures()
    make_programme("later", status="planned")
    assert moved(before) == {}


def test_an_idea_moves_the_ideas_and_a_changed_row_moves_the_digest(cast: Cast) -> None:
    make_programme("any")
    before, digest = figures(), queries.outcomes(YEAR).input_digest
    make_idea(cast.mina, make_campaign())
    assert moved(before) == {"ideas_submitted": 1, "ideas_published": 1}
    assert queries.outcomes(YEAR).input_digest != digest
    assert queries.outcomes(YEAR).input_digest == queries.outcomes(YEAR).input_digest


def test_every_figure_has_its_definition_in_both_languages(app: Flask) -> None:
    from ideas_app.web.i18n import speaking

    for text in DEFINITIONS.values():
        with speaking("en"):
            english = str(text)
        with speaking("ko"):
            assert str(text) != english


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_of_a_year_is_open_to_everybody(visitor: FlaskClient, lang: str) -> None:
    make_programme("one", title="가온 과정", title_en="Gaon course")
    answer = visitor.get(f"/reports/{YEAR}?lang={lang}")
    assert answer.status_code == 200
    assert ("가온 과정" if lang == "ko" else "Gaon course") in answer.text
    assert visitor.get("/reports/1999").status_code == 404


def test_the_public_page_prints_no_count_of_fewer_than_five_people(visitor: FlaskClient) -> None:
    large, small = (
        make_programme("large", title="큰 과정"),
        make_programme("small", title="작은 과정"),
    )
    for number in range(7):
        add_person(f"큰{number}", large)
    for number in range(3):
        add_person(f"작은{number}", small)
    page = visitor.get(f"/reports/{YEAR}").text
    # in the bars, and in the table as records and together: of both programmes
    assert page.count("5명 미만이거나 그 곁") == 6
    assert ">3<" not in page
    assert ">7<" not in page


def test_the_command_prints_the_figures_for_machines(app: Flask) -> None:
    import json

    make_programme("one")
    printed = app.test_cli_runner().invoke(
        args=["report", "outcomes", "--year", str(YEAR), "--json"]
    )
    assert json.loads(printed.output)["programmes"] == 1
    refused = app.test_cli_runner().invoke(args=["report", "outcomes", "--year", "1999"])
    assert refused.exit_code == 1
    assert "there are no programmes of 1999" in refused.output


@pytest.mark.parametrize("who", ["visitor", "mina", "jun"])
def test_only_staff_have_the_year_counted(cast: Cast, who: str) -> None:
    verdict = policy.may_count(getattr(cast, who))
    assert (verdict.code, verdict.sign_in) == ("not_permitted", who == "visitor")
    assert policy.may_count(cast.hyun)
