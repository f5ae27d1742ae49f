"""Kept pages: as fast as they are, never old, and never somebody's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from ideas_app.campaigns.models import Campaign, Phase
from ideas_app.core import clock
from ideas_app.core.db import db, transaction
from ideas_app.ideas.models import Idea, State
from ideas_app.pages.queries import lists
from ideas_app.votes import service as votes
from ideas_app.web.kept import Marks
from tests.conftest import make_app, make_settings
from tests.factories import make_campaign, make_idea
from tests.people import Cast, make_account, sign_in


@pytest.fixture
def url(copy_database: Callable[[], str]) -> str:
    """A database of its own: what is told of here are commits."""
    return copy_database()


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application that keeps pages."""
    yield from _worker(url, tmp_path)


@pytest.fixture
def other(url: str, tmp_path: Path) -> Iterator[Flask]:
    """Another worker at the same database."""
    yield from _worker(url, tmp_path)


def _worker(url: str, folder: Path) -> Iterator[Flask]:
    app = make_app(make_settings(folder, url))
    app.config["KEPT_PAGES_BYTES"] = 1_000_000
    app.test_client_class = FlaskClient
    yield app
    app.extensions["kept_pages"].marks.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def told(house: Flask) -> int:
    """One published idea of Mina's; its id."""
    with house.app_context():
        found = make_idea(Cast.assemble().mina, make_campaign(), title="막차를 늦춰 주세요").id
        db.session.remove()
    return int(found)


def warm(app: Flask, path: str = "/ideas") -> FlaskClient:
    """A visitor who has seen a page often enough for it to be kept."""
    visitor = app.test_client()
    for _ in range(3):
        visitor.get(path)
    return visitor


def kept(app: Flask) -> list[Any]:
    return list(app.extensions["kept_pages"]._pages)


def test_an_unchanged_page_is_answered_as_before_and_with_nothing_where_it_is_known(
    house: Flask, told: int
) -> None:
    first = house.test_client().get("/ideas")
    again = warm(house).get("/ideas")
    assert kept(house)
    assert again.data == first.data
    ours = {"X-Request-Id", "ETag"}
    assert {each for each in again.headers if each[0] not in ours} == {
        each for each in first.headers if each[0] not in ours
    }
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    known = house.test_client().get("/ideas", headers={"If-None-Match": again.headers["ETag"]})
    assert known.status_code == 304
    assert not known.data
    assert known.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def _hide(idea_id: int) -> None:
    with transaction() as current:
        current.get_one(Idea, idea_id).state = State.HIDDEN
        current.get_one(Idea, idea_id).is_listed = False


def _rename(idea_id: int) -> None:
    with transaction() as current:
        current.execute(update(Idea).where(Idea.id == idea_id).values(title="첫차를 당겨 주세요"))


def _support(idea_id: int) -> None:
    jun = make_account("Jun-ho")
    with transaction():
        votes.give_support(jun, idea_id)


def _close(_idea_id: int) -> None:
    with transaction() as current:
        current.execute(update(Phase).values(ends_at=Phase.starts_at))


def _call_otherwise(_idea_id: int) -> None:
    with transaction() as current:
        current.execute(update(Campaign).values(title="올해의 제안"))


@pytest.mark.parametrize("change", [_hide, _rename, _support, _close, _call_otherwise])
def test_what_another_worker_changes_is_on_the_next_page(
    house: Flask, other: Flask, told: int, change: Callable[[int], None]
) -> None:
    path = "/ideas?campaign=ideas-2026"
    before = warm(house, path).get(path)
    assert kept(house)
    with other.app_context():
        change(told)
        db.session.remove()
    after = house.test_client().get(path)
    assert after.data != before.data
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.data == other.test_client().get(path).data


@pytest.mark.parametrize("change", [_hide, _rename])
def test_another_page_of_the_list_shows_it_as_well(
    house: Flask, other: Flask, told: int, change: Callable[[int], None]
) -> None:
    paths = ("/ideas?sort=new", "/ideas?sort=rated", "/ideas?field=home", "/ideas")
    warm(house)
    before = [house.test_client().get(path).text for path in paths[:2]]
    with other.app_context():
        change(told)
        db.session.remove()
    after = [house.test_client().get(path).text for path in paths]
    assert before != after[:2]
    assert after == [other.test_client().get(path).text for path in paths]


def test_the_numbers_beside_the_filters_are_not_asked_for_again_while_nothing_is_written(
    url: str, house: Flask, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("what happens in databases beside ours may end what is kept")
    asked: list[str | None] = []
    read = lists.read_tallies

    def note(campaign: str | None = None, **more: bool) -> Any:
        asked.append(campaign)
        return read(campaign, **more)

    monkeypatch.setattr(lists, "read_tallies", note)
    warm(house)
    asked.clear()
    for path in ("/ideas?sort=new", "/ideas?sort=rated&field=home"):
        house.test_client().get(path)
    assert not asked
    with house.app_context():
        _rename(told)
        db.session.remove()
    house.test_client().get("/ideas?sort=active")
    assert asked == [None]


def test_time_alone_ends_a_kept_page(house: Flask, told: int) -> None:
    before = warm(house).get("/ideas").text
    with house.app_context():
        ends_at = db.session.scalar(db.select(db.func.max(Phase.ends_at)))
        db.session.remove()
    assert ends_at is not None
    with clock.at(ends_at):
        assert house.test_client().get("/ideas").text != before


def test_who_has_signed_in_gets_a_page_of_their_own(house: Flask, told: int) -> None:
    visitor = warm(house)
    with house.app_context():
        mina = author_of(told)
        browser = house.test_client()
        sign_in(browser, mina)
        db.session.remove()
    own = browser.get("/ideas")
    assert "My idea" in own.text or "내 제안" in own.text
    assert own.headers["Cache-Control"] == "no-store"
    assert "ETag" not in own.headers
    assert len(kept(house)) <= 1
    assert "내 제안" not in visitor.get("/ideas").text


def author_of(idea_id: int) -> Any:
    from ideas_app.accounts.models import Account
    from ideas_app.accounts.queries import actor_of

    author = db.session.scalar(db.select(Idea.author_id).where(Idea.id == idea_id))
    return actor_of(db.session.get_one(Account, author))


def test_parts_other_methods_and_cookies_of_ours_are_never_kept(house: Flask, told: int) -> None:
    warm(house)
    before = kept(house)
    part = house.test_client().get("/ideas", headers={"X-Requested-With": "fetch"})
    assert "<html" not in part.text
    chooser = house.test_client()
    assert 'lang="en"' in chooser.get("/ideas?lang=en").text
    assert chooser.get("/ideas").text.count('<html lang="en"') == 1
    # on PostgreSQL what happens in databases beside ours may end a kept page
    assert set(kept(house)) <= set(before)


def test_what_is_kept_is_bounded(house: Flask, told: int) -> None:
    house.config["KEPT_PAGES_BYTES"] = 60_000
    warm(house)
    for number in range(8):
        warm(house, f"/ideas?sort=new&n={number}")
    layer = house.extensions["kept_pages"]
    assert 0 < sum(len(page.body) for page in layer._pages.values()) <= 60_000


class _Door:
    """A lock that tells how many stand before it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.came = threading.Semaphore(0)

    def __enter__(self) -> None:
        self.came.release()
        self._lock.acquire()

    def __exit__(self, *_fault: object) -> None:
        self._lock.release()


class _SlowMarks(Marks):
    """Each look finds the next number; the first one takes until it is let go."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.looks = 0
        self.let_go = threading.Event()

    def _look(self) -> tuple[int]:
        self.looks += 1
        found = self.looks
        self.let_go.wait(30)
        return (found,)


def test_all_who_come_while_somebody_looks_share_the_look_after_it(app: Flask) -> None:
    marks = _SlowMarks(app)
    door = marks._lock = _Door()  # type: ignore[assignment]
    with ThreadPoolExecutor(5) as threads:
        first = threads.submit(marks.read)
        assert door.came.acquire(timeout=30)
        late = []
        for _ in range(4):
            late.append(threads.submit(marks.read))
            assert door.came.acquire(timeout=30)
        marks.let_go.set()
        # the look that was under way may have missed what was committed before they came
        assert first.result(30) == (1,)
        assert {each.result(30) for each in late} == {(2,)}
    assert marks.read() == (3,)
