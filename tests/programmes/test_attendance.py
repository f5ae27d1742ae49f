"""Columns of meetings in a roster: which meeting each means, and whose presence its marks add or take back."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ideas_app.audit.models import AuditEntry
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid, Refused
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import Meeting, Participation, Presence
from ideas_app.programmes.queries import find_wrong_counters
from ideas_app.programmes.rules.attendance import MeetingPlanner, StoredMeeting
from ideas_app.programmes.rules.issues import Unreadable
from ideas_app.programmes.rules.sessions import (
    SessionColumn,
    find_sessions,
    read_session_mark,
    read_title,
    write_title,
)
from ideas_app.programmes.service import RosterRefused
from tests.adapters.workbooks import as_csv, make_xlsx
from tests.factories import make_programme
from tests.programmes.scenes import import_, name_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

TITLES = ("성명", "생년월일", "연락처")
MARCH_5, MARCH_12 = date(2026, 3, 5), date(2026, 3, 12)


def person(number: int, *marks: Any) -> tuple[Any, ...]:
    return (name_of(number), f"199{number % 10}-03-01", f"010-0000-{number:04}", *marks)


def sheet(*lines: tuple[Any, ...]) -> bytes:
    return as_csv(list(lines), encoding="utf-8")


def ticks() -> dict[int, set[str]]:
    """Who was at the meeting of each number."""
    from ideas_app.programmes.models import Person

    found: dict[int, set[str]] = {}
    rows = session().execute(
        select(Meeting.number, Person.name)
        .join(Presence, Presence.meeting_id == Meeting.id)
        .join(Participation, Participation.id == Presence.participation_id)
        .join(Person, Person.id == Participation.person_id)
    )
    for number, name in rows:
        found.setdefault(number, set()).add(name)
    return found


# ---- titles and marks ----


@pytest.mark.parametrize(
    ("title", "number", "day", "minutes"),
    [
        ("1회", 1, None, None),
        ("제2회차", 2, None, None),
        ("3차시(2시간)", 3, None, 120),
        ("Session 4", 4, None, None),
        ("3/5", None, MARCH_5, None),
        ("3. 5.(목)", None, MARCH_5, None),
        ("3월 5일 출석", None, MARCH_5, None),
        ("2026-03-05", None, MARCH_5, None),
        ("'26.03.05", None, MARCH_5, None),
        ("1회(3/5) 14:00~16:30", 1, MARCH_5, 150),
        ("1회 (2026-03-05, 90분)", 1, MARCH_5, 90),
        ("2강 1시간 30분", 2, None, 90),
        ("비고", None, None, None),
        ("13/45", None, None, None),
        ("010-1234-5678", None, None, None),
    ],
)
def test_a_title_says_number_day_and_length(
    title: str, number: int | None, day: date | None, minutes: int | None
) -> None:
    said = read_title(title, year=2026)
    assert (said.number, said.held_on, said.minutes) == (number, day, minutes)


@settings(max_examples=50)
@given(
    st.integers(1, 200),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.none() | st.integers(1, 1440),
    st.sampled_from(["ko", "en"]),
)
def test_a_title_that_is_written_is_read_back(
    number: int, held_on: date, minutes: int | None, lang: str
) -> None:
    said = read_title(write_title(number, held_on, minutes, lang=lang), year=1999)
    assert (said.number, said.held_on, said.minutes, said.topic) == (number, held_on, minutes, "")


@pytest.mark.parametrize(
    "mark", ["O", "ㅇ", "○", "출석", "지각", "조퇴", "✓", "V", 1, "1", "Y", "△"]
)
def test_marks_of_those_who_were_there(mark: Any) -> None:
    assert read_session_mark(mark) is True


@pytest.mark.parametrize("mark", ["X", "×", "결석", "결", "공결", 0, "N", "불참"])
def test_marks_of_those_who_were_not(mark: Any) -> None:
    assert read_session_mark(mark) is False


@pytest.mark.parametrize("mark", [None, "", " ", "-"])
def test_a_blank_says_nothing(mark: Any) -> None:
    assert read_session_mark(mark) is None


def test_any_other_mark_is_none() -> None:
    with pytest.raises(Unreadable):
        read_session_mark("?")


def test_a_column_with_other_words_needs_marks_below_it() -> None:
    titles = ("성명", "1차 면접", "1회 오리엔테이션")
    found = find_sessions(titles, used={0}, year=2026, looks_marked=lambda place: place == 2)
    assert [(each.place, each.number, each.topic) for each in found] == [(2, 1, "오리엔테이션")]


def test_bare_numbers_are_meetings_only_where_they_run_from_one() -> None:
    def numbers(*titles: str) -> list[int | None]:
        found = find_sessions(titles, used=(), year=2026, looks_marked=lambda _place: True)
        return [each.number for each in found]

    assert numbers("1", "2", "3") == [1, 2, 3]
    assert numbers("7", "9") == []
    assert numbers("1") == []


def test_the_day_finds_a_meeting_and_a_number_only_where_there_is_no_day() -> None:
    stored = [StoredMeeting(7, 1, MARCH_5), StoredMeeting(8, 2, MARCH_12)]
    planner = MeetingPlanner(stored, first_on=None)
    planner.place_all([SessionColumn(3, "3/12", None, MARCH_12), SessionColumn(4, "1회", 1, None)])
    assert [each.meeting_id for each in planner.meetings] == [8, 7]
    planner.place_all([SessionColumn(5, "2회 3/19", 2, date(2026, 3, 19))])
    assert (planner.meetings[-1].meeting_id, planner.meetings[-1].number) == (None, 3)
    assert [each.code for each in planner.notices] == ["session_renumbered"]


# ---- importing ----


def test_a_roster_with_days_makes_the_meetings_and_notes_who_was_there(cast: Cast) -> None:
    programme = make_programme()
    report = import_(
        programme,
        sheet(
            (*TITLES, "3/5(2시간)", "3/12 출석"),
            person(1, "O", "지각"),
            person(2, "X", "✓"),
            person(3, "결석", "0"),
        ),
    )
    assert report.errors == ()
    assert (report.records_new, report.presences_new) == (2, 3)
    assert [each.code for each in report.skipped] == ["absent"]
    assert ticks() == {1: {name_of(1)}, 2: {name_of(1), name_of(2)}}
    [(first, _here), (second, _more)] = queries.list_meetings(programme.id)
    assert (first.held_on, first.minutes) == (MARCH_5, 120)
    assert (second.held_on, second.minutes) == (MARCH_12, None)
    ids = [line.id for line in queries.list_participants(programme.id)]
    assert queries.sum_minutes_of(ids) == {ids[0]: 120}


def test_the_preview_shows_each_meeting_before_and_after_and_stores_nothing(cast: Cast) -> None:
    programme = make_programme()
    report = import_(programme, sheet((*TITLES, "1회 3/5"), person(1, "O")), dry_run=True)
    [line] = report.meetings
    assert (line.number, line.held_on, line.before, line.after, line.is_new) == (
        1,
        MARCH_5,
        0,
        1,
        True,
    )
    figures = {each.code: (each.before, each.after) for each in report.figures}
    assert figures["presences"] == (0, 1)
    assert queries.list_meetings(programme.id) == []


def test_the_same_roster_again_changes_nothing_and_undoing_a_change_restores_all(
    cast: Cast,
) -> None:
    programme = make_programme()
    first = sheet((*TITLES, "1회 3/5", "2회 3/12"), person(1, "O", "O"), person(2, "O", ""))
    import_(programme, first)
    assert import_(programme, first).import_id is None
    before = session().execute(select(Presence.noted_at, Presence.participation_id)).all()
    second = sheet(
        (*TITLES, "1회 3/5 2h", "2회 3/12", "3회 3/19"),
        person(1, "X", "O", "O"),
        person(2, "", "O", ""),
        person(3, "O", "O", "O"),
    )
    report = import_(programme, second)
    assert (report.presences_new, report.presences_gone) == (5, 1)
    assert ticks()[1] == {name_of(2), name_of(3)}
    with transaction():
        done = queries.get_import(report.import_id or 0)
        service.undo_import(cast.sora, done, "잘못된 파일")
    after = session().execute(select(Presence.noted_at, Presence.participation_id)).all()
    assert sorted(after) == sorted(before)
    [(one, _here), (two, _more)] = queries.list_meetings(programme.id)
    assert (one.minutes, two.minutes) == (None, None)
    assert find_wrong_counters() == []


def test_an_undo_keeps_a_made_meeting_at_which_somebody_was_noted_since(cast: Cast) -> None:
    programme = make_programme()
    import_(programme, sheet(TITLES, person(1)))
    report = import_(programme, sheet((*TITLES, "3/5"), person(1, "X"), person(2, "O")))
    [(meeting, _here)] = queries.list_meetings(programme.id)
    [line] = [each.id for each in queries.list_participants(programme.id)][:1]
    with transaction():
        service.mark_present(queries.get_meeting(meeting.id), line, by_code=True)
    with transaction():
        service.undo_import(cast.sora, queries.get_import(report.import_id or 0), "취소")
    assert ticks() == {1: {name_of(1)}}


def test_an_unknown_mark_names_row_column_and_what_is_allowed(cast: Cast) -> None:
    programme = make_programme()
    with pytest.raises(RosterRefused) as refused:
        import_(programme, sheet((*TITLES, "1회 3/5", "2회 3/12"), person(1, "O", "몰라")))
    [line] = refused.value.report.lines
    assert (line.row, line.column, line.value) == (2, "2회 3/12", "몰라")
    assert "결석" in str(line.message)
    assert queries.list_meetings(programme.id) == []


def test_two_lines_of_titles_are_read_as_one(cast: Cast) -> None:
    programme = make_programme()
    rows: list[tuple[Any, ...]] = [
        ("출석부", None, None, None, None),
        ("성명", "생년월일", "연락처", "출석", None),
        (None, None, None, date(2026, 3, 5), date(2026, 3, 12)),
        person(1, "O", "X"),
        person(2, None, "O"),
    ]
    report = import_(programme, make_xlsx({"명단": rows}), name="출석부.xlsx")
    assert report.errors == ()
    assert ticks() == {1: {name_of(1)}, 2: {name_of(2)}}


def test_numbers_without_a_day_use_the_programmes_first_day_and_say_so(cast: Cast) -> None:
    programme = make_programme(starts_on=MARCH_5)
    report = import_(programme, sheet((*TITLES, 1, 2), person(1, "O", "X")))
    assert {each.code for each in report.notices} == {"session_on_first_day"}
    assert [each.held_on for each, _here in queries.list_meetings(programme.id)] == [MARCH_5] * 2
    other = make_programme("no-day")
    with pytest.raises(RosterRefused) as refused:
        import_(other, sheet((*TITLES, "1회"), person(1, "O")))
    assert [each.code for each in refused.value.report.errors] == ["session_without_day"]


def test_two_columns_of_one_meeting_are_an_error(cast: Cast) -> None:
    programme = make_programme()
    with pytest.raises(RosterRefused) as refused:
        import_(programme, sheet((*TITLES, "3/5", "2026-03-05"), person(1, "O", "X")))
    assert [each.code for each in refused.value.report.errors] == ["session_twice"]


def test_a_column_can_be_chosen_and_left_out_by_hand(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    programme = make_programme()
    slug = programme.slug
    sora = browser_of(cast.sora)
    data = sheet((*TITLES, "3/5", "온 날"), person(1, "X", "O"))
    sent = sora.post(f"/rosters/{slug}", data={"file": (io.BytesIO(data), "명단.csv")})
    page = sora.get(sent.location).get_data(as_text=True)
    assert '<option value="session" selected>' in page
    chosen = {"column-0": "name", "column-1": "birth_on", "column-2": "phone"}
    sora.post(sent.location, data={**chosen, "column-3": "", "column-4": "session"})
    page = sora.get(sent.location).get_data(as_text=True)
    assert "온 날" in page
    assert page.count('<option value="session" selected>') == 1


# ---- the list as a file ----


def test_the_attendance_list_comes_back_without_a_change(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    programme = make_programme()
    slug = programme.slug
    import_(
        programme,
        sheet((*TITLES, "1회 3/5 2h", "2회 3/12"), person(1, "O", "X"), person(2, "X", "O")),
    )
    import_(programme, sheet(TITLES, person(3)))
    sora = browser_of(cast.sora)
    place = f"/rosters/{slug}/attendance"
    assert sora.post(place, data={"purpose": " "}).status_code == 422
    got = sora.post(place, data={"purpose": "정산"})
    assert got.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(got.data))
    about, data = book.worksheets
    assert any("정산" in str(cell) for row in about.values for cell in row)
    assert next(iter(data.values))[4:] == ("1회 (2026-03-05, 120분)", "2회 (2026-03-12)")
    assert [row[4:] for row in list(data.values)[1:]] == [("O", "X"), ("X", "O"), ("X", "X")]
    entry = session().scalars(select(AuditEntry).where(AuditEntry.tag == "export:made")).one()
    assert entry.reason == "정산"
    again = import_(slug, got.data, name="출석부.xlsx")
    assert again.errors == ()
    assert (again.records_same, again.import_id) == (3, None)
    lang = sora.post(f"{place}?lang=en", data={"purpose": "audit"})
    assert import_(slug, lang.data, name="list.xlsx").import_id is None


def test_strangers_take_no_attendance_list(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    slug = make_programme().slug
    place = f"/rosters/{slug}/attendance"
    for stranger in (cast.mina, cast.hyun):
        assert browser_of(stranger).post(place, data={"purpose": "x"}).status_code == 403
        with pytest.raises(Refused):
            service.export_attendance(stranger, queries.get_programme(slug), "x", lang="ko")
    with pytest.raises(Invalid):
        service.export_attendance(cast.sora, queries.get_programme(slug), " ", lang="ko")


def test_a_meeting_is_corrected_and_its_hours_follow(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    programme = make_programme()
    slug, sora = programme.slug, browser_of(cast.sora)
    made = {"held_on": "2026-03-05", "title": "기초", "minutes": "90"}
    assert sora.post(f"/rosters/{slug}/meetings", data=made).status_code == 303
    meeting_id = session().scalars(select(Meeting.id)).one()
    assert "1시간 30분" in sora.get(f"/rosters/{slug}/meetings").get_data(as_text=True)
    place = f"/rosters/meetings/{meeting_id}/edit"
    assert 'value="90"' in sora.get(place).get_data(as_text=True)
    assert sora.post(place, data=made | {"minutes": "2000"}).status_code == 422
    assert sora.post(place, data=made | {"minutes": "120"}).status_code == 303
    assert session().scalars(select(Meeting.minutes)).one() == 120
    assert browser_of(cast.mina).get(place).status_code == 403


def test_the_command_line_imports_and_writes_attendance(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    slug = make_programme().slug
    path = tmp_path / "명단.csv"
    path.write_bytes(sheet((*TITLES, "3/5"), person(1, "O")))
    told = app.test_cli_runner().invoke(args=["rosters", "import", str(path), "--programme", slug])
    assert "attendance: 1 new, 0 taken back, at 1 meetings, 1 of them new" in told.output
    target = tmp_path / "list.xlsx"
    asked = ["rosters", "attendance", "--programme", slug, "-o", str(target), "--purpose", "정산"]
    assert "wrote 1 people and 1 meetings" in app.test_cli_runner().invoke(args=asked).output
    assert import_(slug, target.read_bytes(), name="list.xlsx").import_id is None
    assert session().scalar(select(func.count()).select_from(Presence)) == 1
