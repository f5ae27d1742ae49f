"""The database and cache servers of the trials, which can be made to fall."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from bench.faults.house import House
from tools import services

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


@dataclass
class Machines:
    """Servers that live as long as the block. `engine`: "sqlite" or "postgresql". `soak`: seconds of R13."""

    engine: str
    soak: float
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="ideas-faults-")))
    _houses: list[House] = field(default_factory=list)
    _postgres_url: str = ""
    _redis_url: str = ""

    def __enter__(self) -> Self:
        self.folder.chmod(0o711)
        if self.engine == "postgresql":
            # as in earnest: what was acknowledged is on the disk
            safe = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
            services.POSTGRES_OPTIONS |= safe
            self._postgres_url = services.start_postgres(self.folder)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for house in self._houses:
            house.kill()
        services.stop_redis(self.folder)
        services.stop_postgres(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_house(self, *, redis: bool = False) -> House:
        """A house with an empty database of its own."""
        name = f"trial_{len(self._houses)}"
        folder = self.folder / name
        folder.mkdir()
        if redis and not self._redis_url:
            self._redis_url = services.start_redis(self.folder)
        house = House(folder, self._new_database(folder, name), self._redis_url if redis else "")
        self._houses.append(house)
        return house

    def _new_database(self, folder: Path, name: str) -> str:
        if not self._postgres_url:
            return f"sqlite:///{folder / 'ideas.db'}"
        with psycopg.connect(self._postgres_url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return f"{self._postgres_url.rsplit('/', 1)[0]}/{name}"

    def stop_postgres(self) -> None:
        """Ends PostgreSQL at once, as a crash would."""
        self._control("-m", "immediate", "stop")

    def go_on_postgres(self) -> None:
        """Starts it again on its port; it recovers by itself."""
        port = self._postgres_url.rsplit(":", 1)[1].split("/")[0]
        options = " ".join(
            f"-c {name}={value!r}" for name, value in services.POSTGRES_OPTIONS.items()
        )
        log = self.folder / "postgres" / "server.log"
        self._control("-w", "-l", str(log), "-o", f"-p {port} {options}", "start")

    def _control(self, *words: str) -> None:
        data = self.folder / "postgres" / "data"
        command = [str(services.find_postgres() / "pg_ctl"), "-D", str(data), *words]
        services._run_as_postgres(command, self.folder / "postgres.log")  # noqa: SLF001  # the same servers

    def stop_redis(self) -> None:
        """Ends Redis at once."""
        port = int((self.folder / "redis" / "port").read_text())
        found = subprocess.run(
            ["pgrep", "-f", f"redis-server.*:{port}"], capture_output=True, text=True, check=False
        )
        for pid in found.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
