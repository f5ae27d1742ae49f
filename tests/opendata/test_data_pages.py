"""The pages of open data: what is there, as a whole and in parts; closed files say why; who keeps an edition."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ideas_app.campaigns.queries import get_campaign
from ideas_app.core.actor import SYSTEM
from ideas_app.opendata import queries, service
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import decide
from tests.opendata.packages import Bundle
from tests.opendata.scenes import refresh, whole_year

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast


def test_an_empty_house_says_that_there_is_no_data_yet(visitor: FlaskClient) -> None:
    page = visitor.get("/data")
    assert page.status_code == 200
    assert "아직 자료가 없어요" in page.text
    assert visitor.get("/data/2025").status_code == visitor.get("/data/nowhere").status_code == 404


def test_the_page_of_a_campaign_shows_each_table_with_its_first_rows(
    cast: Cast, visitor: FlaskClient
) -> None:
    whole_year(cast)
    refresh()
    assert "/data/ideas-2026" in visitor.get("/data").text
    page = visitor.get("/data/ideas-2026").text
    for title in ("제안", "답변", "약속", "선정 목록", "투표 결과", "투표지"):
        assert f">{title}</h3>" in page
    assert "시험 운행" in page
    assert queries.get_bundle("ideas-2026", "ko").digest in page
    assert "/data/ideas-2026/ko/csv/promises.csv" in page
    english = visitor.get("/data/ideas-2026?lang=en").text
    assert "/data/ideas-2026/en/bundle.zip" in english
    assert ">Promises</h3>" in english


def test_the_whole_and_its_parts_come_as_files_that_need_not_come_twice(
    cast: Cast, visitor: FlaskClient
) -> None:
    make_idea(cast.mina, make_campaign())
    refresh()
    whole = visitor.get("/data/ideas-2026/ko/bundle.zip")
    Bundle(whole.data).check()
    digest = queries.get_bundle("ideas-2026", "ko").digest
    assert sha256(whole.data).hexdigest() == digest
    name = unquote(whole.headers["Content-Disposition"])
    assert "전북특별자치도 군산시_2026 청년정책 아이디어_2" in name
    assert name.endswith(".zip")
    for path in ("bundle.zip", "csv/ideas.csv", "json/ideas.json", "datapackage.json", "README.md"):
        answer = visitor.get(f"/data/ideas-2026/ko/{path}")
        etag = answer.headers["ETag"]
        again = visitor.get(f"/data/ideas-2026/ko/{path}", headers={"If-None-Match": etag})
        assert (answer.status_code, again.status_code, again.data) == (200, 304, b"")
    sheet = visitor.get("/data/ideas-2026/ko/csv/ideas.csv")
    assert sheet.data == Bundle(whole.data).members["csv/ideas.csv"]
    for path in ("csv/votes.csv", "../../config.py", "de/bundle.zip"):
        assert visitor.get(f"/data/ideas-2026/ko/{path}").status_code == 404


def test_a_closed_file_says_why_and_what_to_do(cast: Cast, visitor: FlaskClient) -> None:
    campaign = make_campaign()
    gone = make_idea(cast.mina, campaign).id
    refresh()
    service.archive(SYSTEM, campaign.id)
    decide("hide", cast.sora, gone, "abuse", "욕설이 있어 가렸습니다.")
    for path in ("/data/ideas-2026/ko/bundle.zip", "/data/2026/ideas-2026/1/ko/csv/ideas.csv"):
        answer = visitor.get(path)
        assert answer.status_code == 409
        assert "가려졌거나 거둬들여" in answer.text
    for path in ("/data", "/data/ideas-2026", "/data/2026"):
        page = visitor.get(path)
        assert page.status_code == 200
        assert "가려졌거나 거둬들여" in page.text
        assert "버스 막차를" not in page.text


def test_an_administrator_keeps_an_edition_that_everybody_can_fetch(
    cast: Cast, visitor: FlaskClient, browser_of: Callable[[Actor], FlaskClient]
) -> None:
    make_idea(cast.mina, make_campaign())
    refresh()
    for person in (cast.jun, cast.sora, cast.hyun):
        browser = browser_of(person)
        assert "이대로 보관하기" not in browser.get("/data/ideas-2026").text
        assert browser.post("/data/ideas-2026/archive").status_code == 403
    dana = browser_of(cast.dana)
    assert "이대로 보관하기" in dana.get("/data/ideas-2026").text
    answer = dana.post("/data/ideas-2026/archive")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/data/2026")
    kept = visitor.get("/data/2026/ideas-2026/1/ko/bundle.zip")
    Bundle(kept.data).check()
    digest = sha256(kept.data).hexdigest()
    assert digest in visitor.get("/data/2026").text
    assert digest in visitor.get("/audit").text
    again = dana.post("/data/ideas-2026/archive", follow_redirects=True)
    assert "이미 보관되어 있어요" in again.text
    assert visitor.get("/data/2025/ideas-2026/1/ko/bundle.zip").status_code == 404
    assert visitor.get("/data/2026/ideas-2026/0/ko/bundle.zip").status_code == 404


def test_the_command_line_writes_the_file_that_the_page_hands_out(
    cast: Cast, app: Flask, visitor: FlaskClient, tmp_path: Path
) -> None:
    make_idea(cast.mina, make_campaign())
    run = app.test_cli_runner()
    assert "ideas-2026" in run.invoke(args=["opendata", "refresh"]).output
    target = tmp_path / "data.zip"
    made = run.invoke(args=["opendata", "build", "--campaign", "ideas-2026", "-o", str(target)])
    assert made.exit_code == 0
    assert target.read_bytes() == visitor.get("/data/ideas-2026/ko/bundle.zip").data
    kept = run.invoke(args=["opendata", "archive", "--campaign", "ideas-2026"])
    assert kept.output == "ideas-2026: edition 1\n"
    assert queries.find_newest_edition(get_campaign("ideas-2026").id, "en") is not None
    lost = run.invoke(args=["opendata", "build", "--campaign", "nowhere", "-o", str(target)])
    assert (lost.exit_code, "Error: " in lost.output) == (1, True)
