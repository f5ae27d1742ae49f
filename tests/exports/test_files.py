"""Files that people asked for are their own, end after a day, and say whose they are."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from ideas_app.accounts.models import Account
from ideas_app.audit.models import AccessRecord, AuditEntry
from ideas_app.campaigns import queries as campaigns
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import DomainError, Invalid, Refused
from ideas_app.core.permissions import Role
from ideas_app.exports import service
from ideas_app.exports.models import ExportFile, FileState
from ideas_app.exports.rules import KEPT_FOR, LISTED_FOR, Format, Kind
from ideas_app.exports.service import ExportRequest, keeping
from ideas_app.web.i18n import speaking
from tests.adapters.test_hwpx import template_of
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.shortlists.scenes import closed_ballot, published

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as a long one."""
    monkeypatch.setattr(keeping, "AT_ONCE", 0)


def ask(actor: Actor, file_format: Format = Format.CSV, *, working: bool = False) -> ExportFile:
    with speaking("ko"):
        request = ExportRequest(
            kind=Kind.IDEAS,
            format=file_format,
            campaign=campaigns.get_campaign("ideas-2026"),
            working=working,
            purpose="위원회 자료" if working else "",
        )
        return service.ask_file(actor, request)


def get(file: ExportFile) -> ExportFile:
    return session().get_one(ExportFile, file.id, populate_existing=True)


@pytest.mark.usefixtures("long")
def test_a_long_file_is_made_by_the_worker_and_fetched_by_its_owner_alone(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient], visitor: FlaskClient
) -> None:
    make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요")
    hyun = browser_of(cast.hyun)
    asked = {"choice": "ideas.open.csv", "campaign": "ideas-2026", "lang": "ko"}
    page = hyun.post("/exports/file", data=asked).headers["Location"]
    assert len(page.rpartition("/")[2]) >= 32
    assert "progress" in hyun.get(page).text
    assert hyun.get(f"{page}/content").status_code == 404
    outbox.drain()
    assert "막차를 늦춰 주세요" in hyun.get(f"{page}/content").data.decode("utf-8-sig")
    assert "progress" not in hyun.get(page).text
    state = hyun.get(page, headers={"X-Requested-With": "fetch"}).text
    assert "data-done" in state
    assert "<html" not in state
    for stranger in (browser_of(cast.sora), browser_of(cast.dana)):
        assert stranger.get(page).status_code == 404
        assert stranger.get(f"{page}/content").status_code == 404
    assert browser_of(cast.mina).get(page).status_code == 403
    assert visitor.get(page).status_code in {302, 303}


@pytest.mark.usefixtures("long")
def test_two_people_who_ask_at_once_each_get_their_own_rows(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요")
    mine, other = ask(cast.hyun), ask(cast.sora, working=True)
    outbox.drain()
    plain, named = get(mine), get(other)
    assert (plain.account_id, named.account_id) == (cast.hyun.id, cast.sora.id)
    assert b"Mina" not in (plain.content or b"")
    assert b"Mina" in (named.content or b"")
    assert plain.address != named.address


@pytest.mark.usefixtures("long")
def test_whoever_lost_the_right_meanwhile_gets_nothing_and_no_trace_of_a_file(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    file = ask(cast.hyun, working=True)
    with transaction() as current:
        current.get_one(Account, cast.hyun.id).role = Role.YOUTH
    outbox.drain()
    assert (get(file).state, get(file).content) == (FileState.FAILED, None)
    assert get(file).fault
    assert not session().scalars(select(AuditEntry).where(AuditEntry.tag == "export:made")).all()


def test_after_a_day_the_content_goes_and_after_thirty_more_the_line(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    make_idea(cast.mina, make_campaign())
    file = ask(cast.hyun)
    later = clock.now() + KEPT_FOR + timedelta(minutes=1)
    with clock.at(later), transaction():
        service.forget_old_files()
    assert get(file).content is None
    with clock.at(later):
        found = session().scalars(select(ExportFile)).all()
    assert [one.id for one in found] == [file.id]
    with clock.at(later + LISTED_FOR), transaction():
        service.forget_old_files()
    assert session().scalars(select(ExportFile)).all() == []


def test_every_kind_of_working_file_says_who_took_it_when_and_what_for(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    told = "Hyun · "
    made = {
        each: get(ask(cast.hyun, each, working=True)).content or b""
        for each in Format
        if each is not Format.PB
    }
    row = next(csv.DictReader(io.StringIO(made[Format.CSV].decode("utf-8-sig"))))
    assert row["열람표시"].startswith(told)
    assert row["열람표시"].endswith("위원회 자료")
    assert list(row)[-1] == "데이터기준일자"
    assert json.loads(made[Format.JSON])["mark"].startswith(told)
    about = openpyxl.load_workbook(io.BytesIO(made[Format.XLSX])).worksheets[0]
    assert any(str(cell.value).startswith(told) for cell in about["A"])
    assert told in PdfReader(io.BytesIO(made[Format.PDF])).pages[0].extract_text()
    with zipfile.ZipFile(io.BytesIO(made[Format.HWPX])) as archive:
        assert told in archive.read("Contents/section0.xml").decode()
    assert "위원회 자료" in made[Format.CP949].decode("cp949")


def test_what_cp949_cannot_hold_is_replaced_and_listed_before_the_file_is_taken(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    make_idea(cast.mina, make_campaign(), title="막차 — 더 늦게 🚌")
    hyun = browser_of(cast.hyun)
    asked = {"choice": "ideas.open.cp949", "campaign": "ideas-2026", "lang": "ko"}
    page = hyun.post("/exports/file", data=asked).headers["Location"]
    assert "<code>🚌</code>" in hyun.get(page).text
    assert "막차 - 더 늦게 ?" in hyun.get(f"{page}/content").data.decode("cp949")


def test_a_file_that_there_is_not_is_refused_with_its_reason(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    with pytest.raises(Invalid) as fault:
        ask(cast.hyun, Format.PB)
    assert fault.value.code == "not_offered"
    with pytest.raises(DomainError) as refusal:
        ask(cast.jun)
    assert refusal.value.code == "not_permitted"


def test_moderators_give_documents_the_centres_form_and_take_it_back(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    make_idea(cast.mina, make_campaign())
    sora = browser_of(cast.sora)

    def give(data: bytes) -> int:
        sent = {"file": (io.BytesIO(data), "공문.hwpx")}
        return sora.post("/exports/template", data=sent).status_code

    assert give(b"no archive at all") == 422
    assert give(template_of("군산시 청년센터", "{{본문}}")) == 303
    with_form = get(ask(cast.hyun, Format.HWPX)).content or b""
    assert "공문.hwpx" in sora.get("/exports/template").text
    assert sora.post("/exports/template/remove").status_code == 303
    without = get(ask(cast.hyun, Format.HWPX)).content or b""
    for content, there in ((with_form, True), (without, False)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert ("군산시 청년센터" in archive.read("Contents/section0.xml").decode()) is there
    assert browser_of(cast.hyun).get("/exports/template").status_code == 403
    tags = session().scalars(select(AuditEntry.tag).order_by(AuditEntry.id)).all()
    assert tags[-2:] == ["export:template_set", "export:template_removed"]


def test_a_disabled_account_gets_no_file(cast: Cast, long: None) -> None:
    make_idea(cast.mina, make_campaign())
    helper = make_account("Bora", Role.OFFICIAL)
    file = ask(helper)
    with transaction() as current:
        current.get_one(Account, helper.id).disabled_at = clock.now()
    outbox.drain()
    assert get(file).state is FileState.FAILED


@pytest.mark.usefixtures("long")
def test_a_working_file_that_is_fetched_leaves_its_trace(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    make_idea(cast.mina, make_campaign())
    address = ask(cast.sora, working=True).address
    outbox.drain()
    before = session().scalar(select(func.count(AccessRecord.id)))
    assert browser_of(cast.sora).get(f"/exports/files/{address}/content").status_code == 200
    assert session().scalar(select(func.count(AccessRecord.id))) == before + 1


@pytest.mark.parametrize("who", ["mina", "hyun", "visitor"])
def test_only_moderators_set_the_form_of_documents(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        service.set_template(getattr(cast, who), "공문.hwpx", template_of("센터", "{{본문}}"))


def test_the_ballots_of_few_people_leave_by_no_file(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast, {"ab": 3, "c": 2})
    published(cast, campaign)
    request = ExportRequest(
        kind=Kind.BALLOTS, format=Format.PB, campaign=campaigns.get_campaign("ideas-2026")
    )
    with pytest.raises(Refused) as refusal, speaking("ko"):
        service.ask_file(cast.sora, request)
    assert refusal.value.code == "too_few_ballots"
