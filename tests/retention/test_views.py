"""What an administrator sees of periods, register and access log; strangers see nothing of it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from ideas_app.accounts.models import Account
from ideas_app.audit.models import AccessRecord
from ideas_app.audit.rules import Look
from ideas_app.audit.service import record_look
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Refused
from ideas_app.core.retaining import days_of, find_period
from ideas_app.notifications.queries import work_of
from ideas_app.retention import queries, service
from ideas_app.retention.models import AccessCheck
from tests.people import PASSWORD

NOW = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def morning(app):
    with clock.at(NOW):
        yield


@pytest.fixture
def dana(cast, browser_of):
    return browser_of(cast.dana)


def look(actor, days_ago=10, **more):
    with clock.at(NOW - timedelta(days=days_ago)), transaction():
        told = {"whose": "participation", **more}
        return record_look(actor, told.pop("kind", Look.ROSTER), told.pop("ids", [1, 2]), **told)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/retention",
        "/admin/retention/periods/notice",
        "/admin/retention/register",
        "/admin/retention/register.xlsx",
        "/admin/access",
        "/admin/access/2026-10.xlsx",
        "/admin/texts",
        "/admin/texts/privacy",
    ],
)
def test_the_duties_are_for_administrators(cast, browser_of, visitor, path):
    assert visitor.get(path).status_code == 303
    for stranger in (cast.mina, cast.sora, cast.hyun):
        assert browser_of(stranger).get(path).status_code == 403
    assert browser_of(cast.dana).get(path).status_code == 200


def test_periods_stand_with_their_ground_and_are_moved_in_a_form(cast, dana):
    page = dana.get("/admin/retention?lang=en").text
    assert "Names, birth dates and numbers on rosters" in page
    assert "destruction_record" in page
    path = "/admin/retention/periods/notice"
    assert "from 30 to 1825" in dana.post(path, data={"days": "5", "reason": "짧게"}).text
    assert dana.post(path, data={"days": "90", "reason": ""}).status_code == 422
    assert dana.post(path, data={"days": "90", "reason": "석 달이면 충분"}).status_code == 303
    assert days_of(find_period("notice")) == 90
    assert "90 days" in dana.get("/privacy?lang=en").text
    assert dana.get("/admin/retention/periods/nothing").status_code == 404


def test_the_register_is_read_and_taken_along_without_anybody_in_it(cast, dana):
    look(cast.sora, 9000, ids=[1])  # older than two years at any real time
    service.run_period(SYSTEM, find_period("access_record"), by="nightly")
    page = dana.get("/admin/retention/register?lang=en").text
    assert "Records of who looked at whose data" in page
    assert "nightly work" in page
    book = openpyxl.load_workbook(io.BytesIO(dana.get("/admin/retention/register.xlsx").data))
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    assert (len(rows), rows[1][3]) == (2, 1)
    assert dana.get("/admin/retention/register.hwpx").data[:2] == b"PK"
    assert dana.get("/admin/retention/register.csv").data.startswith(b"\xef\xbb\xbf")
    assert dana.get("/admin/retention/register.exe").status_code == 404
    assert "Sora" not in page


def test_a_month_is_told_in_figures_with_what_to_ask_about(cast, dana):
    with clock.at(datetime(2026, 10, 14, 14, 10, tzinfo=UTC)), transaction():
        record_look(cast.sora, Look.ROSTER, range(60), whose="participation")
    look(cast.hyun, 20, kind=Look.EXPORT, ids=[], count=700, digest="a" * 64, reason="시의회")
    look(cast.hyun, 1)
    month = queries.read_month(OCTOBER, lambda day: day.weekday() >= 5)
    assert (month.records, month.lines, month.files, month.out_of_hours) == (2, 760, 1, 1)
    assert month.by_person == [(cast.hyun.id, 1, 700), (cast.sora.id, 1, 60)]
    assert month.by_hour[23] == 1
    assert {one.odd.value for one in month.oddities} == {"out_of_hours", "large_file", "reason"}
    record = month.page.items[0]
    assert (record.whose_ids, record.count) == ([], 700)
    page = dana.get("/admin/access?month=2026-10&lang=en").text
    assert "시의회" in page
    assert "A file of 500 lines or more" in page
    only = dana.get(f"/admin/access?month=2026-10&who={cast.sora.id}&lang=en").text
    assert "시의회" not in only
    assert dana.get("/admin/access?month=nonsense").status_code == 404
    book = openpyxl.load_workbook(io.BytesIO(dana.get("/admin/access/2026-10.xlsx").data))
    assert len(list(book.worksheets[1].iter_rows())) == 3


def test_a_month_that_is_over_is_signed_once_and_reminded_of_until_then(cast, dana):
    look(cast.sora, 40)
    look(cast.sora, 10)
    admin = session().get_one(Account, cast.dana.id)
    assert queries.list_unchecked_months() == [OCTOBER, date(2026, 9, 1)]
    assert work_of(admin).months == 2
    assert "September 2026" in dana.get("/admin/access?lang=en").text, "the oldest comes first"
    path = "/admin/access/2026-10/check"
    assert dana.post(path, data={"note": " "}).status_code == 422
    assert dana.post(path, data={"note": "모두 살펴봄. 이상 없음"}).status_code == 303
    check = session().scalars(select(AccessCheck)).one()
    assert (check.checked_by, check.records, check.month_on) == (cast.dana.id, 1, OCTOBER)
    assert queries.list_unchecked_months() == [date(2026, 9, 1)]
    assert dana.post(path, data={"note": "다시"}).status_code == 403
    page = dana.get("/admin/access?month=2026-10&lang=en").text
    assert "The records are those that were checked." in page


def test_a_month_that_runs_is_not_signed_and_neither_by_a_stranger(cast):
    look(cast.sora, 1)
    for actor, month_on in (
        (cast.dana, date(2026, 11, 1)),
        (cast.sora, OCTOBER),
        (SYSTEM, OCTOBER),
    ):
        with pytest.raises(Refused), transaction():
            service.sign_check(actor, month_on, "이상 없음")


def test_a_check_cannot_be_altered(cast):
    with transaction():
        service.sign_check(cast.dana, OCTOBER, "이상 없음")
    for statement in ("UPDATE access_check SET note = 'x'", "DELETE FROM access_check"):
        with pytest.raises(DBAPIError), transaction():
            session().execute(text(statement))


def test_addresses_of_people_are_masked_until_a_reason_is_given(cast, dana, browser_of):
    page = dana.get(f"/admin/people?role=&person={cast.jun.id}").text
    assert "jun@example.org" not in page
    assert "j***@example.org" in page
    path = f"/admin/people/{cast.jun.id}/show"
    assert dana.post(path, data={"show-reason": ""}).status_code == 422
    shown = dana.post(path, data={"show-reason": "비밀번호 재설정 문의"})
    assert "jun@example.org" in shown.text
    records = session().scalars(select(AccessRecord).where(AccessRecord.kind == "unmasked")).all()
    assert [(each.whose_ids, each.reason) for each in records] == [
        ([cast.jun.id], "비밀번호 재설정 문의")
    ]
    assert browser_of(cast.sora).post(path, data={"show-reason": "호기심"}).status_code == 403
    assert PASSWORD not in shown.text


def test_of_two_who_sign_a_month_at_once_one_has_signed(cast, monkeypatch):
    """Both had looked before either was written: the rule of the table decides."""
    with transaction():
        service.sign_check(cast.dana, OCTOBER, "이상 없음")
    monkeypatch.setattr(queries, "check_of", lambda _month: None)
    with pytest.raises(Conflict), transaction():
        service.sign_check(cast.dana, OCTOBER, "이상 있음")
