"""How many statements each kind of request sends to the database (goal 7): asked in this process, told by the driver.

By the driver, as statements that are sent past SQLAlchemy count as well. `BEGIN`, `COMMIT` and their like are none.
Every request is made twice and counted the second time: what a process reads once and keeps is not a page's. A page
that was kept as a whole would send none: the two have different addresses.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from bench.speed.scene import LIST
from config import Settings
from ideas_app.core.db import db
from ideas_app.factory import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from bench.faults.house import Person
    from bench.speed.scene import Place

_NONE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")
_PING = "SELECT 1"
TYPED = {
    "why": "밤 열 시에 일을 마치면 버스가 없어요.",
    "how": "",
    "programme": "",
    "neighbourhood": "",
    "is_idea": "y",
    "is_public": "y",
}
"""A draft as the form sends it; the title and the field come with it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it was handed to the driver, with what goes into its places."""

    sql: str
    values: Any = None


_seen: list[Sent] = []


def _note(sql: Any, values: Any) -> None:
    _seen.append(Sent(sql if isinstance(sql, str) else sql.decode(), values))


class _PostgresCursor(psycopg.Cursor[Any]):
    """A cursor that says what it sends; one statement for many rows is one."""

    def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
        _note(query, params)
        return super().execute(query, params, **more)

    def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:
        rows = list(params_seq)
        _note(query, rows[0] if rows else None)
        super().executemany(query, rows, **more)


class _SqliteCursor(sqlite3.Cursor):
    """The same of SQLite."""

    def execute(self, sql: str, values: Any = (), /) -> Any:
        _note(sql, values)
        return super().execute(sql, values)

    def executemany(self, sql: str, rows: Any, /) -> Any:
        every = list(rows)
        _note(sql, every[0] if every else ())
        return super().executemany(sql, every)


class _SqliteConnection(sqlite3.Connection):
    def cursor(self, _factory: Any = None) -> Any:
        return super().cursor(_SqliteCursor)

    def execute(self, sql: str, values: Any = (), /) -> Any:
        # its own makes a cursor without asking `cursor`
        return self.cursor().execute(sql, values)


@contextmanager
def listening() -> Iterator[None]:
    """Within this block every new connection can be listened to."""

    def connect(dialect: Any, _record: Any, _words: Any, options: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            options["factory"] = _SqliteConnection
        else:
            options["cursor_factory"] = _PostgresCursor

    def burst(held: Any, cursor: Any, sql: str, values: Any, *_more: Any) -> None:
        # what goes out in one send has no cursor, see `core.bursts`
        if cursor is None and held.dialect.name == "postgresql":
            _note(sql, values)

    event.listen(Engine, "do_connect", connect)
    event.listen(Engine, "before_cursor_execute", burst)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", burst)
        event.remove(Engine, "do_connect", connect)


@contextmanager
def counting() -> Iterator[list[Sent]]:
    """The statements that are sent within the block, by connections made while `listening`; known once it is over."""
    _seen.clear()
    found: list[Sent] = []
    try:
        yield found
    finally:
        found += [each for each in _seen if not _is_none(each.sql.lstrip().upper())]


def _is_none(sql: str) -> bool:
    return sql.startswith(_NONE) or sql == _PING


class Browser:
    """A test client that is signed in by its cookie, and counts."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.form = {"csrf_token": person.csrf} if person else {}
        self._cookie = person.cookie.split("=", 1)[1] if person else ""
        if person:
            self.client.set_cookie("session", self._cookie, domain="127.0.0.1")

    def get(self, path: str) -> list[Sent]:
        """The statements of a page."""
        return self._count(lambda: self.client.get(path, base_url="http://127.0.0.1"))

    def post(self, path: str, **form: str) -> list[Sent]:
        """The statements of a form that is sent."""
        answer = {"data": self.form | form, "base_url": "http://127.0.0.1"}
        return self._count(lambda: self.client.post(path, **answer))

    def _count(self, ask: Any) -> list[Sent]:
        with counting() as seen:
            answer = ask()
            answer.get_data()
        if answer.status_code not in {200, 303}:
            raise SystemExit(f"{answer.request.path} was answered {answer.status_code}")
        return seen


def _write(app: Flask) -> None:
    """Commits something: while nothing is written a list asks for less, and the most is what counts."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def send_all(place: Place, field: str = "move") -> dict[str, list[Sent]]:
    """Statements by kind of request: lists, idea page, search, similar, support, submit. While `listening`."""
    house = place.house
    app = build_app(Settings.from_env(house.environ, instance=house.folder / "instance"))
    first, second = house.people[-1], house.people[-2]
    visitor, youth, other = Browser(app), Browser(app, first), Browser(app, second)
    found: dict[str, list[Sent]] = {}
    search = place.file("queries").read_text(encoding="utf-8").split("\n", 1)[0]
    for name, browser, path in (
        ("list", visitor, LIST),
        ("list, usual order", visitor, "/ideas"),
        ("list, signed in", youth, LIST),
        ("idea page", visitor, place.lively_path),
        ("idea page, signed in", youth, place.lively_path),
        ("deep page", visitor, place.file("cursors").read_text(encoding="utf-8").split()[-1]),
        ("search", visitor, search),
        ("similar", youth, place.file("wishes").read_text(encoding="utf-8").split()[0]),
    ):
        browser.get(path)
        _write(app)
        found[name] = browser.get(f"{path}{'&' if '?' in path else '?'}turn=2")
    one, two = place.hot[-1], place.hot[-2]
    youth.post(f"/ideas/{one}/support")
    found["support"] = youth.post(f"/ideas/{two}/support")
    for browser, title in (
        (youth, "첫 번째로 세어 보는 제안입니다"),
        (other, "두 번째로 세어 보는 제안입니다"),
    ):
        browser.post("/ideas/new", title=title, field=field, **TYPED)
        found["submit"] = browser.post("/ideas/send")
    return found
