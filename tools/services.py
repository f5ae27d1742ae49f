"""Throw-away PostgreSQL and Redis for tests and benchmarks, on loopback, without a service manager.

    tools/services.py run [--redis] -- COMMAND ...   starts them, runs COMMAND, stops them
    tools/services.py start-postgres                 prints its DATABASE_URL
    tools/services.py start-redis                    prints its REDIS_URL
    tools/services.py stop                           ends and deletes both

`run` gives COMMAND the variables DATABASE_URL and REDIS_URL and ends with its exit status.
Never for real data: nothing is written safely, anyone on this machine may log in, `stop` deletes.
Standard library only, so that it runs before anything is installed. Must not know the service.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

POSTGRES_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
POSTGRES_ACCOUNT = "postgres"
DATABASE = "ideas_test"
TRIES = 3
"""Another program may take the free port between looking and listening."""

POSTGRES_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    # lost in a power cut, and nobody will miss it
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class ServiceError(Exception):
    """A service that could not be started; one line, with what to do."""


def find_postgres() -> Path:
    """The folder of the newest PostgreSQL's programs. Raises `ServiceError` when there is none."""
    found = [
        path.parent
        for pattern in POSTGRES_FOLDERS
        for path in Path("/").glob(f"{pattern.lstrip('/')}/initdb")
    ]
    if found:
        return max(found, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))])
    program = shutil.which("initdb")
    if program:
        return Path(program).resolve().parent
    raise ServiceError("PostgreSQL is not installed: apt-get install postgresql")


def find_free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run_as_postgres(command: list[str], log: Path) -> int:
    """Runs a program of PostgreSQL, which refuses to be root; what it says goes to `log`."""
    account = POSTGRES_ACCOUNT if os.geteuid() == 0 else None
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            user=account,
            group=account,
            extra_groups=[] if account else None,
        )
    return done.returncode


def start_postgres(folder: Path) -> str:
    """Makes a cluster in `folder` and starts it; its DATABASE_URL. Raises `ServiceError`."""
    programs = find_postgres()
    home = folder / "postgres"
    if home.exists():
        raise ServiceError(f"there is a PostgreSQL in {folder} already: stop it first")
    home.mkdir(mode=0o700)
    log = folder / "postgres.log"
    if os.geteuid() == 0:
        _give_to_postgres(home)
    initdb = [str(programs / "initdb"), "-D", str(home / "data"), "-U", POSTGRES_ACCOUNT]
    initdb += ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    _must(initdb, log)
    for attempt in range(TRIES):
        port = find_free_port()
        options = " ".join(f"-c {name}={value!r}" for name, value in POSTGRES_OPTIONS.items())
        start = [str(programs / "pg_ctl"), "-D", str(home / "data"), "-w", "-t", "60"]
        start += ["-l", str(home / "server.log"), "-o", f"-p {port} {options}", "start"]
        if _run_as_postgres(start, log) == 0:
            break
        if attempt == TRIES - 1:
            raise ServiceError(f"PostgreSQL did not start: {_last_line(home / 'server.log')}")
    createdb = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port)]
    _must([*createdb, "-U", POSTGRES_ACCOUNT, DATABASE], log)
    return f"postgresql://{POSTGRES_ACCOUNT}@127.0.0.1:{port}/{DATABASE}"


def _give_to_postgres(home: Path) -> None:
    try:
        account = pwd.getpwnam(POSTGRES_ACCOUNT)
    except KeyError:
        raise ServiceError("there is no account 'postgres': apt-get install postgresql") from None
    os.chown(home, account.pw_uid, account.pw_gid)


def _must(command: list[str], log: Path) -> None:
    if _run_as_postgres(command, log) != 0:
        raise ServiceError(f"{Path(command[0]).name} failed: {_last_line(log)}")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it gave no reason"


def stop_postgres(folder: Path) -> None:
    """Stops the cluster in `folder`, if there is one, and deletes it."""
    home = folder / "postgres"
    if (home / "data" / "postmaster.pid").exists():
        stop = [str(find_postgres() / "pg_ctl"), "-D", str(home / "data"), "-w", "-m", "immediate"]
        _run_as_postgres([*stop, "stop"], folder / "postgres.log")
    shutil.rmtree(home, ignore_errors=True)


def start_redis(folder: Path) -> str:
    """Starts a Redis that keeps nothing on disk; its REDIS_URL. Raises `ServiceError`."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServiceError("Redis is not installed: apt-get install redis-server")
    home = folder / "redis"
    if home.exists():
        raise ServiceError(f"there is a Redis in {folder} already: stop it first")
    home.mkdir(mode=0o700)
    for _ in range(TRIES):
        port = find_free_port()
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--daemonize", "yes"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(home)]
        command += ["--logfile", str(home / "server.log")]
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        if _answers(port):
            (home / "port").write_text(str(port))
            return f"redis://127.0.0.1:{port}/0"
    raise ServiceError(f"Redis did not start: {_last_line(home / 'server.log')}")


def _ask_redis(port: int, command: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(command + b"\r\n")
        return connection.recv(64)


def _answers(port: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if _ask_redis(port, b"PING").startswith(b"+PONG"):
                return True
        time.sleep(0.05)
    return False


def stop_redis(folder: Path) -> None:
    """Stops the Redis of `folder`, if there is one."""
    home = folder / "redis"
    if (home / "port").exists():
        with contextlib.suppress(OSError):
            _ask_redis(int((home / "port").read_text()), b"SHUTDOWN NOSAVE")
    shutil.rmtree(home, ignore_errors=True)


def _own_folder(given: str | None) -> Path:
    """The folder that `start-...` and `stop` share; the postgres account must be able to enter."""
    folder = Path(given or Path(tempfile.gettempdir()) / f"ideas-services-{os.getuid()}").absolute()
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)
    if folder.stat().st_uid != os.getuid():
        raise ServiceError(f"{folder} belongs to somebody else: choose another with --dir")
    return folder


def _leave(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


@contextlib.contextmanager
def services(*, redis: bool) -> Iterator[dict[str, str]]:
    """PostgreSQL, and Redis if asked for, while the block runs; the variables that name them."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    folder = Path(tempfile.mkdtemp(prefix="ideas-services-"))
    folder.chmod(0o711)
    try:
        named = {"DATABASE_URL": start_postgres(folder)}
        if redis:
            named["REDIS_URL"] = start_redis(folder)
        yield named
    finally:
        stop_redis(folder)
        stop_postgres(folder)
        shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str], *, redis: bool) -> int:
    """Runs `command` with the services; its exit status, as a shell would give it."""
    if not command or shutil.which(command[0]) is None:
        raise ServiceError(f"no such command: {' '.join(command[:1]) or 'give one after --'}")
    with services(redis=redis) as named, subprocess.Popen(command, env=os.environ | named) as child:
        while True:
            try:
                status = child.wait()
            except KeyboardInterrupt:
                continue  # the terminal told the command too; it says when it is done
            except BaseException:
                child.terminate()
                raise
            return status if status >= 0 else 128 - status


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("start-postgres", "start-redis", "stop"):
        verbs.add_parser(verb).add_argument(
            "--dir", help="where its files stand (default: in /tmp)"
        )
    runner = verbs.add_parser("run")
    runner.add_argument("--redis", action="store_true", help="a Redis too")
    runner.add_argument("command", nargs=argparse.REMAINDER, help="after --")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """The command line; the exit status."""
    options = _parse(arguments)
    try:
        if options.verb == "run":
            command = options.command[1:] if options.command[:1] == ["--"] else options.command
            return run(command, redis=options.redis)
        folder = _own_folder(options.dir)
        if options.verb == "start-postgres":
            print(start_postgres(folder))
        elif options.verb == "start-redis":
            print(start_redis(folder))
        else:
            stop_redis(folder)
            stop_postgres(folder)
            (folder / "postgres.log").unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # whatever else is in it is not ours
                folder.rmdir()
    except ServiceError as error:
        print(f"services: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
