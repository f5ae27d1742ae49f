"""The desk of suspicious supports: preview, act, the way back; strangers stay outside."""

from __future__ import annotations

import re

import pytest

from tests.factories import make_campaign, make_idea
from tests.votes.scenes import counter_of, support
from tests.votes.test_aside import make_bots

DESK = "/moderation/supports/ideas-2026"
MARKS = {"domain": "bots.example", "cause": "by_machine", "reason": "한꺼번에 만든 계정이에요."}


@pytest.fixture
def idea_id(cast):
    made = make_idea(cast.mina, make_campaign()).id
    support(cast.jun, made)
    for bot in make_bots(2):
        support(bot, made)
    return made


def test_a_preview_changes_nothing_and_shows_each_idea_before_and_after(cast, idea_id, browser_of):
    page = browser_of(cast.sora).post(f"{DESK}?lang=en", data={**MARKS, "step": "preview"})
    assert page.status_code == 200
    assert "Set 2 supports aside" in page.text
    cells = re.findall(r'<td class="s-num">(\d+)</td>', page.text)
    assert cells[:3] == ["3", "2", "1"]
    assert counter_of(idea_id) == 3


def test_the_act_and_the_way_back(cast, idea_id, browser_of):
    browser = browser_of(cast.sora)
    done = browser.post(DESK, data={**MARKS, "step": "do", "expected": "2"})
    assert done.status_code == 303
    assert counter_of(idea_id) == 1
    page = browser.get(DESK).text
    address = re.search(r'action="(/moderation/supports/\d+/restore)"', page)
    assert browser.post(address[1], data={"reason": ""}).status_code == 422
    assert browser.post(address[1], data={"reason": "본인이 맞아요."}).status_code == 303
    assert counter_of(idea_id) == 3
    log = browser.get("/audit?lang=en").text
    assert "Supports set aside" in log
    assert "Supports restored" in log


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"step": "do", "expected": "7"}, 422),
        ({"step": "do", "expected": "2", "reason": ""}, 422),
        ({"step": "preview", "domain": ""}, 422),
        ({"step": "preview", "age_hours": "many"}, 422),
        ({"step": "preview", "idea": "2026-999"}, 422),
        ({"step": "preview", "since": "yesterday"}, 422),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(cast, idea_id, browser_of, more, status):
    answer = browser_of(cast.sora).post(DESK, data={**MARKS, **more})
    assert answer.status_code == status
    assert counter_of(idea_id) == 3


@pytest.mark.parametrize("person", ["mina", "jun", "hyun"])
def test_nobody_else_comes_in(cast, idea_id, browser_of, person):
    browser = browser_of(getattr(cast, person))
    assert browser.get(DESK).status_code == 403
    assert browser.post(DESK, data={**MARKS, "step": "do", "expected": "2"}).status_code == 403
    assert counter_of(idea_id) == 3
