"""PostgreSQL with a streaming replica, PgBouncer, Redis and nginx, and what each costs in CPU."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.faults.machines import _NGINX, NotHere
from config import ROOT
from tools import services

_SAFE = {
    "unix_socket_directories": "",
    "max_connections": "120",
    "timezone": "UTC",
    "shared_buffers": "256MB",
    # as in earnest: what was acknowledged is on the disk
    "synchronous_commit": "on",
    "wal_level": "replica",
    "wal_keep_size": "256MB",
    "hot_standby": "on",
    # a long read on the replica is not ended by what the primary sweeps away
    "hot_standby_feedback": "on",
}
_PGBOUNCER = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = {host}
listen_port = {own}
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
max_client_conn = 400
default_pool_size = 10
unix_socket_dir =
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


@dataclass
class Postgres:
    """A server of PostgreSQL in a folder."""

    folder: Path
    address: str
    port: int = field(default_factory=services.find_free_port)

    @property
    def url(self) -> str:
        """Of its maintenance database."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """Of a database, for SQLAlchemy and psycopg."""
        return f"postgresql://postgres@{self.address}:{self.port}/{database}"

    def make(self) -> None:
        """An empty cluster that lets everybody of these networks in."""
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all all trust\nhost replication all all trust\n")

    def follow(self, primary: Postgres) -> None:
        """A copy of the primary that goes on following it."""
        copy = [
            "-h",
            primary.address,
            "-p",
            str(primary.port),
            "-U",
            "postgres",
            "-R",
            "-X",
            "stream",
        ]
        self._run("pg_basebackup", *copy, "-c", "fast")

    def start(self) -> None:
        """Starts it; returns when it answers."""
        options = " ".join(f"-c {name}={value!r}" for name, value in _SAFE.items())
        options += f" -c listen_addresses={self.address} -p {self.port}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-t", "120", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Ends it at once, as a crash would."""
        with suppress(services.ServiceError):
            self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *words: str) -> None:
        self.folder.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        command = [str(services.find_postgres() / program), "-D", str(self.folder / "data"), *words]
        services._must(command, self.folder.parent / "postgres.log")  # the same programs

    def cpu(self) -> float:
        """Seconds of CPU that it used so far, all its processes together."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        return cpu_of(pid, ended=True) + sum(cpu_of(child) for child in children_of(pid))

    def query(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Rows of a statement, which is committed at once."""
        with psycopg.connect(self.url_of(database), autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[arg-type]
            return found.fetchall() if found.description else []


def start_pgbouncer(folder: Path, primary: Postgres) -> tuple[subprocess.Popen[bytes], int]:
    """PgBouncer in transaction mode before the primary; it and its port. Raises `NotHere`."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        raise NotHere("PgBouncer is not installed: apt-get install pgbouncer")
    own = services.find_free_port()
    home = folder / "pgbouncer"
    home.mkdir()
    settings = home / "pgbouncer.ini"
    settings.write_text(
        _PGBOUNCER.format(host=primary.address, port=primary.port, own=own, folder=home)
    )
    (home / "users").write_text('"postgres" ""\n')
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(home, user)
    command = [program, "-q", str(settings)]
    return subprocess.Popen(command, user=user, stdout=subprocess.DEVNULL), own


def start_redis(folder: Path, address: str) -> tuple[subprocess.Popen[bytes], str]:
    """A Redis that keeps nothing; it and its address. Raises `NotHere`."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotHere("Redis is not installed: apt-get install redis-server")
    port = services.find_free_port()
    command = [program, "--bind", address, "--port", str(port), "--save", "", "--appendonly", "no"]
    command += ["--protected-mode", "no", "--dir", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL), f"redis://{address}:{port}/0"


def start_nginx(folder: Path, hosts: list[str]) -> tuple[subprocess.Popen[bytes], int]:
    """Nginx before the hosts, with what `deploy/` tells it; it and its port. Raises `NotHere`."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        raise NotHere("nginx is not installed: apt-get install nginx-light")
    home, port = folder / "nginx", services.find_free_port()
    home.mkdir()
    proxy = home / "proxy.conf"
    rules = (ROOT / "deploy" / "nginx" / "proxy.conf").read_text(encoding="utf-8")
    proxy.write_text(rules.replace("ideas_connections 40", "ideas_connections 200"))
    text = _NGINX.format(folder=home, service=0, port=port, proxy=proxy)
    one = "server 127.0.0.1:0 max_fails=1 fail_timeout=5s;"
    every = " ".join(f"server {host} max_fails=1 fail_timeout=5s;" for host in hosts)
    assert one in text, "the upstream of the trials has another form"
    settings = home / "nginx.conf"
    settings.write_text(text.replace(one, every), encoding="utf-8")
    return subprocess.Popen([program, "-p", str(home), "-c", str(settings)]), port


def children_of(pid: int) -> list[int]:
    """The numbers of a process's children."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.name))
    return found


def cpu_of(pid: int, *, ended: bool = False) -> float:
    """Seconds of CPU of a process; with `ended`, those of its children that have ended as well."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11 : 15 if ended else 13])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def end(process: subprocess.Popen[bytes] | None) -> None:
    """Ends a server that was started here."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    time.sleep(0.1)
