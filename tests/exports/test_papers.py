"""Papers say what the pages say: letters, sheets, results and the report, in each format the same figures."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest
from pypdf import PdfReader

from ideas_app.adapters.formats.hwpx import list_faults, read_markdown
from ideas_app.answers.models import PromiseStatus
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Idea, State
from ideas_app.reports import queries as reports
from ideas_app.reports.rules import NAMES
from ideas_app.web.i18n import speaking
from tests.answers.scenes import answered, answering, draft, in_days, owed
from tests.factories import make_campaign, make_idea
from tests.reports.test_planted import City
from tests.shortlists.scenes import closed_ballot, computed, published

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast


def words_of(content: bytes) -> str:
    """The text of a PDF or HWPX file, white space folded."""
    if content.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
    return " ".join(read_markdown(content).split())


@pytest.mark.parametrize("kind", ["pdf", "hwpx"])
def test_a_published_answer_is_a_letter_for_everybody(
    cast: Cast, visitor: FlaskClient, kind: str
) -> None:
    answer_id = answered(cast, answering(), [("막차 시각을 바꿉니다", in_days(40))])
    given = visitor.get(f"/exports/letters/{answer_id}.{kind}")
    text = words_of(given.data)
    assert given.headers["Content-Disposition"].startswith("attachment")
    for words in (
        "막차를 늦추겠습니다.",
        "예산을 확보했습니다.",
        "버스정책계장",
        "막차 시각을 바꿉니다",
        "반영",
    ):
        assert words in text
    assert "결재" not in text


def test_what_is_not_published_is_a_paper_for_staff_alone(
    cast: Cast, visitor: FlaskClient, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    answer_id = owed(cast, answering(), title="막차를 늦춰 주세요")
    address = f"/exports/letters/{answer_id}.hwpx"
    draft(cast.hyun, answer_id, reason="예산을 찾고 있습니다.")
    text = words_of(browser_of(cast.hyun).get(address).data)
    assert "예산을 찾고 있습니다." in text
    assert "결재용: 막차를 늦춰 주세요" in text
    assert "| 기안 | 검토 | 협조 | 결재 |" in text
    assert visitor.get(address).status_code == 404
    assert browser_of(cast.mina).get(address).status_code == 404
    assert visitor.get("/exports/letters/999999.pdf").status_code == 404


def test_a_letter_about_an_idea_that_was_hidden_since_is_nobodys_but_the_staffs(
    cast: Cast, visitor: FlaskClient
) -> None:
    answer_id = answered(cast, answering())
    with transaction():
        for idea in session().query(Idea):
            idea.state, idea.is_listed = State.HIDDEN, False
    assert visitor.get(f"/exports/letters/{answer_id}.pdf").status_code == 404


def test_an_idea_on_one_page_names_what_its_page_names(
    cast: Cast, visitor: FlaskClient, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    campaign = make_campaign()
    texts = {"title": "막차를 늦춰 주세요", "why": "밤에 걸어와요", "how": "한 대 더"}
    address = f"/ideas/{make_idea(cast.mina, campaign, **texts).id}/sheet"
    waiting = f"/ideas/{make_idea(cast.mina, campaign, state=State.SUBMITTED).id}/sheet.pdf"
    made = {kind: visitor.get(f"{address}.{kind}").data for kind in ("pdf", "hwpx")}
    for content in made.values():
        text = words_of(content)
        assert all(words in text for words in (*texts.values(), "Mina", "2026-001"))
        assert "mina@example.org" not in text
    assert len(PdfReader(io.BytesIO(made["pdf"])).pages) == 1
    assert visitor.get(f"{address}.exe").status_code == 404
    assert visitor.get(waiting).status_code == 404
    assert browser_of(cast.mina).get(waiting).status_code == 200


def test_a_list_and_its_ballot_read_back_with_table_and_digest(
    cast: Cast, app: Flask, visitor: FlaskClient, tmp_path: Path
) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    round_id, digest, snapshot = round_.id, round_.digest, round_.snapshot
    shortlist = visitor.get(f"/exports/shortlists/{round_id}.hwpx").data
    assert list_faults(shortlist) == []
    for content in (shortlist, visitor.get(f"/shortlists/{round_id}/shortlist.pdf").data):
        assert digest in words_of(content)
        assert "제안 a" in words_of(content)
    result = words_of(visitor.get(f"/exports/ballots/{round_id}.hwpx").data)
    assert "| 1 | 제안 a | 100 | 66.7 |" in result or "| 1 | 제안 b | 100 | 66.7 |" in result
    assert digest in result
    assert digest in words_of(visitor.get(f"/exports/ballots/{round_id}.pdf").data)
    target = tmp_path / "sheets.pdf"
    base = ["export", "--campaign", "ideas-2026", "-o", str(target), "--format"]
    runner = app.test_cli_runner()
    assert runner.invoke(args=[*base, "pdf", "sheets"]).exit_code == 0
    assert len(PdfReader(io.BytesIO(target.read_bytes())).pages) == 3
    assert runner.invoke(args=[*base, "pb", "ballots"]).exit_code == 0
    assert target.read_bytes() == snapshot.encode()
    assert runner.invoke(args=[*base, "csv", "sheets"]).exit_code == 2


def test_every_figure_of_the_report_is_the_same_in_every_format(
    app: Flask, cast: Cast, visitor: FlaskClient
) -> None:
    city = City(cast)
    city.tally(6, 8)
    city.promise(PromiseStatus.DONE)
    told = app.test_cli_runner().invoke(args=["report", "outcomes", "--year", "2026", "--json"])
    counted = json.loads(told.output)
    outcomes = reports.outcomes(2026)
    with speaking("ko"):
        expected = {str(NAMES[name]): outcomes.public(name) for name in NAMES}
    assert {str(NAMES[name]): counted[name] for name in NAMES} == expected
    given = {
        kind: visitor.get(f"/exports/reports/2026.{kind}").data
        for kind in ("csv", "xlsx", "json", "pdf", "hwpx")
    }
    rows = list(csv.DictReader(io.StringIO(given["csv"].decode("utf-8-sig"))))
    first = {row["항목"]: int(row["값"]) for row in rows[: len(expected)]}
    assert first == expected
    sheet = openpyxl.load_workbook(io.BytesIO(given["xlsx"])).worksheets[1]
    cells = {row[1]: row[2] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {name: cells[name] for name in expected} == expected
    items = json.loads(given["json"])["items"]
    assert {one["name"]: one["value"] for one in items[: len(expected)]} == expected
    page = re.sub(r"<[^>]+>", " ", visitor.get("/reports/2026").text)
    texts = {"page": page, **{kind: words_of(given[kind]) for kind in ("pdf", "hwpx")}}
    for kind, text in texts.items():
        folded = re.sub(r"[\s|]", "", text)
        for name, value in expected.items():
            assert f"{name}{value}".replace(" ", "") in folded, (kind, name)
    assert all(outcomes.input_digest in texts[kind] for kind in ("pdf", "hwpx"))
    assert PdfReader(io.BytesIO(given["pdf"])).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "| --- |" in texts["hwpx"]
    assert visitor.get("/exports/reports/1999.pdf").status_code == 404
    assert visitor.get("/exports/reports/2026.exe").status_code == 404


def test_a_list_that_is_not_public_yet_is_a_paper_for_staff_and_its_ballot_for_nobody(
    cast: Cast, visitor: FlaskClient, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    campaign, _ideas = closed_ballot(cast, {"ab": 3, "c": 2})
    number, sora = computed(cast, campaign).id, browser_of(cast.sora)
    assert visitor.get(f"/exports/shortlists/{number}.hwpx").status_code == 404
    assert browser_of(cast.mina).get(f"/exports/shortlists/{number}.hwpx").status_code == 404
    assert sora.get(f"/exports/shortlists/{number}.hwpx").status_code == 200
    assert sora.get(f"/exports/ballots/{number}.hwpx").status_code == 404
