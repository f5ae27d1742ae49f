"""Who has an item open: kept by looking, by signs of life, taken over by a click; exact for two at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Refused
from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from ideas_app.moderation.queries import Filters, Tab, Whose
from ideas_app.moderation.rules import BEAT_HOLD, PAGE_HOLD, Item
from tests.factories import make_idea
from tests.moderation.scenes import WORDS, decide, flag_idea, settle_flag


def look(actor, idea_id, item=Item.IDEA):
    with transaction():
        return service.open_item(actor, item, idea_id)


def beat(actor, idea_id):
    with transaction():
        return service.keep_open(actor, Item.IDEA, idea_id)


def later(by):
    return clock.at(clock.now() + by)


def test_what_one_has_open_is_not_anothers(cast, waiting, noah):
    assert look(cast.sora, waiting.id)
    assert not look(noah, waiting.id)
    assert queries.find_lock(Item.IDEA, waiting.id).name == "Sora"


def test_looking_keeps_it_for_two_minutes(cast, waiting, noah):
    look(cast.sora, waiting.id)
    with later(PAGE_HOLD - timedelta(seconds=1)):
        assert not look(noah, waiting.id)
    with later(PAGE_HOLD):
        assert look(noah, waiting.id)


def test_signs_of_life_keep_it_a_minute_each(cast, waiting, noah):
    look(cast.sora, waiting.id)
    with later(timedelta(seconds=100)):
        assert beat(cast.sora, waiting.id)
    with later(timedelta(seconds=100) + BEAT_HOLD - timedelta(seconds=1)):
        assert not look(noah, waiting.id)
    with later(timedelta(seconds=100) + BEAT_HOLD):
        assert look(noah, waiting.id)
        assert not beat(cast.sora, waiting.id)


def test_opening_another_item_lets_the_first_fall_free_soon(cast, campaign, waiting, noah):
    look(cast.sora, waiting.id)
    look(cast.sora, make_idea(cast.mina, campaign, state=State.SUBMITTED).id)
    assert not look(noah, waiting.id)
    with later(timedelta(seconds=30)):
        assert look(noah, waiting.id)


def test_taking_over_names_whose_it_was(cast, waiting, noah):
    look(cast.sora, waiting.id)
    with transaction():
        service.take_over(noah, Item.IDEA, waiting.id)
    lock = queries.find_lock(Item.IDEA, waiting.id)
    assert (lock.name, lock.taken_from) == ("Noah", "Sora")
    assert not beat(cast.sora, waiting.id)


def test_giving_back_lets_it_go_but_only_ones_own(cast, waiting, noah):
    look(cast.sora, waiting.id)
    with transaction():
        service.release(noah, Item.IDEA, waiting.id)
    assert queries.find_lock(Item.IDEA, waiting.id)
    with transaction():
        service.release(cast.sora, Item.IDEA, waiting.id)
    assert queries.find_lock(Item.IDEA, waiting.id) is None


@pytest.mark.parametrize("who", ["mina", "hyun", "visitor"])
def test_strangers_open_nothing(cast, waiting, who):
    with pytest.raises(Refused):
        look(getattr(cast, who), waiting.id)
    assert queries.find_lock(Item.IDEA, waiting.id) is None


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("publish", ()),
        ("return_to_author", (WORDS,)),
        ("reject", (RejectCode.PRANK, WORDS)),
        ("hide", (RejectCode.ABUSE, WORDS)),
    ],
)
def test_a_decision_about_what_a_colleague_has_open_is_refused_by_name(
    cast, waiting, noah, told, verb, words
):
    look(cast.sora, waiting.id)
    with pytest.raises(Conflict) as refusal:
        decide(verb, noah, waiting.id, *words)
    assert refusal.value.code == "locked"
    assert "Sora" in str(refusal.value.message)
    assert get_idea(waiting.id).state is State.SUBMITTED
    assert told == []


def test_deciding_takes_what_nobody_has_and_lets_it_go_after(cast, waiting):
    decide("publish", cast.sora, waiting.id)
    assert queries.find_lock(Item.IDEA, waiting.id) is None


def test_a_flag_is_settled_by_who_has_it_open_whatever_idea_others_read(cast, listed, noah):
    flag_id = flag_idea(cast.jun, listed.id)
    look(noah, listed.id)
    look(cast.sora, flag_id, Item.FLAG)
    with pytest.raises(Conflict):
        settle_flag(noah, flag_id, "dismissed")
    settle_flag(cast.sora, flag_id, "hidden", code=RejectCode.ABUSE)
    assert get_idea(listed.id).state is State.HIDDEN


def test_the_list_shows_who_has_what_open_and_narrows_to_it(cast, campaign, waiting, noah):
    other = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    look(noah, waiting.id)
    rows = queries.list_queue(Filters()).rows
    assert {row.key: row.opened_by for row in rows} == {waiting.id: "Noah", other: None}

    def keys(whose):
        found = queries.list_queue(Filters(whose=whose), actor_id=cast.sora.id)
        return [row.key for row in found.rows]

    assert (keys(Whose.FREE), keys(Whose.OWN)) == ([other], [])


def test_the_next_item_is_none_that_a_colleague_has_open(cast, campaign, noah):
    ids = [make_idea(cast.mina, campaign, state=State.SUBMITTED).id for _ in range(3)]
    look(noah, ids[1])
    since = queries.list_queue(Filters(Tab.NEW)).rows[0].since_at
    assert queries.find_next(Filters(), since, ids[0], actor_id=cast.sora.id) == ids[2]


def test_the_page_of_a_colleagues_item_says_so_and_keeps_what_was_typed(
    cast, waiting, noah, browser_of
):
    browser_of(cast.sora).get(f"/moderation/{waiting.id}")
    browser = browser_of(noah)
    form = {"code": "prank", "reason": "조금 더 생각해 볼 글입니다."}
    answer = browser.post(f"/moderation/{waiting.id}/reject", data=form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Sora" in page
    assert form["reason"] in page
    taken = browser.post(f"/moderation/{waiting.id}/reject", data={**form, "take": "1"})
    assert (taken.status_code, form["reason"] in taken.get_data(as_text=True)) == (200, True)
    assert browser.post(f"/moderation/{waiting.id}/reject", data=form).status_code == 303
    assert get_idea(waiting.id).state is State.REJECTED


def test_signs_of_life_are_answered_to_scripts(cast, waiting, noah, browser_of):
    browser_of(cast.sora).get(f"/moderation/{waiting.id}")
    address, script = f"/moderation/locks/idea/{waiting.id}", {"X-Requested-With": "fetch"}
    sora, other = browser_of(cast.sora), browser_of(noah)
    assert sora.post(address, headers=script).json == {"held": True, "name": ""}
    assert other.post(address, data={"act": "take"}).location == f"/moderation/{waiting.id}"
    assert sora.post(address, headers=script).json == {"held": False, "name": "Noah"}


def test_without_a_script_the_lock_is_let_go_by_its_button(cast, waiting, browser_of):
    browser = browser_of(cast.sora)
    browser.get(f"/moderation/{waiting.id}")
    answer = browser.post(f"/moderation/locks/idea/{waiting.id}?field=job", data={"act": "release"})
    browser.get(answer.location)
    assert answer.location == "/moderation?pause=1&field=job"
    assert queries.find_lock(Item.IDEA, waiting.id) is None


def test_there_are_no_locks_of_other_kinds(cast, browser_of):
    assert browser_of(cast.sora).post("/moderation/locks/ballot/1").status_code == 404
