"""Files hold what they promise: open ones nothing about a person, working ones a purpose in the log."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ideas_app.accounts.models import Account
from ideas_app.answers.models import Answer
from ideas_app.audit.models import AccessRecord, AuditEntry
from ideas_app.campaigns import queries as campaigns
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.evaluations import queries as evaluations
from ideas_app.evaluations.service import score as give_scores
from ideas_app.exports import service
from ideas_app.exports.rules import Format, Kind
from ideas_app.exports.service import ExportRequest, making
from ideas_app.exports.service.writing import Content
from ideas_app.ideas.models import RejectCode, State
from ideas_app.web.i18n import speaking
from tests.answers.scenes import DUE, RECEIVED
from tests.evaluations.scenes import ask, close
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import join
from tests.shortlists.scenes import closed_ballot, published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

LATER = DUE + timedelta(days=7)


def export(actor: Actor, kind: Kind, file_format: Format, **more: object) -> bytes:
    with transaction(), speaking("ko"):
        request = ExportRequest(
            kind=kind,
            format=file_format,
            campaign=campaigns.get_campaign("ideas-2026"),
            **more,  # type: ignore[arg-type]
        )
        return service.build(actor, request).content


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_open_file_of_ideas_names_no_person_and_no_hidden_text(cast: Cast) -> None:
    campaign = make_campaign()
    make_idea(cast.mina, campaign, title="막차를 조금만 더 늦춰 주세요")
    make_idea(cast.mina, campaign, title="아직 읽지 않은 제안이에요 정말", state=State.SUBMITTED)
    hidden = make_idea(
        cast.jun, campaign, title="전화번호가 든 제안이라 가렸어요", state=State.REJECTED
    )
    with transaction():
        session().merge(hidden).code = RejectCode.PERSONAL_DATA
    content = export(cast.sora, Kind.IDEAS, Format.CSV)
    rows = read_csv(content)
    assert [row["제목"] for row in rows] == ["막차를 조금만 더 늦춰 주세요"]
    assert rows[0]["상태"] == "공감 진행 중"
    assert rows[0]["분야"] == "일자리"
    assert list(rows[0])[-1] == "데이터기준일자"
    assert b"Mina" not in content
    assert b"mina@example.org" not in content


def test_a_working_file_adds_names_and_leaves_its_purpose_in_the_log(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    content = export(cast.hyun, Kind.IDEAS, Format.CSV, working=True, purpose="위원회 자료")
    assert read_csv(content)[0]["작성자(별명)"] == "Mina"
    entry = session().query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert (entry.tag, entry.reason, entry.actor_id) == ("export:made", "위원회 자료", cast.hyun.id)
    assert not entry.is_public


def test_a_working_file_without_a_purpose_is_refused(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    with pytest.raises(Invalid):
        export(cast.hyun, Kind.IDEAS, Format.XLSX, working=True)


def test_youth_take_no_files(cast: Cast) -> None:
    make_campaign()
    with pytest.raises(DomainError) as refusal:
        export(cast.jun, Kind.IDEAS, Format.CSV)
    assert refusal.value.code == "not_permitted"


def test_a_workbook_explains_its_columns_first_and_keeps_dates_as_dates(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign(), title='=HYPERLINK("http://evil.example") 제안')
    book = openpyxl.load_workbook(io.BytesIO(export(cast.sora, Kind.IDEAS, Format.XLSX)))
    about, data = book.worksheets
    assert "글번호" in [cell.value for column in about.iter_cols() for cell in column]
    header = [cell.value for cell in data[1]]
    row = dict(zip(header, list(data[2]), strict=True))
    assert row["접수일"].is_date
    assert row["제목"].data_type == "s"
    assert data.freeze_panes


def test_json_keeps_stable_keys_in_both_languages(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    found = json.loads(export(cast.sora, Kind.IDEAS, Format.JSON))
    assert found["items"][0]["title"]
    assert found["columns"][0]["title"] == "글번호"


def test_a_campaign_without_a_shortlist_says_so(cast: Cast) -> None:
    make_campaign()
    with pytest.raises(DomainError) as fault:
        export(cast.sora, Kind.SHORTLIST, Format.CSV)
    assert fault.value.code == "no_shortlist"


def test_the_page_gives_staff_a_file_and_shows_the_stranger_nothing(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient], visitor: FlaskClient
) -> None:
    make_idea(cast.mina, make_campaign())
    asked = {"choice": "ideas.open.csv", "campaign": "ideas-2026", "lang": "ko"}
    given = browser_of(cast.hyun).post("/exports/file", data=asked)
    assert given.status_code == 200
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert browser_of(cast.hyun).get("/exports").status_code == 200
    assert browser_of(cast.mina).post("/exports/file", data=asked).status_code == 403
    assert visitor.post("/exports/file", data=asked).status_code == 303
    unsaid = browser_of(cast.hyun).post(
        "/exports/file", data={**asked, "choice": "ideas.working.csv"}
    )
    assert unsaid.status_code == 422
    assert "까닭" in unsaid.text


def test_the_command_writes_the_same_file(app: Flask, cast: Cast, tmp_path: Path) -> None:
    make_idea(cast.mina, make_campaign())
    target = tmp_path / "ideas.csv"
    base = ["export", "ideas", "--format", "csv", "-o", str(target)]
    runner = app.test_cli_runner()
    assert runner.invoke(args=[*base, "--campaign", "ideas-2026"]).exit_code == 0
    assert len(read_csv(target.read_bytes())) == 1
    assert runner.invoke(args=base).exit_code == 2
    assert runner.invoke(args=[*base, "--campaign", "nowhere"]).exit_code == 1
    assert session().query(Account).count() == 5


def test_a_working_file_of_the_operator_leaves_its_purpose_in_the_log(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    make_idea(cast.mina, make_campaign())
    words = ["export", "ideas", "--campaign", "ideas-2026", "--format", "csv", "--working"]
    words += ["--purpose", "위원회 자료", "-o", str(tmp_path / "ideas.csv")]
    assert app.test_cli_runner().invoke(args=words).exit_code == 0
    session().rollback()
    assert session().scalars(select(AccessRecord.reason)).all() == ["위원회 자료"]


def test_a_shortlist_as_pdf_is_the_document_of_its_page_and_a_working_one_a_table(
    cast: Cast,
) -> None:
    campaign, ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    text = text_of(export(cast.sora, Kind.SHORTLIST, Format.PDF))
    assert round_.digest in text
    assert "@example.org" not in text
    assert ideas["a"].title in text
    working = export(cast.sora, Kind.SHORTLIST, Format.PDF, working=True, purpose="부서 회의")
    assert "mina@example.org" in text_of(working)
    assert "부서 회의" in text_of(working)


def test_an_idea_with_two_answers_has_one_row_with_the_first(cast: Cast) -> None:
    campaign = make_campaign()
    joined = [make_idea(cast.mina, campaign).id for _ in range(2)]
    family_id = join(cast.sora, joined)
    for due_on, subject in ((DUE, {"idea_id": joined[0]}), (LATER, {"family_id": family_id})):
        with transaction() as current:
            current.add(Answer(received_on=RECEIVED, due_on=due_on, **subject))
    rows = read_csv(export(cast.sora, Kind.IDEAS, Format.CSV))
    assert [row["처리기한"] for row in rows] == [DUE.isoformat(), LATER.isoformat()]


def test_ideas_as_pdf_hold_what_the_open_file_holds(cast: Cast) -> None:
    campaign = make_campaign()
    make_idea(cast.mina, campaign, title="막차를 늦춰 주세요")
    make_idea(cast.mina, campaign, title="아직 읽지 않은 제안", state=State.SUBMITTED)
    text = " ".join(text_of(export(cast.hyun, Kind.IDEAS, Format.PDF)).split())
    assert "막차를 늦춰 주세요" in text
    assert "아직 읽지" not in text


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_evaluations_leave_as_a_working_file_only_and_as_blind_as_their_pages(cast: Cast) -> None:
    campaign = make_campaign("ideas-2026", settings={"evaluation_criteria": ["need", "effect"]})
    idea = make_idea(cast.mina, campaign)
    (own,) = ask(cast.sora, idea, cast.hyun)
    with transaction():
        evaluation = evaluations.get_evaluation(own)
        give_scores(cast.hyun, evaluation, {"need": 4, "effect": 2})
    close(cast.hyun, own, cost_note="=3천만 원")
    ask(cast.sora, idea, cast.dana)
    with pytest.raises(Invalid) as refused:
        export(cast.sora, Kind.EVALUATIONS, Format.CSV)
    assert refused.value.code == "working_only"
    told = {"working": True, "purpose": "부서 협의"}
    rows = read_csv(export(cast.sora, Kind.EVALUATIONS, Format.CSV, **told))
    assert [row["평가한 사람"] for row in rows] == ["Hyun", "Dana"]
    assert (rows[0]["필요"], rows[0]["효과"], rows[0]["실현가능성"]) == ("4", "2", "일부 가능")
    assert rows[0]["비용 설명"].startswith("'=")
    assert rows[0]["제안번호"] == f"2026-{idea.number:03d}"
    assert rows[1]["필요"] == rows[1]["까닭"] == ""
    blind = read_csv(export(cast.dana, Kind.EVALUATIONS, Format.CSV, **told))
    assert all(row["필요"] == row["까닭"] == "" for row in blind)
    with pytest.raises(DomainError):
        export(cast.mina, Kind.EVALUATIONS, Format.CSV, **told)


def test_a_table_is_written_while_its_rows_are_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = make_campaign()
    for _ in range(3):
        make_idea(cast.mina, campaign)
    read: list[int] = []
    written: list[int] = []
    iterate = making.queries.iterate_ideas

    def one_by_one(*args: Any, **more: Any) -> Iterator[dict[str, Any]]:
        for row in iterate(*args, **more):
            read.append(row["id"])
            yield row

    def write(*given: Any, **_more: Any) -> Content:
        written.extend(len(read) for _row in given[2])
        return Content(b"")

    monkeypatch.setattr(making.queries, "iterate_ideas", one_by_one)
    monkeypatch.setattr(making, "write_rows", write)
    export(cast.sora, Kind.IDEAS, Format.XLSX)
    assert written == [1, 2, 3]
