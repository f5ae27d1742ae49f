"""New accounts send little at first; what a machine sees in a text is told to the writer before sending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.queries import get_campaign
from ideas_app.campaigns.rules import CampaignRules, allowance_of
from ideas_app.comments import service as comments
from ideas_app.comments.models import Stance
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, TooMany
from ideas_app.ideas import service
from ideas_app.ideas.queries import get_idea, list_of_author
from ideas_app.ideas.rules import IdeaContent, Mark, is_link_heavy, is_repeated, marks_of
from tests.factories import make_campaign, make_idea
from tests.people import make_account

NOON = datetime(2026, 3, 10, 3, tzinfo=UTC)
LINK = "https://example.org/somewhere"


def send(actor, why="야간 근무를 마치면 막차가 끊겨요."):
    content = IdeaContent(title="버스 막차를 한 시간만 늦춰 주세요", why=why, field="job")
    with transaction():
        return service.submit(actor, get_campaign("ideas-2026"), content).id


def comment(actor, idea_id, text="저도 그래요. 늘 걸어서 가요."):
    with transaction():
        return comments.write(actor, get_idea(idea_id), text, Stance.NEUTRAL).id


@given(hours=st.integers(0, 100), limit=st.integers(0, 48))
def test_an_account_is_new_for_so_many_hours_and_not_a_second_longer(hours, limit):
    rules = CampaignRules(new_account_hours=limit)
    allowed = allowance_of(rules, NOON, NOON + timedelta(hours=hours))
    assert (allowed.until is not None) == (hours < limit)
    assert allowed.ideas == (1 if hours < limit else 3)
    assert allowance_of(rules, None, NOON).until is None


def test_a_new_account_sends_one_idea_and_more_the_next_day(app):
    with clock.at(NOON):
        make_campaign()
        newcomer = make_account("Newcomer", days_old=0)
        send(newcomer)
        with pytest.raises(TooMany) as refused:
            send(newcomer)
    assert refused.value.code == "newcomer_ideas"
    assert refused.value.retry_after == 24 * 3600
    with clock.at(NOON + timedelta(hours=13)), pytest.raises(TooMany):
        send(newcomer)  # another day, but not 24 hours later
    with clock.at(NOON + timedelta(hours=24)):
        send(newcomer)


def test_a_new_account_writes_five_comments_and_puts_no_links(cast):
    idea_id = make_idea(cast.mina, make_campaign()).id
    newcomer = make_account("Newcomer", days_old=0)
    with pytest.raises(Invalid) as refused:
        comment(newcomer, idea_id, f"여기를 보세요 {LINK}")
    assert refused.value.faults[0].code == "newcomer_link"
    for _turn in range(5):
        comment(newcomer, idea_id)
    with pytest.raises(TooMany) as stopped:
        comment(newcomer, idea_id)
    assert stopped.value.code == "newcomer_comments"
    assert comment(cast.jun, idea_id, f"여기를 보세요 {LINK}")


def test_a_link_in_an_idea_of_a_new_account_is_refused_at_its_field(app):
    make_campaign()
    with pytest.raises(Invalid) as refused:
        send(make_account("Newcomer", days_old=0), why=f"이 글을 보세요 {LINK}")
    assert [fault.field for fault in refused.value.faults] == ["why"]


def test_a_campaign_may_set_its_own_limits_and_staff_have_none(cast):
    make_campaign(settings={"new_account_hours": 0})
    newcomer = make_account("Newcomer", days_old=0)
    for _turn in range(3):
        send(newcomer)
    assert cast.sora.joined_at is None


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("연락은 010-1234-5678", Mark.PHONE),
        ("000517-4123456", Mark.RESIDENT_NUMBER),
        ("a@b.example 로 보내 주세요", Mark.EMAIL),
        (f"보세요 {LINK} 그리고 더 많은 이야기를 여기에 길게 적어 둡니다", Mark.LINK),
        (f"{LINK} {LINK} {LINK}", Mark.MANY_LINKS),
        ("버스 막차를 한 시간만 늦춰 주세요!", Mark.REPEATED),
    ],
)
def test_each_mark_is_seen(text, mark):
    assert mark in marks_of(text, earlier=["버스 막차를 한 시간만 늦춰 주세요"])


@given(words=st.text(alphabet="가나다라마바사 .", max_size=60))
def test_plain_words_carry_no_mark_but_repetition_of_themselves(words):
    assert marks_of(words) == []
    assert not is_link_heavy(words)
    assert not is_repeated("고마워요", ["고마워요"])


def test_a_repetition_is_pointed_out_before_sending_and_at_the_desk(cast, browser_of):
    campaign: Campaign = make_campaign()
    why = "밤에 일하는 사람에게는 돌아갈 버스가 없어서 택시비가 많이 들어요."
    title = "버스 막차를 한 시간만 늦춰 주세요"
    make_idea(cast.mina, campaign, title=title, why=why, how="")
    browser = browser_of(cast.mina)
    typed = {"title": title, "why": why, "field": "job", "is_idea": "y", "is_public": "y"}
    browser.post("/ideas/new", data=typed)
    assert "nearly the same as an idea that you sent" in browser.get("/ideas/check?lang=en").text
    browser.post("/ideas/send")
    newest = list_of_author(cast.mina.id)[0].id
    desk = browser_of(cast.sora).get(f"/moderation/{newest}?lang=en").text
    assert "Says again what the same person wrote before" in desk
