"""The roster as a centre really keeps it: every slip is named at its place, and once mended all of it goes in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.core.db import session, transaction
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import Participation, Person, Programme
from tests.factories import make_programme
from tests.programmes import messy
from tests.programmes.scenes import import_

if TYPE_CHECKING:
    from typing import Any

    from flask import Flask

    from tests.people import Cast

ERRORS = [
    ("1기", 44, "생년월일", "birth_unreadable"),
    ("1기", 788, "휴대전화", "phone_unreadable"),
    ("2기", 9, "성 명", "name_hidden"),
    ("2기", 912, "수료여부", "mark_unreadable"),
    ("3기", 1013, "참여일자", "day_unreadable"),
]


def stored() -> list[Any]:
    """Every row of persons, records and programmes, but for what an import teaches."""
    session().rollback()
    rows = []
    for table in (Person.__table__, Participation.__table__, Programme.__table__):
        names = [one for one in table.columns if one.name != "mapping"]
        rows.append(session().execute(select(*names).order_by(*table.primary_key)).all())
    return rows


def test_all_five_slips_are_named_with_sheet_row_and_reason_and_nothing_is_stored(
    app: Flask, cast: Cast
) -> None:
    programme = make_programme()
    before = stored()
    done = app.test_cli_runner().invoke(
        args=["rosters", "import", str(messy.PATH), "--programme", programme.slug, "--json"]
    )
    assert done.exit_code == 1
    told = json.loads(done.stdout)["errors"]
    assert [(one["sheet"], one["row"], one["column"], one["code"]) for one in told] == ERRORS
    assert all(len(one["message"]) > 20 for one in told)
    assert stored() == before


def test_mended_it_goes_in_once_and_an_undo_leaves_no_trace(cast: Cast) -> None:
    programme = make_programme()
    import_(programme, messy_head(), name="앞서 온 명단.xlsx")
    before = stored()
    whole = messy.workbook(mended=True)
    report = import_(programme, whole, name="명단.xlsx")
    people = messy.ROWS - messy.TWICE
    assert (report.records_new, report.records_changed + report.records_same) == (people - 5, 5)
    assert report.records_changed
    assert [one.name for one in report.read_sheets] == list(messy.SHEETS)
    assert sum(issue.code == "row_twice" for issue in report.notices) == messy.TWICE
    again = import_(programme, whole, name="명단.xlsx")
    assert again.changes_nothing
    assert again.records_same == people
    with transaction():
        done = queries.get_import(report.import_id or 0)
        service.undo_import(cast.sora, done, "잘못된 파일입니다.")
    assert stored() == before


def messy_head() -> bytes:
    """A first, small roster whose people come again in the large one."""
    from tests.adapters.workbooks import make_xlsx

    head = ("성명", "생년월일", "휴대전화", "참여일자")
    rows = [
        (
            messy.name_of(number),
            f"1987-01-{1 + number * 3:02}",
            f"010{10_000_000 + number * 7:08}",
            "2025-03-03",
        )
        for number in range(5)
    ]
    return make_xlsx({"1기": [head, *rows]})
