"""A process that has imported the service and forks one for each order: real processes, without the long start.

Reads one JSON order a line, {"environ", "folder", "args"}, and answers with the child's id. `args` are those of
`flask`; the single word "publish-and-die" is a web process that is killed right after its commit.
Run as a program: `python -m tests.cli.zygote`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from config import ROOT, Settings
from ideas_app.core import clock
from ideas_app.factory import build_app


class Crew:
    """The side of the tests: orders processes and ends them."""

    def __init__(self) -> None:
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.zygote"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._pids: list[int] = []

    def start(self, environ: dict[str, str], folder: Path, *args: str) -> int:
        order = {"environ": environ, "folder": str(folder), "args": args}
        assert self._zygote.stdin
        assert self._zygote.stdout
        self._zygote.stdin.write(json.dumps(order) + "\n")
        self._zygote.stdin.flush()
        self._pids.append(int(self._zygote.stdout.readline()))
        return self._pids[-1]

    def close(self) -> None:
        for pid in self._pids:
            if lives(pid):
                os.kill(pid, signal.SIGKILL)
        self._zygote.communicate(timeout=20)


def lives(pid: int) -> bool:
    """Whether a process still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _live_by_day() -> None:
    """By night no mail of a notice goes out: the processes live at the noon of tomorrow."""
    real = datetime.now(UTC)
    ahead = clock.day_start(clock.local_date(real) + timedelta(days=1), 12) - real
    clock.now = lambda: datetime.now(UTC) + ahead


def _be(order: dict) -> None:
    _live_by_day()
    folder = Path(order["folder"])
    log = os.open(folder / "process.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    app = build_app(Settings.from_env(order["environ"], instance=folder))
    if order["args"] == ["publish-and-die"]:
        from ideas_app.accounts.events import ResetAsked
        from ideas_app.core import db, outbox

        with app.app_context(), db.transaction() as current:
            outbox.publish(ResetAsked(1))
            current.info["after_commit"].insert(0, lambda: os.kill(os.getpid(), signal.SIGKILL))
    app.cli.main(args=order["args"], standalone_mode=True, obj=_info_of(app))


def _info_of(app):
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


def main() -> None:
    signal.signal(
        signal.SIGCHLD, signal.SIG_IGN
    )  # nobody waits for the children: none stays a zombie
    with TemporaryDirectory() as folder:  # imports everything, once
        build_app(Settings.from_env({"ENVIRONMENT": "test"}, instance=Path(folder)))
    importlib.import_module("huey.consumer")  # a worker would import it at its first call
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _be(json.loads(line))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
