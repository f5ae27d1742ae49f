"""Pages that nobody has signed in to read are kept as long as nothing at all was written into the database.

A thin layer before the application: it answers before routes, sessions and templates are touched. What it may keep a
view says itself (`keep_until`); what it never keeps: an answer to a browser with a session, one that sets a cookie or
counts requests, parts of pages, refusals. In this process only, bounded in bytes.

Why no page is ever old: before each answer the database is asked whether anything was committed since, by whomever -
another worker, a command, a person with a console. No writer has to say so, and none pays for it: see `Marks`.
Must not know any feature.
"""

from __future__ import annotations

import secrets
import threading
import time
import zlib
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from ideas_app.core import bursts, clock
from ideas_app.core.db import db
from ideas_app.core.readers import take_out
from ideas_app.web.logging import note_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from datetime import datetime

    from flask import Flask
    from sqlalchemy import Engine

    Headers = list[tuple[str, str]]

BYTES = 1_000_000
"""Of pages that a process keeps: some two dozen. Whatever is written ends all of them anyway."""
_SLOT = "ideas.kept"
_MARK_OF_REQUEST = "ideas.mark"
_ONE_PERSONS = frozenset({"set-cookie", "ratelimit-limit", "etag"})
_UNCHANGED = "304 NOT MODIFIED"
# which transactions can be seen; on a copy of the database, how far it has followed
_SNAPSHOT = bursts.Sent(
    b"SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()::text "
    b"ELSE pg_current_snapshot()::text END",
    (),
)


def keep_until(instant: datetime) -> None:
    """Lets the answer to this request be kept until an instant at the latest: for views that show every visitor of one
    share the same, and whose content time alone changes at that instant at the earliest.
    """
    if _SLOT in request.environ:
        slot: _Slot = request.environ[_SLOT]
        slot.until = instant


def mark_of_request() -> Hashable | None:
    """What stands for the whole content of the database, as it was looked at when this request came: as long as it is
    the same, whatever was read from then on is. None where nobody looked.
    """
    if _MARK_OF_REQUEST not in request.environ:
        return None
    mark: Hashable = request.environ[_MARK_OF_REQUEST]
    return mark


@dataclass
class _Slot:
    until: datetime | None = None


@dataclass(frozen=True)
class _Page:
    headers: Headers
    body: bytes
    etag: str
    route: str
    since: datetime
    until: datetime


class Marks:
    """Tells whether the database is still the same: equal marks, equal content.

    On connections of its own, outside of transactions. Where there is a replica both are asked, as a page may come from
    either. Whoever comes while somebody else looks waits for the next look, and all who wait share it: it began after
    they came, so it saw whatever was answered before.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._connections: list[tuple[Engine, Any]] = []
        self._generation = 0
        self._begun = 0
        self._last: tuple[Any, ...] | None = None

    def read(self) -> tuple[Any, ...] | None:
        """The mark of now; None where a database does not answer: then nothing is taken from what was kept."""
        begun = self._begun
        with self._lock:
            if self._begun == begun:
                self._begun += 1
                self._last = self._look()
            return self._last

    def _look(self) -> tuple[Any, ...] | None:
        try:
            if not self._connections:
                self._open()
            found = [_mark_of(engine, connection) for engine, connection in self._connections]
        except Exception:  # noqa: BLE001  # each driver has faults of its own; the application will meet it too
            self.close()
            return None
        return self._generation, *found

    def _open(self) -> None:
        with self._app.app_context():
            engines = list(db.engines.values())
        for engine in engines:
            self._connections.append((engine, take_out(engine)))
        # marks of different connections are not to be compared
        self._generation += 1

    def close(self) -> None:
        """Gives the connections back."""
        connections, self._connections = self._connections, []
        for _engine, connection in connections:
            with suppress(SQLAlchemyError, OSError, RuntimeError):
                connection.close()


def _mark_of(engine: Engine, connection: Any) -> Any:
    if engine.dialect.name == "sqlite":
        # of the last commit that another connection made, so of any: this one makes none
        return connection.execute("PRAGMA data_version").fetchone()[0]
    bursts.tell(engine, [_SNAPSHOT])
    ((row,),) = bursts.run(connection, [_SNAPSHOT])
    return row[0]


class KeptPages:
    """The layer. `share_of` says by the visitor's address which of a few equal shares of visitors one belongs to."""

    def __init__(self, app: Flask, share_of: Callable[[str], int]) -> None:
        self._app = app
        self._inner = app.wsgi_app
        self._share_of = share_of
        self._lock = threading.Lock()
        self._mark: Any = None
        self._pages: OrderedDict[tuple[Any, ...], _Page] = OrderedDict()
        self._size = 0
        self._paths: set[str] = set()
        """Where something was kept before: all other addresses pass at once."""
        self.marks = Marks(app)

    def forget(self) -> None:
        """Lets go of all pages and connections: before a process forks, as none of them may be shared."""
        with self._lock:
            self._pages.clear()
            self._mark, self._size = None, 0
        self.marks.close()

    def __call__(self, asked: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The kept answer, or the application's."""
        if not self._may_be_kept(asked):
            return self._inner(asked, start_response)
        if asked["PATH_INFO"] not in self._paths:
            return self._asked(asked, start_response, None, None)
        started = time.perf_counter()
        mark = self.marks.read()
        if mark is None:
            return self._inner(asked, start_response)
        # with what reads it: marks of different databases are not to be compared
        asked[_MARK_OF_REQUEST] = (self.marks, mark)
        key = self._key(asked)
        page = self._find(mark, key)
        if page is None:
            return self._asked(asked, start_response, mark, key)
        return _answered(page, asked, start_response, started)

    def _may_be_kept(self, asked: dict[str, Any]) -> bool:
        if asked["REQUEST_METHOD"] != "GET" or not self._app.config["KEPT_PAGES_BYTES"]:
            return False
        cookies = asked.get("HTTP_COOKIE")
        if cookies and f"{self._app.config['SESSION_COOKIE_NAME']}=" in cookies:
            return False
        if "q=" in asked.get("QUERY_STRING", ""):
            return False  # hardly two people search for the same between two writes: not worth a look at the database
        asks_for_part = "HTTP_X_REQUESTED_WITH" in asked or "HTTP_RANGE" in asked
        return not asks_for_part and not asked.get("SCRIPT_NAME")

    def _key(self, asked: dict[str, Any]) -> tuple[Any, ...]:
        return (
            asked["PATH_INFO"],
            asked.get("QUERY_STRING", ""),
            asked["wsgi.url_scheme"],
            asked.get("HTTP_HOST"),
            self._share_of(asked.get("REMOTE_ADDR") or ""),
        )

    def _find(self, mark: Any, key: tuple[Any, ...]) -> _Page | None:
        with self._lock:
            if mark != self._mark:
                self._pages.clear()
                self._mark, self._size = mark, 0
                return None
            page = self._pages.get(key)
            if page is None or not page.since <= clock.now() < page.until:
                return None
            self._pages.move_to_end(key)
            return page

    def _asked(
        self, asked: dict[str, Any], start_response: Any, mark: Any, key: tuple[Any, ...] | None
    ) -> Iterable[bytes]:
        """The application's answer; kept where its view allows it and nothing about it is one person's."""
        asked[_SLOT] = slot = _Slot()
        since = clock.now()
        told: list[Any] = []

        def note(status: str, headers: Headers, *more: Any) -> Any:
            told[:] = [status, headers, *more]
            return lambda _chunk: None

        answer = self._inner(asked, note)
        status, headers, *more = told
        if slot.until is None or status != "200 OK" or _is_one_persons(headers):
            start_response(status, headers, *more)
            return answer
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        self._paths.add(asked["PATH_INFO"])
        etag = _etag_of(body)
        headers = [*headers, ("ETag", etag)]
        if key is not None:
            kept = [each for each in headers if each[0] != "X-Request-Id"]
            route = str(asked.get("ideas.route", asked["PATH_INFO"]))
            page = _Page(kept, body, etag, route, since, slot.until)
            self._keep(mark, key, page)
        if _is_known(etag, asked):
            start_response(_UNCHANGED, _without_body(headers), *more)
            return []
        start_response(status, headers, *more)
        return [body]

    def _keep(self, mark: Any, key: tuple[Any, ...], page: _Page) -> None:
        most = self._app.config["KEPT_PAGES_BYTES"]
        with self._lock:
            if mark != self._mark:
                return  # something was written while it was rendered
            old = self._pages.pop(key, None)
            self._pages[key] = page
            self._size += len(page.body) - (len(old.body) if old else 0)
            while self._size > most:
                _key, gone = self._pages.popitem(last=False)
                self._size -= len(gone.body)


def _etag_of(body: bytes) -> str:
    """What tells this page from the one that stood here before. Two checksums and the length: a digest would take a
    tenth of the time in which the page was made, and nobody gains by two pages that look alike to one browser.
    """
    return f'"{len(body):x}-{zlib.crc32(body):08x}{zlib.adler32(body):08x}"'


def _is_one_persons(headers: Headers) -> bool:
    return any(name.lower() in _ONE_PERSONS for name, _value in headers)


def _is_known(etag: str, asked: dict[str, Any]) -> bool:
    """Whether the browser says that it has the very page."""
    wanted = asked.get("HTTP_IF_NONE_MATCH", "")
    return etag in wanted or wanted.strip() == "*"


def _without_body(headers: Headers) -> Headers:
    return [each for each in headers if each[0] not in {"Content-Type", "Content-Length"}]


def _answered(
    page: _Page, asked: dict[str, Any], start_response: Any, started: float
) -> Iterable[bytes]:
    request_id = secrets.token_hex(8)
    is_same = _is_known(page.etag, asked)
    headers = [*page.headers, ("X-Request-Id", request_id)]
    status = 304 if is_same else 200
    if is_same:
        start_response(_UNCHANGED, _without_body(headers))
    else:
        start_response("200 OK", headers)
    note_answer("GET", page.route, status, time.perf_counter() - started, request_id=request_id)
    return [] if is_same else [page.body]


def init_kept(app: Flask, share_of: Callable[[str], int]) -> None:
    """Puts the layer before the application. `KEPT_PAGES_BYTES` 0 keeps nothing."""
    app.config.setdefault("KEPT_PAGES_BYTES", BYTES)
    layer = KeptPages(app, share_of)
    app.extensions["kept_pages"] = layer
    app.wsgi_app = layer  # type: ignore[method-assign,assignment]
