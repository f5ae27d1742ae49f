"""What is asked along with another question, before it is certain: that spares a way, and shows nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from ideas_app.campaigns.models import Campaign
from ideas_app.core import bursts
from ideas_app.core.db import db, is_sqlite, transaction
from ideas_app.core.prepared import Foreseen, answer_to
from ideas_app.ideas.models import Idea
from ideas_app.pages.queries import lists as offers
from ideas_app.pages.views import lists
from tests.factories import make_campaign, make_idea
from tests.people import Cast, sign_in
from tests.votes.scenes import support

PATHS = ("/ideas", "/ideas?sort=new", "/ideas?sort=rated&field=job", "/ideas?state=gathering")
LATER = "/ideas?sort=new&campaign=ideas-2026"


@pytest.fixture
def people(own_app: Flask) -> Iterator[Cast]:
    """The cast, and thirty ideas: more than a page, of which Jun supports some."""
    with own_app.app_context():
        cast, campaign = Cast.assemble(), make_campaign()
        made = [
            make_idea(cast.mina, campaign, title=f"제안 {number:02}").id for number in range(30)
        ]
        for idea_id in made[::4]:
            support(cast.jun, idea_id)
        db.session.remove()
        offers._KNOWN.clear()
        yield cast
        db.session.remove()


@pytest.fixture
def visitor(own_app: Flask) -> FlaskClient:
    return own_app.test_client()


@pytest.fixture
def jun(own_app: Flask, people: Cast) -> FlaskClient:
    browser = own_app.test_client()
    sign_in(browser, people.jun)
    return browser


@pytest.fixture
def sent(people: Cast, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements each way to the server took along; for PostgreSQL alone."""
    if is_sqlite():
        pytest.skip("a file is no way off")
    db.session.remove()
    counts: list[int] = []
    run = bursts.run

    def counted(raw: Any, parts: Any, **how: Any) -> Any:
        counts.append(len(parts))
        return run(raw, parts, **how)

    monkeypatch.setattr(bursts, "run", counted)
    return counts


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_foresee", lambda *_asked: None)


def list_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.text


def after_of(browser: FlaskClient, path: str) -> str:
    """The address of the page behind this one."""
    found = re.search(r"after=([^\"&]+)", list_of(browser, path))
    assert found is not None
    return f"{path}{'&' if '?' in path else '?'}after={found[1]}"


def shown_by(browser: FlaskClient, path: str) -> list[str]:
    """The cards, whether their buttons are pressed, and the way on."""
    text = list_of(browser, path)
    found = re.findall(r'c-card__title"><a [^>]*>[^<]*<|aria-pressed="[^"]*"|after=[^"&]+', text)
    assert len(found) > 20
    return found


@pytest.mark.parametrize("path", PATHS)
def test_the_same_stands_on_the_page_whether_it_was_foreseen_or_not(
    visitor: FlaskClient, jun: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [(one, each) for one in (visitor, jun) for each in (path, after_of(one, "/ideas"))]
    foreseen = [shown_by(*each) for each in asked]
    without(monkeypatch)
    assert [shown_by(*each) for each in asked] == foreseen


def test_a_list_is_one_way_to_the_server_once_its_offer_has_been_looked_at(
    visitor: FlaskClient, sent: list[int]
) -> None:
    list_of(visitor, "/ideas?sort=new")
    for path in ("/ideas?sort=new", "/ideas", "/ideas?sort=rated"):
        sent.clear()
        list_of(visitor, path)
        assert sent == [2], path


def test_for_somebody_signed_in_it_is_two(jun: FlaskClient, sent: list[int]) -> None:
    list_of(jun, "/ideas?sort=new")
    sent.clear()
    list_of(jun, "/ideas?sort=new")
    assert sent == [1, 2]


def test_what_was_foreseen_from_an_old_offer_is_asked_anew(
    own_app: Flask, people: Cast, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("/ideas", LATER):
        list_of(visitor, path)
    make_idea(people.jun, make_campaign("another"), title="그 뒤의 제안")
    with transaction() as current:
        current.execute(update(Campaign).values(title="올해의 제안"))
        current.execute(update(Idea).where(Idea.title == "제안 29").values(title="새 이름"))
    db.session.remove()
    shown = {path: shown_by(visitor, path) for path in ("/ideas", LATER)}
    assert "그 뒤의 제안" in list_of(visitor, "/ideas?sort=new")
    assert any("새 이름" in each for each in shown[LATER])
    without(monkeypatch)
    assert {path: shown_by(visitor, path) for path in shown} == shown


def test_rows_belong_to_the_very_question_that_was_asked() -> None:
    class Asked:
        def all(self, **values: Any) -> list[Any]:
            return [("asked", values)]

    one, other = Asked(), Asked()
    foreseen = Foreseen(one, {"id": 1})  # type: ignore[arg-type]
    assert answer_to(foreseen.asked, foreseen) == [("asked", {"id": 1})]
    foreseen.rows = []
    assert answer_to((one, {"id": 1}), foreseen) == []  # type: ignore[arg-type]
    assert answer_to((one, {"id": 2}), foreseen) == [("asked", {"id": 2})]  # type: ignore[arg-type]
    assert answer_to((other, {"id": 1}), foreseen) == [("asked", {"id": 1})]  # type: ignore[arg-type]
