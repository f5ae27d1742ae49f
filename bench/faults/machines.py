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
from config import ROOT
from tools import services

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


_NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    limit_conn_zone $binary_remote_addr zone=ideas_connections:10m;
    # everybody in a trial comes from one address
    limit_req_zone $binary_remote_addr zone=ideas_requests:10m rate=5000r/s;
    map $arg_v $ideas_static {{ default "public, max-age=31536000, immutable"; }}
    upstream ideas {{
        server 127.0.0.1:{service} max_fails=1 fail_timeout=5s; keepalive 32; keepalive_timeout 4s;
    }}
    server {{ listen 127.0.0.1:{port}; include {proxy}; }}
}}
"""


class NotHere(Exception):  # says what it is
    """What a trial needs is not on this machine; the words say how to get it."""


@dataclass
class Machines:
    """Servers that live as long as the block. `engine`: "sqlite" or "postgresql". `soak`: seconds of R13."""

    engine: str
    soak: float
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="ideas-faults-")))
    _houses: list[House] = field(default_factory=list)
    _postgres_url: str = ""
    _redis_url: str = ""
    _nginx: subprocess.Popen[bytes] | None = None

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
        if self._nginx:
            self._nginx.terminate()
            self._nginx.wait()
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

    def clone(self) -> Path:
        """The folder of a clean clone of the last commit. Raises `NotHere`."""
        folder = self.folder / "clone"
        if not shutil.which("git") or not (ROOT / ".git").exists():
            raise NotHere("git, or the history of this code, is not here")
        if not folder.exists():
            command = ["git", "clone", "--quiet", "--no-local", str(ROOT), str(folder)]
            subprocess.run(command, check=True)
        return folder

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

    def start_nginx(self, service: int) -> int:
        """Puts nginx before a service, with what `deploy/` tells it; its port. Raises `NotHere`."""
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        if program is None:
            raise NotHere("nginx is not installed: apt-get install nginx-light")
        port, folder = services.find_free_port(), self.folder / "nginx"
        folder.mkdir()
        proxy = folder / "proxy.conf"
        # 50 slow connections come from one address here, and from many in earnest
        rules = (ROOT / "deploy" / "nginx" / "proxy.conf").read_text(encoding="utf-8")
        rules = rules.replace("ideas_connections 40", "ideas_connections 200")
        proxy.write_text(rules.replace("/opt/ideas/static/", f"{ROOT / 'static'}/"))
        settings = folder / "nginx.conf"
        settings.write_text(
            _NGINX.format(folder=folder, service=service, port=port, proxy=proxy), encoding="utf-8"
        )
        self._nginx = subprocess.Popen([program, "-p", str(folder), "-c", str(settings)])
        return port

    def stop_redis(self) -> None:
        """Ends Redis at once."""
        port = int((self.folder / "redis" / "port").read_text())
        found = subprocess.run(
            ["pgrep", "-f", f"redis-server.*:{port}"], capture_output=True, text=True, check=False
        )
        for pid in found.stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
