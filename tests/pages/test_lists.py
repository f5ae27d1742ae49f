"""The front page, the list, the public log, one's own record and the small addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from ideas_app.audit import queries as audit
from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Role
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import State
from ideas_app.moderation import service as moderation
from ideas_app.pages import queries
from ideas_app.programmes.models import Outcome, Participation, Person
from tests.factories import make_campaign, make_idea, make_programme
from tests.people import Cast, make_account
from tests.statements import statements
from tests.votes.scenes import cast as cast_ballot
from tests.votes.scenes import prepare_ballot, support

Browser = Callable[[Any], FlaskClient]


@pytest.fixture
def campaign(app: Any) -> Campaign:
    return make_campaign()


def titles(text: str) -> list[str]:
    return re.findall(r'c-card__title"><a href="[^"]*"[^>]*>([^<]*)<', text)


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ideas",
        "/audit",
        "/privacy",
        "/terms",
        "/rules",
        "/accessibility",
        "/ideas?q=x&state=answered",
    ],
)
def test_public_pages_answer_an_empty_house(
    app: Any, visitor: FlaskClient, path: str, lang: str
) -> None:
    sign = "&" if "?" in path else "?"
    answer = visitor.get(f"{path}{sign}lang={lang}")
    assert answer.status_code == 200
    assert f'<html lang="{lang}">' in answer.text


def test_the_front_page_shows_the_campaign_that_takes_ideas(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    title = make_idea(cast.mina, campaign).title
    make_campaign("older", PhaseKind.ANSWERING)
    text = visitor.get("/?lang=en").text
    assert "Youth policy ideas 2026" in text
    assert title in text


def test_the_list_shows_listed_ideas_only(
    campaign: Campaign, cast: Cast, visitor: FlaskClient, browser_of: Browser
) -> None:
    for state in State:
        make_idea(cast.mina, campaign, state=state, title=f"상태는 {state.value} 이에요 여러분")
    shown = titles(visitor.get("/ideas").text)
    listed = {"published", "on_ballot", "shortlisted", "not_shortlisted", "answered", "done"}
    assert {title.split()[1] for title in shown} == listed
    assert set(titles(browser_of(cast.sora).get("/ideas").text)) == set(shown)


def test_filters_and_orders_are_links_that_keep_each_other(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    make_idea(cast.mina, campaign, field=2)
    make_idea(cast.mina, campaign, field=0)
    text = visitor.get("/ideas?field=move&sort=new").text
    assert len(titles(text)) == 1
    assert "field=move&amp;sort=supported" in text


def test_the_page_after_the_first_holds_the_rest(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    for _number in range(23):
        make_idea(cast.mina, campaign)
    first = visitor.get("/ideas?sort=new").text
    following = re.search(r'href="([^"]*)" rel="next"', first)
    assert following
    second = visitor.get(following.group(1).replace("&amp;", "&")).text
    assert len(titles(first)) == 20
    assert len(titles(second)) == 3
    assert not set(titles(first)) & set(titles(second))


def test_a_spoilt_cursor_begins_anew(campaign: Campaign, cast: Cast, visitor: FlaskClient) -> None:
    make_idea(cast.mina, campaign)
    assert len(titles(visitor.get("/ideas?after=nonsense&sort=active").text)) == 1


def test_ones_own_supports_and_ideas_are_marked(
    campaign: Campaign, cast: Cast, browser_of: Browser
) -> None:
    first, _second = make_idea(cast.mina, campaign).id, make_idea(cast.jun, campaign).id
    support(cast.jun, first)
    text = browser_of(cast.jun).get("/ideas?lang=en").text
    assert text.count('aria-pressed="true"') == 1
    assert "My idea" in text


def test_where_support_is_closed_the_list_shows_numbers_and_no_buttons(
    app: Any, cast: Cast, visitor: FlaskClient
) -> None:
    campaign = make_campaign(phase=PhaseKind.PREPARING)
    make_idea(cast.mina, campaign)
    text = visitor.get("/ideas?lang=en&campaign=ideas-2026").text
    assert "c-support__btn" not in text
    assert "Supporting closed on" in text


@pytest.mark.parametrize("person", ["visitor", "jun"])
def test_a_longer_list_costs_no_more_statements(
    person: str, campaign: Campaign, cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    browser = visitor if person == "visitor" else browser_of(cast.jun)
    make_idea(cast.mina, campaign)
    browser.get("/ideas")  # the first page of a browser asks once whether a consent has changed
    with statements() as few:
        browser.get("/ideas")
    for _number in range(12):
        make_idea(cast.mina, get_campaign("ideas-2026"))
    with statements() as many:
        browser.get("/ideas")
    assert len(many) == len(few) == (2 if person == "visitor" else 3)


def test_the_log_shows_role_and_reason_and_never_a_name(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    idea_id = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    with transaction():
        moderation.return_to_author(cast.sora, ideas.get_idea(idea_id), "한 줄만 더 적어 주세요.")
    text = visitor.get("/audit?lang=en").text
    assert "한 줄만 더 적어 주세요." in text
    assert "Moderator" in text
    assert "Sora" not in text
    assert audit.head_hash() in text
    assert "한 줄만" not in visitor.get("/audit?tag=idea:published").text


def test_the_log_does_not_name_an_idea_that_is_not_public(
    campaign: Campaign, cast: Cast, visitor: FlaskClient
) -> None:
    idea = make_idea(cast.mina, campaign, title="아무도 모르는 제목이에요 정말")
    idea_id = idea.id
    with transaction():
        moderation.hide(cast.sora, ideas.get_idea(idea_id), "abuse", "욕설이 있어요.")
    assert "아무도 모르는" not in visitor.get("/audit").text


def test_my_record_shows_my_things_only(
    campaign: Campaign, cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    mine, other = make_idea(cast.mina, campaign), make_idea(cast.jun, campaign)
    titles_of = (mine.title, other.title)
    waiting = make_idea(cast.mina, campaign, state=State.SUBMITTED).title
    text = browser_of(cast.mina).get("/me").text
    assert titles_of[0] in text
    assert waiting in text
    assert titles_of[1] not in text
    assert "/login" in visitor.get("/me").headers["Location"]
    assert browser_of(cast.mina).get("/me/record").status_code == 200


def test_my_record_counts_my_ballot(app: Any, cast: Cast, browser_of: Browser) -> None:
    campaign = make_campaign(phase=PhaseKind.PREPARING)
    authors = [make_account(f"Writer{number}") for number in range(6)]
    entries = prepare_ballot(cast.sora, campaign, authors)
    before = queries.count_people(campaign.id)
    cast_ballot(cast.jun, "ideas-2026", entries[:5])
    assert queries.count_people(campaign.id) == before == 6, (
        "a public figure must not tell the turnout"
    )
    (ballot,) = queries.list_ballots_of(cast.jun.id or 0)
    assert (ballot.picks, ballot.chosen) == (5, 0)
    assert "You chose 5." in browser_of(cast.jun).get("/me?lang=en").text
    assert queries.list_ballots_of(cast.mina.id or 0) == []


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.MODERATOR, "/moderation"), (Role.OFFICIAL, "/desk"), (Role.YOUTH, "/me")],
)
def test_the_workspace_leads_each_role_to_its_work(
    app: Any, browser_of: Browser, role: Role, place: str
) -> None:
    person = make_account("Anybody", role)
    assert browser_of(person).get("/workspace").headers["Location"] == place


def test_participants_who_support_are_told_only_in_numbers_that_hide_each(
    campaign: Campaign, cast: Cast
) -> None:
    programme = make_programme()
    idea_id = make_idea(cast.mina, campaign, programme=programme).id
    programme_id = programme.id
    people = [make_account(f"Person{number}") for number in range(10)]
    for number, person in enumerate(people):
        support(person, idea_id)
        if number < 5:
            take_part(person.id or 0, programme_id)
    assert queries.read_idea(idea_id).participants == 5
    take_part(people[5].id or 0, programme_id)
    assert queries.read_idea(idea_id).participants is None


def test_of_counselling_nothing_is_told(campaign: Campaign, cast: Cast) -> None:
    programme = make_programme("counselling", outcome=Outcome.COUNSELLING)
    idea_id = make_idea(cast.mina, campaign, programme=programme).id
    assert queries.read_idea(idea_id).participants is None


def take_part(account_id: int, programme_id: int) -> None:
    with transaction() as session:
        person = Person(
            name="가나다",
            name_key="가나다",
            match_key=f"key{account_id}",
            account_id=account_id,
            created_at=clock.now(),
        )
        session.add(person)
        session.flush()
        session.add(
            Participation(person_id=person.id, programme_id=programme_id, created_at=clock.now())
        )


def test_reading_sets_no_cookie(campaign: Campaign, cast: Cast, visitor: FlaskClient) -> None:
    idea_id = make_idea(cast.mina, campaign).id
    for path in ("/", "/ideas", f"/ideas/{idea_id}", "/audit", "/campaigns/ideas-2026"):
        answer = visitor.get(path, follow_redirects=True)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers, path


def test_machines_hear_that_the_house_stands(visitor: FlaskClient) -> None:
    assert visitor.get("/healthz").get_json() == {"status": "ok"}
    assert visitor.get("/readyz").get_json() == {"status": "ready", "queue_seconds": 0}
    assert "Disallow: /me" in visitor.get("/robots.txt").text
