"""One application host: `flask serve` with its worker, as it would stand on a machine of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.cluster.servers import children_of, cpu_of
from bench.faults.house import _plain_environment
from config import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PORT = 8000
UP_WITHIN = 180.0
"""Seconds: the machine of a trial does everything at once."""


@dataclass
class Host:
    """A host at an address. `before`: words before each of its commands; `environ`: its settings."""

    folder: Path
    address: str
    before: list[str]
    environ: dict[str, str]
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Starts server and worker; returns when the host is ready. Raises `TimeoutError`."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "metrics").mkdir(exist_ok=True)
        own = {"PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics")}
        serve = ["serve", "--host", self.address, "--port", str(PORT), "--no-migrate"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "flask", "--app", "ideas_app", *serve],
                cwd=ROOT,
                env={**_plain_environment(), **self.environ, **own},
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + UP_WITHIN
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("/readyz")[0] == 200:
                    return
            time.sleep(0.1)
        said = (self.folder / "log").read_text(errors="replace").splitlines()[-1:]
        raise TimeoutError(f"{self.address} does not answer; last said: {said}")

    def ask(self, path: str, cookie: str = "") -> tuple[int, str]:
        """Status and text of a page, asked of this host alone."""
        headers = {"Host": "127.0.0.1", **({"Cookie": cookie} if cookie else {})}
        with closing(http.client.HTTPConnection(self.address, PORT, timeout=20)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")

    def ready(self) -> dict[str, Any]:
        """What it says of itself."""
        found: dict[str, Any] = json.loads(self.ask("/readyz")[1])
        return found

    def wait_for_replica(self, standing: str, seconds: float = 60) -> float:
        """Seconds until it says so of the replica. Raises `TimeoutError`."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            if self.ready().get("replica") == standing:
                return time.monotonic() - begun
            time.sleep(0.2)
        raise TimeoutError(f"the replica is {self.ready().get('replica')}, not {standing}")

    def kill(self) -> None:
        """Ends everything of the host as a power cut would."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def cpu(self) -> float:
        """Seconds of CPU of its server processes and worker, those that run now."""
        if self._process is None:
            return 0.0
        pid = self._process.pid
        return cpu_of(pid) + sum(cpu_of(child) for child in children_of(pid))
