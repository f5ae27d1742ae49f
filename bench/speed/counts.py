"""How many statements each kind of request sends to the database (goal 7): asked in this process, by a listener.

`BEGIN`, `COMMIT` and their like are none. Every request is made twice and counted the second time: what a process reads
once and keeps is not a page's. A page that was kept as a whole would send none: the two have different addresses.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.speed.scene import LIST
from config import Settings
from ideas_app.factory import build_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from bench.faults.house import Person
    from bench.speed.scene import Place

_NONE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")
TYPED = {
    "why": "밤 열 시에 일을 마치면 버스가 없어요.",
    "how": "",
    "programme": "",
    "neighbourhood": "",
    "is_idea": "y",
    "is_public": "y",
}
"""A draft as the form sends it; the title and the field come with it."""


@contextmanager
def _counting() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        if not sql.lstrip().upper().startswith(_NONE):
            seen.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class _Browser:
    """A test client that is signed in by its cookie, and counts."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        self.form = {"csrf_token": person.csrf} if person else {}
        self._cookie = person.cookie.split("=", 1)[1] if person else ""
        if person:
            self.client.set_cookie("session", self._cookie, domain="127.0.0.1")

    def get(self, path: str) -> int:
        return self._count(lambda: self.client.get(path, base_url="http://127.0.0.1"))

    def post(self, path: str, **form: str) -> int:
        answer = {"data": self.form | form, "base_url": "http://127.0.0.1"}
        return self._count(lambda: self.client.post(path, **answer))

    def _count(self, ask: Any) -> int:
        with _counting() as seen:
            answer = ask()
            answer.get_data()
        if answer.status_code not in {200, 303}:
            raise SystemExit(f"{answer.request.path} was answered {answer.status_code}")
        return len(seen)


def count_statements(place: Place, field: str = "move") -> dict[str, int]:
    """Statements by kind of request: list, signed-in list, idea page, search, support, submit."""
    house = place.house
    app = build_app(Settings.from_env(house.environ, instance=house.folder / "instance"))
    first, second = house.people[-1], house.people[-2]
    visitor, youth, other = _Browser(app), _Browser(app, first), _Browser(app, second)
    found = {}
    search = place.file("queries").read_text(encoding="utf-8").split("\n", 1)[0]
    for name, browser, path in (
        ("list", visitor, LIST),
        ("list, usual order", visitor, "/ideas"),
        ("list, signed in", youth, LIST),
        ("idea page", visitor, place.lively_path),
        ("idea page, signed in", youth, place.lively_path),
        ("search", visitor, search),
    ):
        browser.get(path)
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
