"""The page of the map: words for everybody after the close, for staff before, never a person."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import outbox
from ideas_app.core.db import transaction
from ideas_app.ideas.models import Idea
from ideas_app.opinion import service
from ideas_app.opinion.queries import find_map
from ideas_app.opinion.rules import WhyNone
from tests.opinion.scenes import answered, computed
from tests.people import Actor, Cast
from tests.statements import statements

Browser = Callable[[Actor], FlaskClient]
PAGE = "/opinion/ideas-2026"
ENGLISH = f"{PAGE}?lang=en"


def test_everybody_reads_in_words_what_groups_there_are(cast: Cast, visitor: FlaskClient) -> None:
    campaign, ideas = answered(cast)
    computed(campaign)
    first, both = (f'/ideas/{ideas[place].id}"' for place in (0, 9))
    page = visitor.get(ENGLISH).text
    assert "Two groups of opinion" in page
    assert re.search(r"Group A: 30 people.*Group B: 30 people", page, re.DOTALL)
    together = page[page.index("What all groups agree on") : page.index("Where the groups differ")]
    assert both in together
    assert first not in together
    assert first in page[page.index("Where the groups differ") : page.index("The picture")]
    assert "<polygon" in page
    assert "See as a table" in page


def test_the_page_holds_nothing_of_a_person(cast: Cast, visitor: FlaskClient) -> None:
    campaign, _ideas = answered(cast)
    computed(campaign)
    page = visitor.get(ENGLISH).text
    assert "crowd" not in page, "a nickname"
    assert "Compute anew" not in page


@pytest.mark.parametrize("person", ["visitor", "mina", "jun"])
def test_nothing_is_shown_to_the_stranger_while_people_vote(
    cast: Cast, visitor: FlaskClient, browser_of: Browser, person: str
) -> None:
    campaign, _ideas = answered(cast, PhaseKind.BALLOT)
    computed(campaign)
    stranger = visitor if person == "visitor" else browser_of(getattr(cast, person))
    refused = stranger.get(ENGLISH)
    assert refused.status_code == 403
    assert "it could steer the vote" in refused.text
    assert "groups of opinion" not in refused.text
    assert stranger.post(PAGE).status_code in {303, 403}
    linked = stranger.get("/campaigns/ideas-2026?lang=en").text
    assert "it could steer the vote" in linked
    assert f'href="{PAGE}"' not in linked


@pytest.mark.parametrize("person", ["sora", "hyun", "dana"])
def test_staff_read_it_at_once_and_are_told_that_only_they_do(
    cast: Cast, browser_of: Browser, person: str
) -> None:
    campaign, _ideas = answered(cast, PhaseKind.GATHERING)
    computed(campaign)
    page = browser_of(getattr(cast, person)).get(ENGLISH).text
    assert "Only staff see this page so far" in page
    assert "Two groups of opinion" in page


def test_an_official_has_it_computed_anew_and_sees_that_it_is_under_way(
    cast: Cast, browser_of: Browser
) -> None:
    campaign_id = answered(cast)[0].id
    hyun = browser_of(cast.hyun)
    assert "The map is not computed yet" in hyun.get(ENGLISH).text
    asked = hyun.post(PAGE)
    assert (asked.status_code, asked.headers["Location"]) == (303, PAGE)
    waiting = hyun.get(ENGLISH).text
    assert "The map is being computed." in waiting
    assert "Compute anew" not in waiting
    again = hyun.post(ENGLISH)
    assert again.status_code == 403
    assert "being computed already" in again.text
    outbox.drain()
    page = hyun.get(ENGLISH).text
    assert "Two groups of opinion" in page
    assert "Compute anew" in page
    found = find_map(campaign_id)
    assert found is not None
    assert (found.digest or "")[:8] in page


def test_weak_groups_are_said_to_be_none_with_their_reason(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign, _ideas = answered(cast, people=12)
    computed(campaign)
    page = visitor.get(ENGLISH).text
    assert "No clear groups of opinion" in page
    assert "Fewer than 50 people gave at least 7 answers" in page
    assert "What most people agree on" in page
    assert "Group A" not in page


def test_every_page_and_every_reason_is_told_in_korean_too(
    cast: Cast, visitor: FlaskClient, browser_of: Browser
) -> None:
    campaign, _ideas = answered(cast)
    campaign_id = campaign.id
    assert "아직 계산하지 않았어요" in browser_of(cast.hyun).get(PAGE).text
    service.compute(campaign_id)
    assert "의견이 두 무리로 나뉘어요" in visitor.get(PAGE).text
    told = set()
    for why in WhyNone:
        with transaction():
            found = find_map(campaign_id)
            assert found is not None
            found.result = (found.result or {}) | {"groups": None, "why_none": why.value}
        page = visitor.get(PAGE).text
        told.add(
            page[page.index("무리를 보여 주지 않는 까닭") : page.index("많은 사람이 공감하는")]
        )
    assert len(told) == len(WhyNone)


def test_a_few_answers_are_not_counted_out(cast: Cast, visitor: FlaskClient) -> None:
    campaign, ideas = answered(cast, people=2)
    links = [f'/ideas/{idea.id}"' for idea in ideas]
    computed(campaign)
    page = visitor.get(ENGLISH).text
    assert "fewer than 5" in page
    assert "4 people" not in page
    assert "<polygon" not in page
    assert not any(link in page for link in links)


def test_before_the_first_result_everybody_is_told_so(cast: Cast, visitor: FlaskClient) -> None:
    answered(cast, people=1)
    assert "The opinion map is not there yet" in visitor.get(ENGLISH).text


def test_an_idea_hidden_since_is_not_named(cast: Cast, visitor: FlaskClient) -> None:
    campaign, ideas = answered(cast)
    hidden, link = ideas[0].id, f'/ideas/{ideas[0].id}"'
    computed(campaign)
    with transaction() as current:
        current.execute(update(Idea).where(Idea.id == hidden).values(is_listed=False))
    page = visitor.get(ENGLISH)
    assert page.status_code == 200
    assert link not in page.text


def test_the_ways_lead_to_the_map(cast: Cast, visitor: FlaskClient, browser_of: Browser) -> None:
    answered(cast, people=1)
    assert f'href="{PAGE}"' in visitor.get("/campaigns/ideas-2026").text
    for person in (cast.sora, cast.hyun):
        assert f'href="{PAGE}"' in browser_of(person).get("/shortlists").text


def test_an_unknown_campaign_is_not_found(cast: Cast, browser_of: Browser) -> None:
    sora = browser_of(cast.sora)
    assert sora.get("/opinion/nowhere").status_code == 404
    assert sora.post("/opinion/nowhere").status_code == 404


def test_more_ideas_cost_no_more_statements(cast: Cast, visitor: FlaskClient) -> None:
    computed(answered(cast, people=1)[0])
    computed(answered(cast, slug="other", people=30)[0])
    costs = []
    for slug in ("ideas-2026", "other"):
        with statements() as seen:
            assert visitor.get(f"/opinion/{slug}").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert costs[0] <= 8
