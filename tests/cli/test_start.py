"""A process starts with what every process needs, and with nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.test import Client

from config import ROOT
from ideas_app.adapters import metrics
from ideas_app.cli import minding, raising
from tests.cli.post_office import wait_until
from tests.cli.zygote import lives

SELDOM = {
    "PIL",
    "alembic",
    "authlib",
    "cryptography",
    "flask_migrate",
    "granian",
    "holidays",
    "huey",
    "hwpx",
    "joserfc",
    "lxml",
    "numpy",
    "openpyxl",
    "prometheus_client",
    "psycopg",
    "pyotp",
    "python_calamine",
    "redis",
    "segno",
    "typst",
    "vl_convert",
    "xlsxwriter",
}
"""Libraries of maps, documents, rosters, queues and migrations: together 70 MB of a process."""
_START = """
import json, sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from config import Settings
from ideas_app.factory import build_app

build_app(Settings.from_env({"ENVIRONMENT": "test"}, instance=Path(sys.argv[1])))
print(json.dumps(sorted(name.partition(".")[0] for name in sys.modules)))
"""


def test_building_the_application_imports_no_library_that_few_processes_need(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", _START, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(json.loads(told.stdout))
    assert {"flask", "sqlalchemy"} <= imported
    assert SELDOM & imported == set()


def test_the_commands_of_migrations_are_there_although_nothing_is_imported_for_them(app):
    runner = app.test_cli_runner()
    assert "db " in runner.invoke(args=["--help"]).output
    assert "downgrade" in runner.invoke(args=["db", "--help"]).output
    assert runner.invoke(args=["db", "show", "0001"]).exit_code == 0
    assert runner.invoke(args=["db", "show", "nothing"]).exit_code == 1


# starts children, then minds them: arguments are the folder, and a command for each child
_MINDED = """
import json, os, runpy, signal, subprocess, sys, time
folder, commands = sys.argv[1], json.loads(sys.argv[2])
# kept: what looks after a process of its own that nobody holds any more would bury it
started = [subprocess.Popen(["sh", "-c", one], cwd=folder) for one in commands]
children = {one.pid: "server" for one in started}
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP, signal.SIGTERM})
while not os.path.exists(os.path.join(folder, "number")):
    time.sleep(0.02)
open(os.path.join(folder, "up"), "w").close()
state = {"folder": folder, "listeners": [], "worker": False, "children": children, "leaving": {}}
runpy.run_path(sys.argv[3])["become"]("mind", {**state, "born": time.monotonic()})
"""
# in the place of what imports the service: starts a process, or fails where there is a file named `broken`
_RAISING = """
import os, pathlib, signal, subprocess
def listen_to_signals():
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
def raise_anew(listeners, *, worker):
    if os.path.exists("broken"):
        raise ValueError("a fault of the new version")
    new = subprocess.Popen(["sleep", "1000"], preexec_fn=listen_to_signals).pid
    pathlib.Path("new").write_text(str(new))
    return {new: "server"}
"""
_STAYS = "echo $$ > draft; mv draft number; exec sleep 1000"


@contextmanager
def mind(folder: Path, *commands: str) -> Iterator[subprocess.Popen[str]]:
    """Children that run the commands, and what minds them; once a signal reaches it and the first has its number."""
    os.mkfifo(folder / "up")
    script = [sys.executable, "-c", _MINDED, str(folder), json.dumps(commands), minding.__file__]
    with subprocess.Popen(script, cwd=folder, stderr=subprocess.PIPE, text=True) as found:
        try:
            (folder / "up").read_text()
            yield found
        finally:
            found.kill()


def test_when_a_process_ends_right_after_the_start_all_are_ended_and_its_code_is_told(tmp_path):
    ends = "while [ ! -e number ]; do sleep 0.02; done; exit 3"
    with mind(tmp_path, _STAYS, ends) as minded:
        assert minded.wait(timeout=60) == 3
    assert not lives(int((tmp_path / "number").read_text()))


def test_a_reload_that_fails_leaves_the_former_processes_and_one_that_works_ends_them(tmp_path):
    package = tmp_path / "ideas_app" / "cli"
    package.mkdir(parents=True)
    (package / "raising.py").write_text(_RAISING)
    (tmp_path / "broken").touch()
    with mind(tmp_path, _STAYS) as minded:
        former = int((tmp_path / "number").read_text())
        assert minded.stderr
        minded.send_signal(signal.SIGHUP)
        assert "a fault of the new version" in minded.stderr.readline()
        assert lives(former)
        (tmp_path / "broken").unlink()
        minded.send_signal(signal.SIGHUP)
        wait_until(lambda: not lives(former))
        new = int((tmp_path / "new").read_text())
        assert lives(new)
        minded.terminate()
        assert minded.wait(timeout=60) == 0
        assert not lives(new)


def test_a_process_that_is_to_leave_bids_each_client_come_back_by_a_new_connection(
    app: Flask,
) -> None:
    farewell = raising.Farewell(app)
    try:
        browser = Client(farewell)
        assert "Connection" not in browser.get("/healthz").headers
        os.kill(os.getpid(), signal.SIGUSR1)
        answer = browser.get("/healthz")
    finally:
        signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    assert (answer.status_code, answer.headers["Connection"]) == (200, "close")


def test_pages_asked_for_before_the_start_are_not_counted(app: Flask) -> None:
    def counted() -> bytes:
        return metrics.render([], shared=False)[0]

    before = counted()
    with metrics.uncounted():
        app.test_client().get("/healthz")
    assert counted() == before
    app.test_client().get("/healthz")
    assert counted() != before
