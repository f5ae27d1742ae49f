"""Parts of the list that its pages share are kept, and never shown once anything they are made of has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import State
from ideas_app.web import parts
from tests.factories import make_campaign, make_idea, make_programme
from tests.people import Cast

ADDRESSES = (
    "/ideas",
    "/ideas?sort=new",
    "/ideas?state=answered&sort=rated",
    "/ideas?field=home",
    "/ideas?campaign=older",
    "/ideas?campaign=older&field=home&state=gathering",
    "/ideas?campaign=nowhere",
    "/ideas?programme=any",
    "/ideas?q=버스",
)


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    make_campaign("older", PhaseKind.ANSWERING)
    return make_campaign()


def kept_of(app: Flask, language: str = "ko") -> dict[Any, Any]:
    spoken: Any = app.jinja_env.speaking(language)  # type: ignore[attr-defined]
    kept: dict[Any, Any] = spoken.__dict__.setdefault("kept_parts", {})
    return kept


def look(app: Flask, reader: FlaskClient) -> list[str]:
    """Every page as it is shown, which has to be what it would be were nothing kept."""
    pages = []
    for lang in ("ko", "en"):
        for address in ADDRESSES:
            path = f"{address}{'&' if '?' in address else '?'}lang={lang}"
            page = reader.get(path).text
            kept_of(app, lang).clear()
            assert reader.get(path).text == page
            assert reader.get(path).text == page
            pages.append(page)
    return pages


def held() -> Campaign:
    """The newer of the two, in the present session."""
    return (
        session()
        .scalars(
            select(Campaign)
            .where(Campaign.slug == "ideas-2026")
            .options(selectinload(Campaign.fields), selectinload(Campaign.phases))
        )
        .one()
    )


def rename_campaign(cast: Cast, campaign: Campaign) -> None:
    with transaction():
        held().title = "새 이름의 공모"


def rename_field(cast: Cast, campaign: Campaign) -> None:
    with transaction():
        held().fields[0].name = "새 이름의 분야"


def publish(cast: Cast, campaign: Campaign) -> None:
    make_idea(cast.mina, campaign, title="새로 올라온 제안이에요")


def answer(cast: Cast, campaign: Campaign) -> None:
    make_idea(cast.mina, campaign, title="답을 받은 제안이에요", state=State.ANSWERED)


def grow_out_of_a_programme(cast: Cast, campaign: Campaign) -> None:
    programme = make_programme("school", title="정책 학교")
    make_idea(cast.mina, campaign, title="정책 학교에서 나왔어요", programme=programme)


def shut_support(cast: Cast, campaign: Campaign) -> None:
    with transaction():
        for phase in held().phases:
            phase.activities = []


def ask_for_more_supporters(cast: Cast, campaign: Campaign) -> None:
    with transaction():
        found = held()
        found.settings = {**found.settings, "answer_supports": 777}


@pytest.mark.parametrize(
    "change",
    [
        rename_campaign,
        rename_field,
        publish,
        answer,
        grow_out_of_a_programme,
        shut_support,
        ask_for_more_supporters,
    ],
)
def test_a_change_shows_on_the_very_next_page(
    app: Flask,
    campaign: Campaign,
    cast: Cast,
    visitor: FlaskClient,
    change: Callable[[Cast, Campaign], None],
) -> None:
    make_idea(cast.mina, campaign, title="밤에도 다니는 버스를 늘려 주세요")
    before = look(app, visitor)
    assert kept_of(app)
    change(cast, campaign)
    assert look(app, visitor) != before


def test_all_pages_of_a_list_share_their_parts(
    app: Flask, campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    for number in range(25):
        make_idea(cast.mina, campaign, title=f"쪽을 넘기는 제안 {number}")
    kept_of(app).clear()
    first = visitor.get("/ideas?sort=new").text
    made = dict(kept_of(app))
    assert made
    after = first.split("after=")[1].split('"')[0]
    assert visitor.get(f"/ideas?sort=new&after={after}").text != first
    visitor.get("/ideas?sort=new&utm_source=letter")
    assert kept_of(app) == made


def test_links_do_not_take_along_what_others_put_behind_an_address(
    campaign: Campaign, visitor: FlaskClient
) -> None:
    page = visitor.get("/ideas?field=home&fbclid=Iw4R&sort=new").text
    assert "fbclid" not in page
    assert "field=home&amp;sort=rated" in page


def test_what_is_kept_is_bounded(app: Flask, campaign: Campaign, visitor: FlaskClient) -> None:
    for number in range(parts.MOST):
        visitor.get(f"/ideas?campaign=c-{number}")
    assert len(kept_of(app)) == parts.MOST
