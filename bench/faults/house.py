"""A service under trial: its processes, its database, its people, and two ways to count what it holds.

One way goes through the service's pages; the other reads the rows with the database's own driver, so that a fault
of the service cannot hide itself.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert

from config import ROOT, Settings
from ideas_app.accounts.models import Account, LoginSession, Tie
from ideas_app.core import clock
from ideas_app.core.db import db, session, transaction
from ideas_app.core.permissions import Role
from ideas_app.core.tokens import new_token, token_hash
from ideas_app.factory import build_app
from tests.conftest import migrate
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tools.services import find_free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

UP_WITHIN = 60.0
"""Seconds after which a service that does not answer counts as not coming back, unless its house says otherwise."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in: the cookie of the session, and the token that forms send."""

    account_id: int
    cookie: str
    csrf: str


@dataclass
class House:
    """One service over one database. `environ` may be changed between starts."""

    folder: Path
    database_url: str
    redis_url: str = ""
    mail_url: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    root: Path = ROOT
    """The folder of the code that its commands run."""
    before: tuple[str, ...] = ()
    """Words before the command, as in `faketime -1h`."""
    port: int = field(default_factory=find_free_port)
    up_within: float = UP_WITHIN
    largest_file: int = 0
    """Bytes that a file of the service may reach; 0 for any."""
    people: list[Person] = field(default_factory=list)
    ideas: list[int] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "instance").mkdir(exist_ok=True)
        self.environ |= {
            "ENVIRONMENT": "production",
            "DEMO": "0",
            "SECRET_KEY": hashlib.sha256(b"trial").hexdigest(),
            "PERSON_KEY": hashlib.sha256(b"trial, persons").hexdigest(),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "MAIL_URL": self.mail_url or f"file:{self.folder / 'mail'}",
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "TRUSTED_HOSTS": "127.0.0.1",
            "WORKERS": "2",
            "THREADS": "4",
            "LOG_LEVEL": "error",
        }

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file."""
        return self.database_url.startswith("sqlite")

    def fill(self, people: int, ideas: int) -> None:
        """Migrates, and makes signed-in youth and published ideas of somebody else."""
        app = self._app()
        migrate(app)
        with app.app_context():
            author = make_account("Author", email=f"author-{secrets.token_hex(4)}@example.org")
            campaign = make_campaign(f"trial-{secrets.token_hex(4)}")
            self.ideas = [make_idea(author, campaign).id for _ in range(ideas)]
            self.people = self._make_people(app, people)
            db.session.remove()
            db.engine.dispose()

    def invite(self, people: int) -> None:
        """Signed-in youth, beside whoever is there already."""
        app = self._app()
        with app.app_context():
            self.people = self._make_people(app, people)
            db.session.remove()
            db.engine.dispose()

    def _make_people(self, app: Flask, count: int) -> list[Person]:
        now, mark = clock.now(), secrets.token_hex(4)
        with transaction():
            rows = [
                {
                    "email": f"youth{number}-{mark}@example.org",
                    "email_key": f"youth{number}-{mark}@example.org",
                    "nickname": f"youth{number}-{mark}",
                    "nickname_key": f"youth{number}-{mark}",
                    "role": Role.YOUTH,
                    "tie": Tie.RESIDENT,
                    "born_on": clock.today() - timedelta(days=9000),
                    "created_at": now - timedelta(days=60),
                    "verified_at": now - timedelta(days=60),
                }
                for number in range(count)
            ]
            made = session().scalars(insert(Account).returning(Account.id), rows).all()
            tokens = {account_id: new_token() for account_id in made}
            session().execute(
                insert(LoginSession),
                [
                    {
                        "account_id": account_id,
                        "token_hash": token_hash(token),
                        "created_at": now,
                        "seen_at": now,
                    }
                    for account_id, token in tokens.items()
                ],
            )
        signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        forms = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token")
        found = []
        for account_id, token in tokens.items():
            raw = secrets.token_hex(20)
            cookie = signer.dumps({"sid": token, "csrf_token": raw})
            found.append(Person(account_id, f"session={cookie}", str(forms.dumps(raw))))
        return found

    def _app(self) -> Flask:
        return build_app(Settings.from_env(self.environ, instance=self.folder / "instance"))

    @contextmanager
    def inside(self) -> Iterator[None]:
        """For calling services of the house from here."""
        with self._app().app_context():
            yield
            db.session.remove()
            db.engine.dispose()

    @property
    def whole_environment(self) -> dict[str, str]:
        """What a process of the service finds in its environment."""
        return {**_plain_environment(), **self.environ}

    @property
    def pid(self) -> int:
        """The process above all others of the service; 0 while it does not run."""
        return self._process.pid if self._process else 0

    def flask(self, *args: str, **options: Any) -> subprocess.Popen[bytes]:
        """A command of the service, in a process group of its own."""
        limit = self.largest_file

        def bound() -> None:
            if limit:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        log = (self.folder / "log").open("ab")
        with log:
            return subprocess.Popen(
                [*self.before, sys.executable, "-m", "flask", "--app", "ideas_app", *args],
                cwd=self.root,
                env=self.whole_environment,
                start_new_session=True,
                stdout=options.get("stdout", log),
                stderr=log,
                preexec_fn=bound if limit else None,  # noqa: PLW1509  # no thread of ours runs yet
            )

    def start(self, *options: str) -> float:
        """Starts server and worker; seconds until a page was served."""
        self._process = self.flask("serve", "--port", str(self.port), *options)
        return self.wait_until_up()

    def wait_until_up(self, path: str = "/readyz") -> float:
        """Seconds until the path is answered with 200. Raises `TimeoutError`."""
        begun = time.monotonic()
        while time.monotonic() - begun < self.up_within:
            with suppress(OSError, http.client.HTTPException):
                if self.get(path)[0] == 200:
                    return time.monotonic() - begun
            time.sleep(0.05)
        said = (self.folder / "log").read_text(errors="replace").strip().splitlines()[-1:]
        raise TimeoutError(f"no answer of {path} within {self.up_within:.0f} s; last said: {said}")

    def get(self, path: str, cookie: str = "", *, within: float = 10) -> tuple[int, str]:
        """Status and text of a page."""
        made = http.client.HTTPConnection("127.0.0.1", self.port, timeout=within)
        with closing(made) as connection:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")

    def reload(self) -> None:
        """Asks the server to exchange its processes."""
        if self._process:
            self._process.send_signal(signal.SIGHUP)

    def kill(self) -> None:
        """Ends server and worker as a power cut would."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> float:
        """Ends them in peace; seconds taken."""
        begun = time.monotonic()
        if self._process:
            if self.before:
                # words before the command are a process of its own, which passes no signal on
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.terminate()
            self._process.wait(timeout=60)
            until = time.monotonic() + 20
            while self.processes() and time.monotonic() < until:
                time.sleep(0.05)
            for pid in self.processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process = None
        return time.monotonic() - begun

    def processes(self) -> list[int]:
        """Everything that runs for the service now."""
        group = self._process.pid if self._process else 0
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    # one that has ended and that nobody has asked after is none
                    state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                    if state != "Z" and os.getpgid(int(entry.name)) == group:
                        found.append(int(entry.name))
        return found

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows, read with the database's own driver."""
        if self.is_sqlite:
            with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as found:
                return found.execute(statement).fetchall()
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement).fetchall()  # type: ignore[arg-type]

    def counted(self) -> dict[int, int]:
        """Supports of each idea by its rows. Raises `AssertionError` where rows or counters contradict."""
        double = self.query(
            "SELECT account_id, idea_id FROM support GROUP BY account_id, idea_id HAVING count(*) > 1"
        )
        assert not double, f"counted twice: {double[:3]}"
        orphans = self.query(
            "SELECT count(*) FROM support WHERE idea_id NOT IN (SELECT id FROM idea) "
            "OR account_id NOT IN (SELECT id FROM account)"
        )
        assert orphans == [(0,)], f"supports of nobody or nothing: {orphans}"
        rows = dict.fromkeys(self.ideas, 0)
        rows.update(self.query("SELECT idea_id, count(*) FROM support GROUP BY idea_id"))
        wrong = [
            (key, counter, rows.get(key, 0))
            for key, counter in self.query("SELECT id, supports_count FROM idea")
            if counter != rows.get(key, 0)
        ]
        assert not wrong, f"counters that are not their rows: {wrong[:3]}"
        return rows

    def shown(self, idea_id: int) -> int:
        """The supports that the idea's page shows."""
        _status, target = self.get(f"/ideas/{idea_id}")
        path = re.search(r'href="(/ideas/[^"]+)"', target)
        text = self.get(path[1])[1] if path else target
        found = re.search(r'data-supports="(\d+)"', text)
        assert found, f"idea {idea_id} shows no supports"
        return int(found[1])

    def doctor(self) -> None:
        """Raises `AssertionError` where the doctor finds something."""
        doctor = self.flask("doctor", "--json", stdout=subprocess.PIPE)
        said = doctor.communicate()[0].decode()
        assert doctor.returncode == 0, f"the doctor found: {said[:300]}"


def _plain_environment() -> dict[str, str]:
    keep = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in keep if name in os.environ}
