"""The pages of the reading stack: dealing, answering without a script, visitors, the end, one's own record."""

from __future__ import annotations

import re

import pytest

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core.db import transaction
from ideas_app.ideas.queries import get_idea
from ideas_app.votes import queries
from ideas_app.votes.rules import HAND, Said
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import counter_of, support

STACK = "/read/ideas-2026"


@pytest.fixture
def ideas(cast):
    campaign = make_campaign()
    return [make_idea(cast.mina, campaign).id for _turn in range(3)]


def card(text):
    found = re.search(r'name="idea" value="(\d+)"', text)
    return int(found[1]) if found else None


def say(browser, idea_id, said):
    return browser.post(STACK, data={"idea": idea_id, "said": said})


def test_the_menu_leads_to_the_stack_that_is_open(ideas, visitor):
    assert 'href="/read"' in visitor.get("/").text
    assert visitor.get("/read").location == STACK


def test_without_an_open_campaign_the_page_says_where_else_to_go(cast, visitor):
    assert "The reading stack is closed now" in visitor.get("/read?lang=en").text
    make_campaign(phase=PhaseKind.PREPARING)
    text = visitor.get(f"{STACK}?lang=en").text
    assert "Supporting closed on" in text
    assert card(text) is None


def test_three_answers_lead_through_the_stack_and_never_the_same_comes_twice(
    cast, ideas, browser_of
):
    browser = browser_of(cast.jun)
    seen = []
    for said in Said:
        shown = card(browser.get(STACK).text)
        seen.append(shown)
        answer = say(browser, shown, said.value)
        assert answer.status_code == 303
        assert answer.location == f"{STACK}?last={shown}"
    assert sorted(seen) == sorted(ideas)
    end = browser.get(f"{STACK}?lang=en").text
    assert "You have read them all" in end
    assert "You answered 3 ideas." in end
    assert counter_of(seen[0]) == 1
    assert counter_of(seen[1]) == 0


def test_the_card_says_how_many_readers_it_lacks(cast, ideas, browser_of):
    for number in range(3):
        for idea_id in ideas:
            say(browser_of(make_account(f"Reader{number}{idea_id}")), idea_id, "passed")
    text = browser_of(cast.jun).get(f"{STACK}?lang=en").text
    assert "3 people have read it so far. 17 more readers and it starts level with all." in text
    assert "<strong>1</strong> / 3 ideas" in text


def test_the_last_answer_can_be_changed(cast, ideas, browser_of):
    browser = browser_of(cast.jun)
    say(browser, ideas[0], "unsure")
    after = browser.get(f"{STACK}?lang=en&last={ideas[0]}").text
    assert f"idea={ideas[0]}" in after
    again = browser.get(f"{STACK}?lang=en&idea={ideas[0]}").text
    assert card(again) == ideas[0]
    assert "This is what you said" in again
    say(browser, ideas[0], "support")
    assert counter_of(ideas[0]) == 1
    assert get_idea(ideas[0]).unsure_count == 0


def test_answers_stand_in_ones_own_record_and_on_the_idea_for_oneself_alone(
    cast, ideas, browser_of
):
    browser, page = browser_of(cast.jun), f"/ideas/{ideas[0]}?lang=en"
    say(browser, ideas[0], "unsure")
    assert "What I said while reading" in browser.get("/me?lang=en").text
    assert (
        "In the reading stack you said: Not sure." in browser.get(page, follow_redirects=True).text
    )
    other = browser_of(cast.hyun).get(page, follow_redirects=True).text
    assert "In the reading stack you said" not in other


def test_a_visitor_reads_on_and_is_told_why_an_answer_asks_to_sign_in(cast, ideas, visitor):
    first = visitor.get(f"{STACK}?lang=en").text
    shown = card(first)
    assert "so that each person counts once" in first
    assert f'name="next" value="{STACK}?idea={shown}"' in first
    assert "/login" in say(visitor, shown, "support").location
    assert say(visitor, shown, "passed").status_code == 303
    assert card(visitor.get(STACK).text) != shown
    for _turn in range(2):
        say(visitor, card(visitor.get(STACK).text), "passed")
    assert "You have read them all" in visitor.get(f"{STACK}?lang=en").text
    assert get_idea(shown).readers_count == 0


def test_the_place_of_a_visitor_is_kept_over_the_sign_in(cast, ideas, app):
    from tests.people import PASSWORD

    browser = app.test_client()
    passed = card(browser.get(STACK).text)
    say(browser, passed, "passed")
    shown = card(browser.get(STACK).text)
    form = {"email": "jun@example.org", "password": PASSWORD, "next": f"{STACK}?idea={shown}"}
    assert browser.post("/login", data=form).location.endswith(f"{STACK}?idea={shown}")
    say(browser, shown, "passed")
    assert card(browser.get(STACK).text) not in {passed, shown}


def test_after_a_hand_of_twenty_the_reader_is_asked_to_rest(cast, browser_of):
    campaign = make_campaign()
    ids = [make_idea(cast.mina, campaign).id for _turn in range(HAND + 1)]
    browser = browser_of(cast.jun)
    for idea_id in ids[: HAND - 1]:
        assert "rest" not in say(browser, idea_id, "passed").location
    rest = say(browser, ids[HAND - 1], "passed").location
    assert "rest=1" in rest
    assert "You have read 20 ideas" in browser.get(f"{rest}&lang=en").text


@pytest.mark.parametrize("data", [{}, {"idea": "x", "said": "passed"}, {"idea": "9999999999999"}])
def test_a_card_that_is_none_is_not_found(cast, ideas, browser_of, data):
    assert browser_of(cast.jun).post(STACK, data=data).status_code in {404, 303}
    assert (
        browser_of(cast.jun).post(STACK, data={"idea": ideas[0], "said": "no"}).status_code == 422
    )


@pytest.mark.parametrize(
    "query", ["idea=x", "idea=0", "idea=99999", "idea=99999999999999", "last=-1"]
)
def test_odd_addresses_deal_the_next_card(ideas, visitor, query):
    assert card(visitor.get(f"{STACK}?{query}").text) in ideas


def test_a_support_that_is_set_aside_is_told_on_ones_own_page(cast, ideas, browser_of):
    from tests.votes.test_aside import make_bots, set_aside

    (bot,) = make_bots(1)
    support(bot, ideas[0])
    set_aside(cast.sora)
    text = browser_of(bot).get("/me?lang=en").text
    assert "1 of your supports is set aside" in text
    assert "같은 시각에 만든 계정들이에요." in text
    assert "is set aside" not in browser_of(cast.jun).get("/me?lang=en").text


def test_moderators_see_reach_and_are_warned_when_they_prepare_the_ballot(cast, ideas, browser_of):
    reach = "/ballot/ideas-2026/readers"
    assert (
        "3 ideas have fewer than 20 readers." in browser_of(cast.sora).get(f"{reach}?lang=en").text
    )
    assert browser_of(cast.jun).get(reach).status_code == 403
    entries = browser_of(cast.sora).get("/ballot/ideas-2026/entries?lang=en").text
    assert "3 ideas have fewer than 20 readers, so they would not start level" in entries


def test_where_supports_are_the_votes_totals_are_hidden_until_one_has_voted(
    cast, browser_of, visitor
):
    campaign = make_campaign(settings={"source": "supports"})
    first, second = (make_idea(cast.mina, campaign).id for _turn in range(2))
    support(make_account("Other"), first)
    for path in ("/ideas", "/ideas?sort=supported", f"/ideas/{first}"):
        assert "data-supports=" not in visitor.get(path, follow_redirects=True).text
    browser = browser_of(cast.jun)
    assert "data-supports=" not in browser.get("/ideas").text
    support(cast.jun, second)
    assert "data-supports=" in browser.get("/ideas").text


def test_a_closed_campaign_is_listed_by_time_and_an_open_one_mixed(cast, visitor):
    make_idea(cast.mina, make_campaign(phase=PhaseKind.TRACKING))
    assert "The newest first." in visitor.get("/ideas?lang=en").text
    make_idea(cast.mina, make_campaign("open"))
    assert "Shuffled anew" in visitor.get("/ideas?lang=en").text


def test_dealing_costs_the_same_however_many_ideas_there_are(cast, ideas):
    from tests.statements import statements

    campaign = get_campaign("ideas-2026")
    with statements() as few:
        queries.deal(cast.jun, campaign)
    with transaction():
        pass
    for _turn in range(6):
        make_idea(cast.mina, get_campaign("ideas-2026"))
    campaign = get_campaign("ideas-2026")
    with statements() as many:
        queries.deal(cast.jun, campaign)
    assert len(few) == len(many) == 4
