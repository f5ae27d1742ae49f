"""What every test stands on: an application with a migrated database that each test leaves as it found it.

The database is SQLite in a temporary folder, or the PostgreSQL server of `DATABASE_URL`; each worker of the
test run has its own. A test runs inside one outer transaction that is rolled back.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sqlite3
from functools import cache
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import Config
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url

from config import ROOT, Settings
from ideas_app.adapters import charts
from ideas_app.core.db import db, is_in_transaction, prepare_engine
from ideas_app.factory import build_app
from ideas_app.web.limits import limiter
from tests.browser_fixtures.browser import chromium
from tests.people import Cast, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["chromium"]

# how long an example took says how busy the machine is, not whether the rule holds
hypothesis_settings.register_profile(
    "ideas", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("ideas")

# by default the collector looks for cycles every 700 objects, and among all that was imported as well: a fifth
# of the whole run's time
gc.set_threshold(20_000, 20, 100)


def pytest_collection_finish() -> None:
    """What is here when the tests begin stays to the end: the collector need not look at it."""
    gc.collect()
    gc.freeze()


SECRET = "a-secret-that-only-the-tests-know-and-nobody-else"


class FreshClient(FlaskClient):
    """A client whose every request has an application context of its own: no user leaks to the next client."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.remove()
        with self.application.app_context():
            return super().open(*args, **kwargs)


def make_settings(folder: Path, database_url: str, **more: str) -> Settings:
    """Settings of a test: everything explicit, nothing of the machine's environment."""
    environ = {
        "ENVIRONMENT": "test",
        "SECRET_KEY": SECRET,
        "PERSON_KEY": SECRET[::-1],
        "DATABASE_URL": database_url,
        "MAIL_URL": f"file:{folder / 'mail'}",
        "BASE_URL": "http://localhost",
    }
    return Settings.from_env({**environ, **more}, instance=folder)


class _Draughtsman:
    """Draws each chart once for all tests of a worker: most rounds and reports of the tests are alike."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._drawn: dict[str, str] = {}

    def vegalite_to_svg(self, spec: dict[str, Any]) -> str:
        """The picture of a specification; one that cannot be drawn is tried each time."""
        key = json.dumps(spec)
        if key not in self._drawn:
            self._drawn[key] = self._engine.vegalite_to_svg(spec)
        return self._drawn[key]


@pytest.fixture(scope="session", autouse=True)
def drawing_anew() -> Iterator[Callable[[], Any]]:
    """Charts are drawn once for all tests; gives the engine that draws each anew."""
    engine = charts._engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "_engine", cache(lambda: _Draughtsman(engine())))
        yield engine


_made: list[Flask] = []
"""Applications that were made and not yet looked after."""


@pytest.fixture(autouse=True)
def no_connection_left_open() -> Iterator[None]:
    """Closes the databases of applications that a test made for itself; wider fixtures close their own."""
    before = len(_made)
    yield
    for app in _made[before:]:
        with app.app_context():
            db.engine.dispose()
    del _made[before:]


def keep_templates(app: Flask) -> None:
    """Templates are compiled once for all applications of all test runs: keyed by their text, so never stale."""
    folder = ROOT / ".pytest_cache" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))


def make_app(settings: Settings) -> Flask:
    """The application as the tests want it: no CSRF tokens, no rate limits, fresh contexts."""
    app = build_app(settings)
    keep_templates(app)
    app.config.update(
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        RATELIMIT_ENABLED=False,
        PROPAGATE_EXCEPTIONS=True,
        WAKES=False,
        KEPT_PAGES_BYTES=0,  # a test's outer transaction commits nothing that a kept page could notice
    )
    # the limiter read its switch while the application was built
    limiter.enabled = False
    app.test_client_class = FreshClient
    _made.append(app)
    return app


def migrate(app: Flask, target: str = "head") -> None:
    """Brings the database of an application to a revision, up or down."""
    with app.app_context():
        settings = Config(str(ROOT / "migrations" / "alembic.ini"))
        settings.set_main_option("script_location", str(ROOT / "migrations"))
        if target == "base" or target.startswith("-"):
            command.downgrade(settings, target)
        else:
            command.upgrade(settings, target)


def _postgres_url() -> str | None:
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgresql") else None


def _server(url: str) -> str:
    parts = make_url(url)
    return make_conninfo(
        host=parts.host,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname="postgres",
    )


def _create_database(url: str, name: str, template: str = "template0") -> str:
    with psycopg.connect(_server(url), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return str(make_url(url).set(database=name).render_as_string(hide_password=False))


def _drop_database(url: str, name: str) -> None:
    with psycopg.connect(_server(url), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The URL of a migrated, empty database from which others are copied; nobody writes into it."""
    folder = tmp_path_factory.mktemp("template")
    server = _postgres_url()
    if server is None:
        url = f"sqlite:///{folder / 'template.db'}"
    else:
        url = _create_database(server, f"ideas_template_{worker_id}")
    app = make_app(make_settings(folder, url))
    migrate(app)
    with app.app_context():
        db.engine.dispose()
    yield url
    if server:
        _drop_database(server, f"ideas_template_{worker_id}")


@pytest.fixture(scope="session")
def make_database(
    template_database: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Callable[[str], str]]:
    """Makes an empty, migrated database under a name; its URL. Gone when the worker ends."""
    made: list[str] = []
    server = _postgres_url()
    template = str(make_url(template_database).database)

    def make(name: str) -> str:
        full = f"ideas_{name}_{worker_id}_{len(made)}"
        made.append(full)
        if server:
            return _create_database(server, full, template)
        target = tmp_path_factory.mktemp("database") / f"{full}.db"
        shutil.copy(template, target)
        return f"sqlite:///{target}"

    yield make
    for full in made if server else ():
        _drop_database(str(server), full)


@pytest.fixture
def copy_database(make_database: Callable[[str], str]) -> Callable[[], str]:
    """Makes an empty, migrated database of a test's own: for threads, processes and browsers."""
    return lambda: make_database("own")


_WRITES = ("INSERT", "UPDATE", "DELETE")


def _only_in_a_transaction(
    _connection: Any, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool
) -> None:
    """What is written outside `transaction()` is lost at the request's end: in a test, which sees it, it fails."""
    if sql.startswith(_WRITES) and not is_in_transaction():
        raise AssertionError(f"written outside transaction(): {sql[:200]}")


def _savepoints_to_a_file(connection: Any, _record: Any) -> None:
    """In memory SQLite keeps what a savepoint may bring back as a list, and walks it whole for each statement:
    a test is one long transaction, and its list grows long.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA temp_store=FILE")


@pytest.fixture(scope="session")
def shared_app(
    make_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """One application for all tests of a worker."""
    app = make_app(make_settings(tmp_path_factory.mktemp("app"), make_database("shared")))
    with app.app_context():
        event.listen(db.engine, "connect", _savepoints_to_a_file)
        event.listen(db.engine, "before_cursor_execute", _only_in_a_transaction)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def spare_app(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application of a worker for all tests whose threads each commit: building one costs more than they do."""
    app = make_app(make_settings(tmp_path_factory.mktemp("spare"), template_database))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def own_app(spare_app: Flask, copy_database: Callable[[], str]) -> Iterator[Flask]:
    """An application on a database of the test's own, for threads that each commit."""
    engine = create_engine(copy_database(), **spare_app.config["SQLALCHEMY_ENGINE_OPTIONS"])
    prepare_engine(engine)
    with spare_app.app_context():
        engines = db.engines
    kept = engines[None]
    engines[None] = engine
    yield spare_app
    engines[None] = kept
    engine.dispose()


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application inside one outer transaction that is undone after the test."""
    with shared_app.app_context():
        engines = db.engines
        engine = engines[None]
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection  # type: ignore[assignment]  # sessions accept either
        try:
            yield shared_app
        finally:
            db.session.remove()
            engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Mina, Jun, Sora, Hyun, Dana, and a visitor."""
    return Cast.assemble()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def browser_of(app: Flask) -> Callable[[Any], FlaskClient]:
    """Makes a browser in which the given person of the cast is signed in."""

    def make(person: Any) -> FlaskClient:
        client = app.test_client()
        sign_in(client, person)
        return client

    return make
