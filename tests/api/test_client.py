"""The example client asks a running service, over its pages, and waits where it is asked to."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from config import ROOT
from ideas_app.core.db import db, session, transaction
from ideas_app.ideas.models import Idea
from ideas_app.shortlists.models import Round, RoundState
from ideas_app.votes.models import Support
from tests.api.programs import token_of
from tests.browser_fixtures.house import open_house
from tests.factories import make_campaign, make_idea
from tests.people import Cast
from tests.shortlists.scenes import closed_ballot, computed

FILE = ROOT / "examples" / "client.py"
DRAFT = [
    "--campaign", "ideas-2026", "--field", "move", "--title", "산단에서 시내로 가는 막차를 늦춰 주세요",
    "--why", "밤 열 시에 일을 마치면 버스가 없어요.", "--key", "one idea",
]  # fmt: skip


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("example_client", FILE)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def service(make_database, tmp_path_factory):
    """A running service with two ideas of Mina's and a published shortlist, and a token of Jun's."""
    with open_house(make_database("client"), tmp_path_factory.mktemp("client")) as house:
        with house.inside():
            cast = Cast.assemble()
            key = SimpleNamespace(id=make_campaign().id)
            ideas = [make_idea(cast.mina, key).id for _idea in range(3)]
            campaign, _ideas = closed_ballot(cast, slug="ideas-2025")
            shortlist = computed(cast, campaign).id
            with transaction() as rows:
                # public without its long analysis, which this is not about
                rows.get_one(Round, shortlist).state = RoundState.PUBLISHED
            token = token_of(cast.jun)
        yield SimpleNamespace(house=house, token=token, ideas=ideas, shortlist=shortlist)


@pytest.fixture
def run(module, service, monkeypatch, capsys):
    """Runs a command of the client against the running service; its exit, output and complaints."""
    monkeypatch.setenv("IDEAS_URL", service.house.address)
    monkeypatch.setenv("IDEAS_TOKEN", service.token)

    def command(*words):
        code = module.main([str(word) for word in words])
        return code, *capsys.readouterr()

    return command


def count(house, kind):
    with house.inside():
        return session().scalar(select(func.count()).select_from(kind))


def test_the_file_needs_nothing_but_python(service):
    environment = {**os.environ, "IDEAS_URL": service.house.address, "PYTHONPATH": ""}
    bare = [sys.executable, "-I", str(FILE)]
    told = subprocess.run(
        [*bare, "--help"], check=True, capture_output=True, text=True, env=environment
    )
    assert "shortlist" in told.stdout
    imported = re.findall(r"^(?:from|import) (\w+)", FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(imported) <= sys.stdlib_module_names | {"__future__"}


def test_it_lists_sends_supports_and_prints_a_shortlist(run, service):
    house = service.house
    code, out, _err = run("ideas", "--campaign", "ideas-2026", "--most", 2)
    assert (code, len(out.splitlines())) == (0, 2)
    before = count(house, Idea)
    first, again = run("submit", *DRAFT), run("submit", *DRAFT)
    assert first == again
    assert "submitted" in first[1]
    assert count(house, Idea) == before + 1
    assert json.loads(run("support", service.ideas[0])[1]) == {"supports": 1, "supported": True}
    assert count(house, Support) == 1
    back = run("support", service.ideas[0], "--back")
    assert json.loads(back[1]) == {"supports": 0, "supported": False}
    out = run("shortlist", service.shortlist)[1]
    assert out.startswith("ideas-2025: mes")
    assert "제안 a" in out


def test_what_was_refused_is_said_in_words(run):
    code, _out, err = run("--language", "en", "submit", *DRAFT[:-3], " ", "--key", "other")
    assert code == 1
    assert err.startswith("why_empty: ")
    assert "\n  why: " in err


def test_it_reads_over_pages(module, service):
    client = module.Client(service.house.address)
    found = [each["id"] for each in client.ideas(campaign="ideas-2026", sort="new", limit=2)]
    assert found == service.ideas[::-1]


class Busy(BaseHTTPRequestHandler):
    """A service that is busy as often as `server.refusals` says; it remembers what it was sent."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        status = self.server.refusals.pop(0) if self.server.refusals else 201
        body = json.dumps(
            {"code": "busy", "detail": "busy"} if status > 299 else {"id": 1}
        ).encode()
        self.send_response(status)
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def busy():
    with ThreadingHTTPServer(("127.0.0.1", 0), Busy) as server:
        server.keys, server.refusals = [], []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_it_waits_as_long_as_it_is_told_and_sends_the_same_key(module, busy):
    waited = []
    client = module.Client(f"http://127.0.0.1:{busy.server_port}", sleep=waited.append)
    busy.refusals[:] = [429, 503]
    assert client.submit(title="막차") == {"id": 1}
    assert waited == [7, 7]
    assert len(set(busy.keys)) == 1
    busy.refusals[:] = [429] * module.TRIES
    with pytest.raises(module.Problem) as fault:
        client.submit(title="막차")
    assert (fault.value.status, fault.value.code) == (429, "busy")


def test_the_widget_asks_for_what_any_site_may_read(app, stranger):
    written = (Path(ROOT) / "examples" / "widget.html").read_text(encoding="utf-8")
    (path,) = re.findall(r"/api/v1(/[^`]+)`", written)
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "innerHTML" not in written
    db.session.remove()
