"""Figures and lists of programmes: exact, masked, with a fixed number of statements."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import is_sqlite, transaction
from ideas_app.core.errors import NotFound
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import Attendance, Outcome
from ideas_app.programmes.queries import Figures
from tests.factories import make_programme
from tests.programmes.scenes import csv_of, import_
from tests.statements import statements


@pytest.mark.parametrize(
    ("records", "certified", "shown"),
    [(38, 38, 38), (120, 96, 96), (38, 36, None), (4, 4, None), (40, 3, None), (40, 0, None)],
)
def test_certificates_are_shown_only_where_both_sides_are_five_or_none(records, certified, shown):
    assert Figures(records=records, certified=certified).public_certified == shown


@pytest.mark.parametrize(("number", "shown"), [(0, None), (4, None), (5, 5), (120, 120)])
def test_fewer_than_five_participations_are_not_shown(number, shown):
    assert Figures(records=number).public_participations == shown
    assert Figures(tallied=number).public_participations == shown


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([26, 23, 13], [26, 23, 13]),
        ([26, 23, 3], [26, None, None]),
        ([26, 4, 3], [26, None, None]),
        ([3], [None]),
        ([3, 0], [None, 0]),
        ([], []),
    ],
)
def test_a_small_part_is_not_betrayed_by_the_total(parts, shown):
    assert queries.suppressed(parts) == shown


def test_figures_count_participations_and_persons_apart(app):
    first, second = make_programme("one", year=2025), make_programme("two", year=2025)
    import_(first, csv_of(8, certified="Y"))
    import_(first, csv_of(3, cohort="2기"))
    import_(second, csv_of(10))
    with transaction():
        service.record_tally(
            SYSTEM, queries.get_programme("two"), None, date(2025, 3, 1), participants=6, sessions=2
        )
    figures = queries.figures_of([first.id, second.id])
    assert figures[first.id] == Figures(11, 0, 8, 11, 8, 0)
    assert figures[second.id].participations == 16
    year = queries.year_figures(2025)
    assert (year.programmes, year.participations, year.persons) == (2, 27, 10)
    assert queries.list_cohorts(first.id) == [("1기", 8, 8), ("2기", 3, 0)]


def test_planned_programmes_do_not_count_in_a_year(app):
    make_programme("one", year=2026, status="planned")
    assert queries.year_figures(2026).programmes == 0


def test_counselling_meetings_are_those_of_counselling_alone(app):
    for slug, outcome in (("talk", Outcome.COUNSELLING), ("club", Outcome.ATTENDANCE)):
        make_programme(slug, year=2025, outcome=outcome)
        with transaction():
            service.record_tally(
                SYSTEM,
                queries.get_programme(slug),
                None,
                date(2025, 3, 1),
                participants=5,
                sessions=7,
            )
    assert queries.year_figures(2025).counselling_sessions == 7


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_of_a_year_costs_the_same_whatever_its_length(app, count):
    for number in range(count):
        make_programme(f"p-{number}", year=2025)
    with statements() as sent:
        found = queries.list_programmes(2025)
        queries.figures_of(each.id for each in found)
    assert len(found) == count
    assert len([each for each in sent if each.lstrip().startswith("SELECT")]) == 5


@pytest.mark.parametrize("count", [5, 60])
def test_an_import_asks_the_same_few_questions_whatever_its_length(app, count):
    programme = make_programme()
    import_(programme, csv_of(3))
    with statements() as sent:
        import_(programme, csv_of(count))
    asked = [each for each in sent if each.lstrip().startswith("SELECT")]
    # the index of search asks once more on PostgreSQL
    assert len(asked) <= 11


def test_an_import_stores_and_changes_many_rows_a_statement(app):
    if is_sqlite():
        pytest.skip("SQLite moves the stamp of the records with each row, in place")
    programme = make_programme()
    with statements(singly=True) as sent:
        import_(programme, csv_of(9))
        import_(programme, csv_of(9, certified="Y", email="new@example.org"))
    assert sent == []


def test_participants_are_paged_and_masked(app):
    programme = make_programme()
    import_(programme, csv_of(7))
    first = queries.list_participants(programme.id, limit=4)
    second = queries.list_participants(programme.id, after=first.next, limit=4)
    assert (len(first), len(second), second.next) == (4, 3, None)
    assert not {line.id for line in first} & {line.id for line in second}
    assert all("*" in line.name and "*" in line.phone for line in (*first, *second))


def test_an_unknown_programme_or_import_is_not_found(app):
    for ask in (
        lambda: queries.get_programme("none"),
        lambda: queries.get_by_id(1),
        lambda: queries.get_import(1),
    ):
        with pytest.raises(NotFound):
            ask()


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("import"), st.integers(1, 12)),
        st.tuples(st.just("undo"), st.just(0)),
        st.tuples(st.just("tally"), st.integers(0, 9)),
    ),
    max_size=8,
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_STEPS)
def test_counters_equal_their_rows_after_any_story(app, steps):
    programme = queries.find_programme("story") or make_programme("story")
    for kind, number in steps:
        if kind == "import":
            import_(programme, csv_of(number))
        elif kind == "tally":
            with transaction():
                service.record_tally(
                    SYSTEM,
                    queries.get_programme("story"),
                    None,
                    date(2025, 1 + number % 3, 1),
                    participants=number,
                )
        else:
            standing = [row for row in queries.list_imports(programme.id) if row.is_newest]
            for row in standing:
                with transaction():
                    service.undo_import(SYSTEM, queries.get_import(row.done.id), "story")
        assert queries.find_wrong_counters() == []


def test_a_cohort_named_like_a_status_stays_a_word_and_the_status_a_status(app):
    programme = make_programme()
    import_(programme, csv_of(2, certified="Y", cohort="certified"))
    names, phones = ["김가가", "이가가"], ["01010000000", "01010000001"]
    records = [
        record
        for each in queries.list_known(programme.id, names, phones)
        for record in each.records
    ]
    assert [(record.cohort, record.status) for record in records] == [
        ("certified", Attendance.CERTIFIED)
    ] * 2
    assert {type(record.status) for record in records} == {Attendance}
    assert {type(record.cohort) for record in records} == {str}
