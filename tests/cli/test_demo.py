"""The demonstration plays through the services and adds up to the published figures, every one of them."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from ideas_app.accounts.models import Account
from ideas_app.adapters.formats.hwpx import read_markdown
from ideas_app.answers import queries as answers
from ideas_app.answers.models import Answer
from ideas_app.answers.rules import Standing
from ideas_app.cli.demo import load_demo
from ideas_app.cli.doctor import examine
from ideas_app.core.db import db, session
from ideas_app.core.outbox import OutboxEvent
from ideas_app.evaluations import queries as evaluations
from ideas_app.evaluations.queries import State as Progress
from ideas_app.ideas.models import Idea, State
from ideas_app.notifications.models import Mailing, Notice
from ideas_app.opinion.models import OpinionMap
from ideas_app.shortlists import queries as shortlists
from ideas_app.shortlists.models import Round
from ideas_app.shortlists.rules import analysis
from ideas_app.votes.models import Ballot
from tests.conftest import make_app, make_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(make_database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo year, loaded once for this module into a database of its own."""
    # the two hundred resamplings of a round are tried where they are at home; here a few are enough
    with pytest.MonkeyPatch.context() as few:
        few.setattr(analysis, "RUNS", 20)
        yield from _loaded(make_database, tmp_path_factory)


def _loaded(make_database: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("demo")
    app = make_app(make_settings(folder, make_database("demo")))  # type: ignore[operator]
    with app.app_context():
        app.extensions["sign_ins"] = load_demo()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def year(demo: Flask) -> Iterator[Flask]:
    with demo.app_context():
        yield demo
        db.session.remove()


def test_the_report_prints_the_published_figures(year: Flask) -> None:
    printed = year.test_cli_runner().invoke(args=["report", "outcomes", "--year", "2025", "--json"])
    found = json.loads(printed.output)
    published = {
        "programmes": 14,
        "participations": 3433,
        "certificate_kinds": 5,
        "specialists_certified": 97,
        "company_visit_participants": 182,
        "counselling_sessions": 80,
        "ideas_shortlisted": 15,
        "persons": 2400,
        "ballots_cast": 620,
        "ideas_on_ballot": 40,
        "answered": 15,
    }
    assert {name: found[name] for name in published} == published
    assert sum(line["participations"] for line in found["per_programme"]) == 3433


def test_the_report_says_the_published_figures_in_every_format(year: Flask, tmp_path: Path) -> None:
    published = ("14", "3,433", "5", "97", "182", "80", "15")
    names = (
        "프로그램",
        "참여(연인원)",
        "자격증 종류",
        "지역 산업 자격 취득",
        "기업 탐방 참여",
        "상담 횟수",
        "후보로 뽑힌 제안",
    )
    for kind in ("pdf", "hwpx", "csv", "xlsx"):
        target = tmp_path / f"report.{kind}"
        made = ["export", "report", "--year", "2025", "--format", kind, "-o", str(target)]
        assert year.test_cli_runner().invoke(args=made).exit_code == 0
        text = _text_of(target)
        for name, number in zip(names, published, strict=True):
            told = (f"{name} {number} ", f"{name} {number.replace(',', '')} ")
            assert any(words in text for words in told), (kind, name)


def _text_of(path: Path) -> str:
    """The words of a document or the cells of a table, white space and lines of tables folded."""
    if path.suffix == ".pdf":
        words = " ".join(
            page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages
        )
    elif path.suffix == ".hwpx":
        words = read_markdown(path.read_bytes()).replace("|", " ")
    elif path.suffix == ".xlsx":
        rows = (
            openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
            .worksheets[1]
            .iter_rows(values_only=True)
        )
        words = " ".join(str(cell) for row in rows for cell in row if cell is not None)
    else:
        words = path.read_text(encoding="utf-8-sig").replace(",", " ")
    return " ".join(words.split())


def test_the_doctor_finds_nothing(year: Flask) -> None:
    assert examine() == []


def test_fifteen_are_elected_by_the_rule_and_the_snapshot_counts_again(year: Flask) -> None:
    from ideas_app.shortlists.rules import Ballots, shortlist

    round_ = shortlists.get_round(session().scalars(select(Round.id)).one())
    elected = [entry.project for entry in shortlists.list_elected(round_)]
    again = shortlist(Ballots.from_pb(round_.snapshot), 15, rule="mes", completion="phragmen")
    assert list(again.winners) == elected
    assert len(elected) == 15


def test_promises_stand_in_every_way(year: Flask) -> None:
    counts = answers.count_promises()
    for standing in (Standing.KEPT, Standing.MOVED, Standing.SILENT):
        assert counts[standing] > 0, standing


def test_the_opinion_map_of_the_year_is_there(year: Flask) -> None:
    found = session().scalars(select(OpinionMap)).one()
    assert found.result is not None
    assert found.result["clustered"] > 50
    assert found.asked_at is None


def test_the_desks_have_work_and_a_newcomer_can_take_part_at_once(year: Flask) -> None:
    waiting = select(func.count(Idea.id)).where(Idea.state == State.SUBMITTED)
    owed = select(func.count(Answer.id)).where(Answer.answered_at.is_(None))
    assert session().scalar(waiting)
    assert session().scalar(owed)
    assert year.test_client().get("/ideas/new").status_code == 200


def test_colleagues_have_evaluated_and_some_still_owe_it(year: Flask) -> None:
    rows = evaluations.list_subjects(Progress.ALL)
    assert sorted((row.tally.done, row.tally.asked) for row in rows) == [
        (0, 2),
        (1, 1),
        (1, 2),
        (2, 2),
        (2, 4),
    ]


def test_nobody_is_mailed_about_the_past(year: Flask) -> None:
    assert session().scalar(select(func.count(OutboxEvent.id))) == 0
    assert session().scalar(select(Notice.id).where(Notice.mailing != Mailing.NONE)) is None


def test_the_inboxes_hold_what_happened_and_some_of_it_is_unread(year: Flask) -> None:
    for address in ("youth@example.org", "moderator@example.org", "official@example.org"):
        told = select(Notice).join(Account).where(Account.email == address)
        inbox = session().scalars(told).all()
        assert inbox, address
        assert 0 < sum(notice.read_at is None for notice in inbox) <= 3, address


def test_each_role_can_sign_in_with_the_password_that_was_printed(year: Flask) -> None:
    roles = set()
    for each in year.extensions["sign_ins"]:
        browser = year.test_client()
        answer = browser.post("/login", data={"email": each.email, "password": each.password})
        assert answer.status_code == 303, each.role
        assert browser.get("/me").status_code == 200
        roles.add(each.role.value)
    assert roles == {"youth", "moderator", "official", "admin"}


def test_the_first_youth_has_voted(year: Flask) -> None:
    cast = select(func.count(Ballot.id)).where(Ballot.cast_at.is_not(None))
    assert session().scalar(cast) == 620


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    "path",
    ["/", "/ideas", "/ideas/2", "/programmes", "/programmes/company-visits", "/shortlists/1", "/answers",
     "/reports/2025", "/opinion/ideas-2025", "/campaigns/ideas-2026", "/audit", "/privacy"],
)  # fmt: skip
def test_every_public_page_of_the_demo_answers_in_both_languages(
    year: Flask, path: str, lang: str
) -> None:
    answer = year.test_client().get(f"{path}?lang={lang}", follow_redirects=True)
    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text


def test_the_demo_is_not_loaded_over_something_else(year: Flask) -> None:
    refused = year.test_cli_runner().invoke(args=["demo", "load"])
    assert refused.exit_code == 1
    assert "empty database" in refused.output


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_the_exported_shortlist_opens_in_an_office_program_with_fifteen_rows(
    year: Flask, tmp_path: Path, file_format: str
) -> None:
    target = tmp_path / f"shortlist.{file_format}"
    written = year.test_cli_runner().invoke(
        args=[
            "export",
            "shortlist",
            "--campaign",
            "ideas-2025",
            "--format",
            file_format,
            "-o",
            str(target),
        ]
    )
    assert written.exit_code == 0, written.output
    rows = read_with_office(target, sheet=2 if file_format == "xlsx" else 1)
    assert rows[0][:4] == ["순위", "구분", "제안번호", "제목"]
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 16)]


def read_with_office(path: Path, *, sheet: int) -> list[list[str]]:
    """A sheet as LibreOffice itself reads it, written back as CSV."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        if os.environ.get("IDEAS_REQUIRE_OFFICE") == "1":
            pytest.fail("LibreOffice is required here: apt-get install libreoffice-calc")
        pytest.skip("LibreOffice is not installed (Debian: apt-get install libreoffice-calc)")
    target = path.parent / "read"
    subprocess.run(
        [office, f"-env:UserInstallation=file://{path.parent / 'profile'}", "--headless", "--convert-to",
         f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{sheet}",
         *(["--infilter=CSV:44,34,76,1"] if path.suffix == ".csv" else []),
         "--outdir", str(target), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    found = next(iter(target.glob("*.csv")))
    return list(csv.reader(io.StringIO(found.read_text(encoding="utf-8-sig"))))
