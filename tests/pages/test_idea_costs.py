"""What the page of an idea costs: so many statements, whatever stands on it, and none that reads a whole table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from ideas_app.answers import queries as answers
from ideas_app.answers import service as answering
from ideas_app.campaigns.models import Campaign, Field, Phase
from ideas_app.campaigns.queries import get_campaign
from ideas_app.comments.models import Comment, Stance
from ideas_app.core import bursts, clock
from ideas_app.core.db import db, is_sqlite, session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.ideas.models import Family, Idea
from ideas_app.ideas.queries import get_idea
from ideas_app.ideas.service import follow
from ideas_app.pages import queries
from tests.answers.scenes import answer, in_days, open_for
from tests.factories import make_campaign, make_idea, make_programme
from tests.moderation.scenes import join
from tests.people import Cast
from tests.statements import scans, statements
from tests.votes.scenes import support

Browser = Callable[[Any], FlaskClient]
MOST = 6


def talk(author_id: int | None, idea_id: int, number: int) -> None:
    """So many comments, every third an answer to the first."""
    with transaction() as current:
        first = 0
        for place in range(number):
            parent = first if place % 3 == 2 else None
            stance = Stance.NEUTRAL if parent else list(Stance)[place % 2]
            comment = Comment(
                idea_id=idea_id,
                author_id=author_id,
                parent_id=parent,
                stance=stance,
                text=f"{place}째 이야기",
                written_at=clock.now(),
            )
            current.add(comment)
            current.flush()
            first = first or comment.id
        current.get_one(Idea, idea_id).comments_count += number


@pytest.fixture
def bare(cast: Cast) -> int:
    return make_idea(cast.mina, make_campaign()).id


@pytest.fixture
def full(cast: Cast) -> int:
    """An idea of a programme in a family that was answered with promises on their way; and 50 comments."""
    campaign = make_campaign()
    idea_id = make_idea(cast.mina, campaign, programme=make_programme()).id
    family_id = join(cast.sora, [idea_id, make_idea(cast.jun, campaign).id])
    support(cast.jun, idea_id)
    talk(cast.jun.id, idea_id, 50)
    answer_id = open_for(cast, session().get_one(Family, family_id))
    answer(cast, answer_id, ("막차를 늦춥니다.", in_days(90)), ("시간표를 고칩니다.", in_days(99)))
    for percent in (20, 40):
        with transaction():
            promise = answers.list_promises(answer_id)[0]
            answering.report_step(cast.hyun, promise, f"{percent}까지 왔습니다.", percent)
    return idea_id


def cost(browser: FlaskClient, idea_id: int) -> tuple[list[str], str]:
    """The statements of the page as it stands, for somebody who has read it before; and its text."""
    address = browser.get(f"/ideas/{idea_id}?lang=en", follow_redirects=True).request.path
    with statements() as seen:
        text = browser.get(address).text
    return seen, text


def test_a_page_costs_the_same_few_statements_with_one_comment_and_with_fifty(
    cast: Cast, bare: int, visitor: FlaskClient, browser_of: Browser
) -> None:
    reader = browser_of(cast.jun)
    costs = []
    for number in (1, 49):
        talk(cast.jun.id, bare, number)
        costs.append([len(cost(browser, bare)[0]) for browser in (visitor, reader)])
    assert costs == [[2, 3], [2, 3]]


def test_on_a_server_a_visitors_page_is_one_way_to_it_with_its_discussion(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    run = bursts.run

    def counted(raw: Any, parts: Any, **how: Any) -> Any:
        sent.append(len(parts))
        return run(raw, parts, **how)

    with own_app.app_context():
        if is_sqlite():
            pytest.skip("a file is no way off")
        cast = Cast.assemble()
        idea_id = make_idea(cast.mina, make_campaign()).id
        talk(cast.jun.id, idea_id, 5)
        db.session.remove()
        visitor = own_app.test_client()
        address = visitor.get(f"/ideas/{idea_id}", follow_redirects=True).request.path
        monkeypatch.setattr(bursts, "run", counted)
        assert "4째 이야기" in visitor.get(address).text
    assert sent == [2]


def test_an_answer_with_promises_and_a_family_cost_a_statement_each(
    cast: Cast, full: int, visitor: FlaskClient, browser_of: Browser
) -> None:
    for browser in (visitor, browser_of(cast.jun), browser_of(cast.mina), browser_of(cast.sora)):
        seen, text = cost(browser, full)
        assert len(seen) <= MOST, "\n".join(seen)
        for part in ("막차를 늦춥니다.", "40까지 왔습니다.", "37째 이야기", "Joined ideas"):
            assert part in text


def test_no_statement_of_the_page_reads_a_whole_table(
    cast: Cast, full: int, browser_of: Browser
) -> None:
    reader = browser_of(cast.jun)
    address = reader.get(f"/ideas/{full}", follow_redirects=True).request.path
    with scans() as found:
        reader.get(address)
    assert found == []


def test_what_the_page_reads_is_what_the_entity_says(cast: Cast, full: int) -> None:
    plain, entity = queries.read_idea(full).idea, get_idea(full)
    for column in (each.key for each in Idea.__table__.c):
        assert getattr(plain, column) == getattr(entity, column), column
    for name in ("author", "field", "programme", "family", "campaign"):
        mine, theirs = getattr(plain, name), getattr(entity, name)
        told = {each for each in vars(mine) if each in theirs.__table__.c}
        assert told
        assert {each: getattr(mine, each) for each in told} == {
            each: getattr(theirs, each) for each in told
        }
    assert [(one.kind, one.starts_at, one.activities) for one in plain.campaign.phases] == [
        (one.kind, one.starts_at, one.activities) for one in entity.campaign.phases
    ]


def test_how_a_reader_stands_to_an_idea_is_read_with_it(cast: Cast, bare: int) -> None:
    before = queries.read_idea(bare, cast.jun.id)
    assert not any((before.supports, before.follows, before.has_read, before.is_aside))
    support(cast.jun, bare)
    with transaction():
        follow(cast.jun, get_idea(bare))
    after = queries.read_idea(bare, cast.jun.id)
    assert (after.supports, after.follows) == (True, True)
    stranger = queries.read_idea(bare, cast.sora.id)
    assert not any((stranger.supports, stranger.follows))


def test_what_is_kept_of_a_campaign_is_never_shown_after_a_change(
    bare: int, visitor: FlaskClient
) -> None:
    _seen, text = cost(visitor, bare)
    assert "Renamed campaign" not in text
    with transaction() as current:
        current.execute(update(Campaign).values(title_en="Renamed campaign"))
        current.execute(update(Field).values(name_en="Renamed field"))
        current.execute(update(Phase).values(activities=[]))
    _seen, text = cost(visitor, bare)
    for words in ("Renamed campaign", "Renamed field", "This campaign does not have this activity"):
        assert words in text


def test_an_idea_with_nothing_behind_it_is_not_asked_for_its_past(cast: Cast, bare: int) -> None:
    assert not queries.read_idea(bare).has_past
    join(cast.sora, [bare, make_idea(cast.jun, get_campaign("ideas-2026")).id])
    assert queries.read_idea(bare).has_past


def test_a_number_that_no_idea_has_is_not_found(cast: Cast, bare: int) -> None:
    with pytest.raises(NotFound):
        queries.read_idea(bare + 1000, cast.jun.id)


@pytest.mark.parametrize(
    "path",
    ["/ideas?sort=new", "/ideas", "/ideas?q=막차", "/ideas/similar?title=막차를 늦춰 주세요"],
)
def test_lists_and_searches_read_no_table_whole_that_grows(
    path: str, cast: Cast, browser_of: Browser, full: int
) -> None:
    browser = browser_of(cast.mina)
    assert browser.get(path).status_code == 200
    with scans(walks=False) as found:
        browser.get(path)
    whole = [
        each for each in found if each.startswith(("idea:", "comment:", "support:", "account:"))
    ]
    assert not whole, "\n".join(whole)
