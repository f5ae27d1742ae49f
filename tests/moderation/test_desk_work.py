"""Notes, trust, typing errors, one decision for several ideas, sheets typed in, and how long ideas waited."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ideas_app.accounts.queries import get_account
from ideas_app.audit.queries import list_of_subject
from ideas_app.campaigns.models import Campaign
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.ideas.models import Idea, RejectCode, State
from ideas_app.ideas.queries import get_idea, list_revisions
from ideas_app.moderation import queries, rules, service
from ideas_app.moderation.queries import Filters
from ideas_app.moderation.rules import Band, Decision, FirstLook, Item
from ideas_app.notifications.models import Notice
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import WORDS, decide, last_entry, tags_of
from tests.moderation.test_queries import submitted
from tests.statements import statements

STRANGERS = ["mina", "jun", "hyun", "visitor"]


def drain():
    with clock.at(clock.now() + rules.UNDO_FOR):
        outbox.drain()


def notices_of(actor):
    query = session().query(Notice).filter_by(account_id=actor.id)
    return [(notice.kind, notice.values) for notice in query]


# Notes


def write_note(actor, idea_id, words):
    with transaction():
        return service.write_note(actor, get_idea(idea_id), words)


def test_a_note_tells_the_colleague_whom_it_names_but_not_its_words(cast, waiting, noah):
    write_note(cast.sora, waiting.id, "@noah 작년 제안과 같은지 봐 주세요.")
    drain()
    [(kind, values)] = notices_of(noah)
    assert (kind, values["name"]) == ("note", "Sora")
    assert "작년" not in str(values)
    assert notices_of(cast.dana) == notices_of(cast.mina) == []


def test_notes_are_read_at_the_desk_only(cast, waiting, browser_of, visitor):
    decide("publish", cast.sora, waiting.id)
    write_note(cast.sora, waiting.id, "쪽지에만 있는 말")
    assert "쪽지에만" in browser_of(cast.dana).get(f"/moderation/{waiting.id}").get_data(
        as_text=True
    )
    for browser in (visitor, browser_of(cast.mina), browser_of(cast.hyun)):
        assert "쪽지에만" not in browser.get(f"/ideas/{waiting.id}").get_data(as_text=True)


def test_an_official_and_a_moderator_write_to_one_another(cast, waiting, browser_of):
    write_note(cast.sora, waiting.id, "@hyun 예산이 있는지 봐 주세요.")
    write_note(cast.hyun, waiting.id, "@sora 내년 예산에 있습니다.")
    drain()
    assert [kind for kind, _values in notices_of(cast.hyun)] == ["note"]
    assert [kind for kind, _values in notices_of(cast.sora)] == ["note"]
    # each is led to the own desk
    for person, place in ((cast.hyun, "/desk/ideas/"), (cast.sora, "/moderation/")):
        number = session().scalars(select(Notice.id).where(Notice.account_id == person.id)).one()
        answer = browser_of(person).get(f"/me/notices/{number}")
        assert answer.headers["Location"] == f"{place}{waiting.id}"


@pytest.mark.parametrize("who", sorted(set(STRANGERS) - {"hyun"}))
def test_nobody_else_leaves_notes(cast, waiting, who):
    with pytest.raises(Refused):
        write_note(getattr(cast, who), waiting.id, "안녕하세요.")
    assert queries.list_notes(waiting.id) == []


def test_a_note_of_nothing_comes_back_to_its_page(cast, waiting, browser_of):
    answer = browser_of(cast.sora).post(f"/moderation/{waiting.id}/notes", data={"note": " "})
    assert answer.status_code == 422
    assert queries.list_notes(waiting.id) == []


def test_the_longer_name_is_meant_where_one_begins_like_another():
    names = {1: "은지", 2: "은지은"}
    assert rules.named_in("@은지은님 봐 주세요", names) == [2]
    assert rules.named_in("@은지은 @은지", names) == [1, 2]
    assert rules.named_in("은지에게 물어봄, a@b.kr", names) == []


# Trust


def trust(actor, author, verb="trust"):
    with transaction():
        getattr(service, verb)(actor, get_account(author.id))


def send(author, campaign, **more):
    """An idea as its author sends it, after the worker has been round."""
    from ideas_app.ideas.events import IdeaSubmitted

    idea_id = make_idea(author, campaign, state=State.SUBMITTED, **more).id
    with transaction():
        outbox.publish(IdeaSubmitted(idea_id))
    outbox.drain()
    return get_idea(idea_id)


def test_a_trusted_authors_idea_does_not_wait_and_the_log_says_that_nobody_read_it(
    cast, campaign, listed
):
    trust(cast.sora, cast.mina)
    idea = send(cast.mina, campaign)
    assert idea.state is State.PUBLISHED
    assert [entry.actor_role for entry in list_of_subject("idea", idea.id)] == ["system"]
    assert send(cast.jun, campaign).state is State.SUBMITTED


@pytest.mark.parametrize(
    "why", ["전화는 010-1234-5678로 주세요.", "https://example.org 를 보세요."]
)
def test_what_the_checks_point_out_is_read_all_the_same(cast, campaign, listed, why):
    trust(cast.sora, cast.mina)
    assert send(cast.mina, campaign, why=why).state is State.SUBMITTED


def test_a_campaign_may_have_every_idea_read(cast, listed):
    trust(cast.sora, cast.mina)
    strict = make_campaign("ideas-strict", settings={"trusted_skip_queue": False})
    assert send(cast.mina, strict).state is State.SUBMITTED


def test_trust_ends_and_both_stand_in_the_log(cast, campaign, listed):
    trust(cast.sora, cast.mina)
    with pytest.raises(Conflict):
        trust(cast.dana, cast.mina)
    trust(cast.dana, cast.mina, "end_trust")
    assert send(cast.mina, campaign).state is State.SUBMITTED
    assert tags_of("account", cast.mina.id) == ["account:trusted", "account:trust_ended"]


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_else_trusts(cast, listed, who):
    with pytest.raises(Refused):
        trust(getattr(cast, who), cast.mina)
    assert get_account(cast.mina.id).trusted_at is None


def test_trust_needs_an_idea_that_was_read(cast, waiting):
    with pytest.raises(Refused) as refusal:
        trust(cast.sora, cast.mina)
    assert refusal.value.code == "none_published"


def test_trust_is_given_and_ended_by_the_buttons(cast, listed, browser_of):
    browser, address = browser_of(cast.sora), f"/moderation/{listed.id}/trust"
    browser.post(address)
    assert get_account(cast.mina.id).trusted_at
    browser.post(address, data={"_method": "DELETE"})
    assert get_account(cast.mina.id).trusted_at is None


# Typing errors

TEXTS = {"title": "막차를 밤 열한시까지 늦쳐 주세요", "why": "막차가 너무 일러요.", "how": ""}


def fix(actor, idea_id, **changed):
    with transaction():
        service.fix_typos(actor, get_idea(idea_id), *{**TEXTS, **changed}.values())


def test_a_typing_error_is_mended_shown_and_told(cast, campaign, browser_of, visitor):
    idea_id = make_idea(cast.mina, campaign, **TEXTS).id
    browser, address = browser_of(cast.sora), f"/moderation/{idea_id}/fix"
    form = {**TEXTS, "title": "막차를 밤 열한시까지 늦춰 주세요"}
    look = browser.post(address, data={**form, "step": "look"}).get_data(as_text=True)
    assert "<del>" in look
    assert get_idea(idea_id).title == TEXTS["title"]
    assert browser.post(address, data=form).status_code == 303
    drain()
    assert [kind for kind, _values in notices_of(cast.mina)] == ["fixed"]
    assert list_revisions(idea_id)[0].by_staff
    assert "<del>" in visitor.get(f"/ideas/{idea_id}/history").get_data(as_text=True)
    mina = browser_of(cast.mina)
    (link,) = re.findall(r'href="(/me/notices/\d+)"', mina.get("/me/notices").text)
    assert mina.get(link).headers["Location"] == f"/ideas/{idea_id}/history"


def test_more_than_typing_errors_is_the_authors_to_change(cast, campaign):
    idea_id = make_idea(cast.mina, campaign, **TEXTS).id
    for changed in ({"title": "막차를 없애고 택시를 늘려 주세요"}, {}):
        with pytest.raises(Invalid):
            fix(cast.sora, idea_id, **changed)
    assert len(list_revisions(idea_id)) == 1


@pytest.mark.parametrize("state", [State.ON_BALLOT, State.ANSWERED, State.WITHDRAWN])
def test_a_text_that_was_voted_on_stays(cast, campaign, state):
    idea_id = make_idea(cast.mina, campaign, state=state, **TEXTS).id
    with pytest.raises(Conflict):
        fix(cast.sora, idea_id, why="막차가 너무 일러요!")


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_else_mends(cast, campaign, who):
    idea_id = make_idea(cast.mina, campaign, **TEXTS).id
    with pytest.raises(Refused):
        fix(getattr(cast, who), idea_id, why="막차가 너무 일러요!")


# Several at once


@pytest.fixture
def three(cast, campaign):
    return [make_idea(cast.mina, campaign, state=State.SUBMITTED).id for _ in range(3)]


def states(ids):
    return {get_idea(each).state for each in ids}


def decide_many(actor, ids, decision=Decision.REJECT, **more):
    with transaction():
        return service.decide_many(actor, ids, decision, **more)


def test_one_reason_for_several_ideas_taken_back_together(cast, three):
    assert decide_many(cast.sora, three, code="prank", reason=WORDS) == 3
    assert {get_idea(each).state_reason for each in three} == {WORDS}
    act, number = queries.find_undoable(cast.sora)
    assert number == 3
    with transaction():
        service.undo(cast.sora, act)
    assert states(three) == {State.SUBMITTED}


def test_one_that_cannot_be_decided_keeps_all_of_them_and_is_named(cast, three, noah, campaign):
    own = make_idea(cast.sora, campaign, state=State.SUBMITTED).id
    with transaction():
        service.open_item(noah, Item.IDEA, three[0])
    with pytest.raises(Invalid) as fault:
        decide_many(cast.sora, [*three, own], Decision.PUBLISH)
    found = {each.field: each.code for each in fault.value.faults}
    assert found == {f"idea-{three[0]}": "locked", f"idea-{own}": "own"}
    assert states(three) == {State.SUBMITTED}


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_else_decides_about_several(cast, three, who):
    with pytest.raises(Invalid):
        decide_many(getattr(cast, who), three, Decision.PUBLISH)
    assert states(three) == {State.SUBMITTED}


def test_hiding_is_never_done_for_several(cast, three):
    with pytest.raises(Invalid):
        decide_many(cast.sora, three, Decision.HIDE, code="abuse", reason=WORDS)


def test_several_are_ticked_and_rejected_through_the_pages(cast, three, browser_of):
    browser = browser_of(cast.sora)
    ids = "&".join(f"ids={each}" for each in three)
    kept = "campaign=ideas-2026"
    page = browser.get(f"/moderation/bulk?{ids}&decision=reject&code=prank&{kept}")
    assert get_idea(three[0]).title in page.get_data(as_text=True)
    form = {"ids": three, "decision": "reject", "code": "prank", "reason": WORDS}
    assert browser.post(f"/moderation/bulk?{kept}", data={**form, "reason": ""}).status_code == 422
    assert browser.post(f"/moderation/bulk?{kept}", data=form).location == f"/moderation?{kept}"
    assert states(three) == {State.REJECTED}
    again = browser.post("/moderation/bulk", data=form)
    assert again.status_code == 422


def test_nothing_ticked_goes_back_to_the_list(cast, browser_of):
    answer = browser_of(cast.sora).get("/moderation/bulk?decision=reject&ids=x")
    assert (answer.status_code, answer.location) == (303, "/moderation")


# Sheets

SHEET = {
    "source": "event",
    "title": "청년 셔틀",
    "why": "막차가 없어요.",
    "how": "",
    "field": "move",
    "nickname": "청년의 날 부스",
    "written_on": "2026-01-05",
    "has_consented": "1",
    "consent_note": "용지에 표시함",
}


def ideas_of(campaign_id):
    return session().query(Idea).filter_by(campaign_id=campaign_id).all()


def test_a_sheet_is_published_at_once_under_its_name_and_logged_with_its_consent(
    cast, campaign, browser_of
):
    campaign_id = campaign.id
    answer = browser_of(cast.sora).post("/moderation/paper", data=SHEET)
    [idea] = ideas_of(campaign_id)
    assert answer.location == f"/moderation/{idea.id}"
    assert (idea.state, idea.pen_name) == (State.PUBLISHED, "청년의 날 부스")
    assert last_entry().tag == "idea:imported"
    assert last_entry().diff == {"source": "event", "consent": "용지에 표시함"}


@pytest.mark.parametrize(
    "change",
    [
        {"has_consented": ""},
        {"title": ""},
        {"why": "제 번호는 900101-1234567입니다."},
        {"written_on": "2999-01-01"},
        {"nickname": "가" * 21},
        {"field": "nowhere"},
        {"source": "telepathy"},
    ],
)
def test_a_sheet_that_breaks_a_rule_comes_back_filled_in(cast, campaign, browser_of, change):
    campaign_id = campaign.id
    answer = browser_of(cast.sora).post("/moderation/paper", data={**SHEET, **change})
    assert answer.status_code == 422
    assert "용지에 표시함" in answer.get_data(as_text=True)
    assert ideas_of(campaign_id) == []


def test_the_same_sheet_is_entered_once(cast, campaign, browser_of):
    campaign_id = campaign.id
    browser = browser_of(cast.sora)
    browser.post("/moderation/paper", data=SHEET)
    assert browser.post("/moderation/paper", data=SHEET).status_code == 422
    assert len(ideas_of(campaign_id)) == 1


# Waiting


def first_look(idea_id, sent, decided, actor, verb="publish", *words):
    from ideas_app.audit.rules import Tag
    from ideas_app.audit.service import record

    with clock.at(clock.day_start(sent, 9)), transaction():
        record(actor, Tag.IDEA_SUBMITTED, "idea", idea_id)
    with clock.at(clock.day_start(decided, 15)):
        decide(verb, actor, idea_id, *words)


def test_the_months_figures_come_from_the_log_and_small_ones_are_not_told(cast, campaign, visitor):
    days = [
        date(2026, 3, 3),
        date(2026, 3, 4),
        date(2026, 3, 5),
        date(2026, 3, 6),
        date(2026, 3, 6),
    ]
    for decided in days:
        idea_id = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
        first_look(idea_id, date(2026, 3, 2), decided, cast.sora)
    late = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    first_look(late, date(2026, 3, 30), date(2026, 4, 8), cast.sora, "reject", "prank", WORDS)
    april, march = queries.list_waiting_months()
    assert (april.month, april.decided, april.median_halves) == (date(2026, 4, 1), None, None)
    assert (march.decided, march.median_halves) == (5, 6)
    page = visitor.get("/audit/waiting").get_data(as_text=True)
    assert "2026" in page
    assert "8" not in page.split("<tbody>")[1].split("</tbody>")[0].replace("2026", "")


def test_the_months_figures_are_kept_until_the_log_or_a_promise_changes(cast, campaign):
    def look(decided, author=cast.mina):
        idea_id = make_idea(author, campaign, state=State.SUBMITTED).id
        first_look(idea_id, date(2026, 3, 2), decided, cast.sora)

    for _turn in range(5):
        look(date(2026, 3, 4))
    (march,) = queries.list_waiting_months()
    assert (march.decided, march.within_percent) == (5, 100)
    with statements() as again:
        assert queries.list_waiting_months() == [march]
    assert len(again) == 2
    look(date(2026, 3, 4))
    assert queries.list_waiting_months()[0].decided == 6
    with transaction() as current:
        current.get_one(Campaign, campaign.id).settings = {"review_target_days": 1}
    assert queries.list_waiting_months()[0].within_percent == 0


def test_a_decision_taken_back_and_one_of_the_system_are_no_first_look(cast, campaign, listed):
    idea_id = make_idea(cast.jun, campaign, state=State.SUBMITTED).id
    first_look(idea_id, date(2026, 3, 3), date(2026, 3, 4), cast.sora)
    with clock.at(clock.day_start(date(2026, 3, 4), 15)), transaction():
        service.undo(cast.sora, queries.find_undoable(cast.sora)[0])
    trust(cast.sora, cast.mina)
    send(cast.mina, campaign)
    assert queries.list_first_looks() == []


looks = st.builds(
    FirstLook,
    st.dates(date(2026, 1, 1), date(2026, 3, 31)),
    st.integers(0, 9),
    st.just(3),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(looks, max_size=30))
def test_no_published_figure_tells_of_fewer_than_five(found):
    for month in rules.months_of(found):
        mine = [look for look in found if look.decided_on.replace(day=1) == month.month]
        within = sum(look.waited <= look.target for look in mine)
        if len(mine) < rules.CELL_MIN:
            assert (month.decided, month.median_halves, month.within_percent) == (None,) * 3
        elif 0 < within < rules.CELL_MIN or 0 < len(mine) - within < rules.CELL_MIN:
            assert month.within_percent is None
        else:
            assert month.within_percent == 100 * within // len(mine)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 99), min_size=1))
def test_half_of_the_values_lie_on_either_side_of_the_median(values):
    twice = rules.median_halves(values)
    assert 2 * sum(2 * value < twice for value in values) <= len(values)
    assert 2 * sum(2 * value > twice for value in values) <= len(values)


# The list and the words


@pytest.mark.parametrize("band", list(Band))
def test_a_band_in_the_address_holds_what_the_list_shows_in_it(cast, campaign, band):
    slow = make_campaign("ideas-slow", settings={"review_target_days": 1})
    for day in range(2, 14):
        submitted(cast.mina, campaign, date(2026, 3, day))
        submitted(cast.mina, slow, date(2026, 3, day))
    with clock.at(clock.day_start(date(2026, 3, 13), 14)):
        every = queries.list_queue(Filters()).rows
        narrowed = queries.list_queue(Filters(band=band)).rows
    wanted = {row.key for row in every if row.band is band}
    assert wanted
    assert {row.key for row in narrowed} == wanted


def test_shared_words_are_found_behind_their_particles():
    words = rules.shared_words("버스 막차를 늦춰 주세요", "막차가 일찍 끊겨요, 버스도요")
    assert words == ["버스", "막차"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_marking_words_loses_nothing_of_the_text(words, pieces):
    assert "".join(part for _is_marked, part in rules.marked(words, pieces)) == words


def test_two_ideas_stand_side_by_side_with_what_they_share(cast, campaign, waiting, browser_of):
    other = make_idea(cast.jun, campaign, title="막차 시간을 알려 주세요 늘 헷갈려요").id
    page = browser_of(cast.sora).get(f"/moderation/{waiting.id}/beside/{other}")
    assert "<mark>막차</mark>" in page.get_data(as_text=True)


def test_the_keys_are_switched_off_for_good_in_the_settings(cast, browser_of):
    browser = browser_of(cast.sora)
    assert 'data-keys="off"' not in browser.get("/moderation").get_data(as_text=True)
    browser.post("/me/settings/shortcuts", data={"off": "1"})
    assert 'data-keys="off"' in browser.get("/moderation").get_data(as_text=True)
    browser.post("/me/settings/shortcuts")
    assert 'data-keys="off"' not in browser.get("/moderation").get_data(as_text=True)


def test_old_acts_and_locks_are_thrown_away_but_not_what_counts(cast, waiting, campaign):
    from ideas_app.moderation.jobs import forget_acts_and_locks
    from ideas_app.moderation.models import DeskAct, DeskLock

    decide("publish", cast.sora, waiting.id)
    with transaction():
        service.open_item(cast.sora, Item.IDEA, waiting.id)
        forget_acts_and_locks()
    assert session().query(DeskAct).count() == session().query(DeskLock).count() == 1
    with clock.at(clock.now() + timedelta(hours=25)), transaction():
        forget_acts_and_locks()
    assert session().query(DeskAct).count() == session().query(DeskLock).count() == 0
    assert get_idea(waiting.id).state is State.PUBLISHED


def test_a_code_prefills_the_reason_and_the_number_of_what_came_first(cast, waiting, browser_of):
    address = f"/moderation/{waiting.id}/reject?code={RejectCode.DUPLICATE}&of=2026-041"
    assert "2026-041" in browser_of(cast.sora).get(address).get_data(as_text=True)
