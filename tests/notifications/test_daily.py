"""The digest and the daily mail to staff: once a day, only when there is something, nothing twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ideas_app.accounts import service as accounts
from ideas_app.answers.models import Answer, Promise
from ideas_app.comments.models import Comment
from ideas_app.core import clock, housekeeping
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import State
from ideas_app.notifications import service
from ideas_app.notifications.jobs import chores
from ideas_app.notifications.models import DailyMail, Mailing
from ideas_app.notifications.rules import Choice, Group
from tests.accounts import mailbox
from tests.factories import make_campaign, make_idea
from tests.notifications.scenes import TITLE, add, agree, change, list_faults, notices_of, tell
from tests.people import make_account


@pytest.fixture
def campaign(app):
    return make_campaign()


@pytest.fixture
def idea(cast, campaign):
    agree(cast.mina, cast.jun)
    return make_idea(cast.mina, campaign, title=TITLE)


def answered(person, idea, once=1):
    tell(person, idea, "answered", once, why="supporter", decision="adopted")


def morning():
    """What the worker does once an hour."""
    for chore in (chores.begin_digests, chores.begin_work_mails, chores.forget_daily_mails):
        with transaction():
            chore()


def sent(letters, person):
    return [mail for mail in letters() if mail["To"] == f"{person.nickname.lower()}@example.org"]


def test_the_chores_are_registered_with_the_worker():
    assert {chores.begin_digests, chores.begin_work_mails} <= {
        chore.work for chore in housekeeping.chores()
    }


def test_a_digest_comes_once_a_day_however_often_the_work_runs(cast, idea, noon, letters):
    answered(cast.jun, idea)
    morning()
    morning()
    (mail,) = sent(letters, cast.jun)
    assert TITLE in mailbox.text_of(mail)
    answered(cast.jun, idea, once=2)
    morning()
    assert len(sent(letters, cast.jun)) == 1
    with clock.at(noon + timedelta(days=1)):
        morning()
        assert len(sent(letters, cast.jun)) == 2


def test_the_sending_of_a_digest_is_kept(cast, idea, letters):
    answered(cast.jun, idea)
    morning()
    assert len(sent(letters, cast.jun)) == 1
    (digest,) = session().scalars(select(DailyMail).where(DailyMail.account_id == cast.jun.id))
    assert digest.mailed_at
    assert list_faults() == []


def test_nothing_is_in_two_digests_and_none_is_empty(cast, idea, noon, letters):
    answered(cast.jun, idea)
    for days in range(3):
        with clock.at(noon + timedelta(days=days)):
            morning()
    assert len(sent(letters, cast.jun)) == 1
    assert sent(letters, cast.mina) == []


def test_the_digest_waits_for_8_oclock(cast, idea, noon, letters):
    with clock.at(noon + timedelta(hours=19, minutes=30)):  # 7:30
        answered(cast.jun, idea)
        morning()
        assert sent(letters, cast.jun) == []
    with clock.at(noon + timedelta(hours=20, minutes=5)):
        morning()
        assert len(sent(letters, cast.jun)) == 1


def test_a_worker_that_comes_to_the_digest_by_night_leaves_it_for_the_morning(
    cast, idea, noon, letters
):
    answered(cast.jun, idea)
    morning()
    with clock.at(noon + timedelta(hours=10)):  # 22:00
        assert sent(letters, cast.jun) == []
    assert list_faults() == []
    with clock.at(noon + timedelta(hours=20)):
        assert len(sent(letters, cast.jun)) == 1


def test_what_was_mailed_at_once_or_read_is_not_repeated(cast, idea, letters):
    tell(cast.mina, idea, "published")
    answered(cast.mina, idea)
    answered(cast.jun, idea)
    assert len(sent(letters, cast.mina)) == 1
    with transaction():
        service.mark_read(cast.jun, 2**31 - 1)
    morning()
    mina = sent(letters, cast.mina)
    assert len(mina) == 2
    assert "is on the list" not in mailbox.text_of(mina[1])
    assert sent(letters, cast.jun) == []


def test_what_is_read_or_hidden_between_eight_and_the_sending_is_left_out(
    cast, campaign, idea, letters
):
    other = make_idea(cast.mina, campaign, title="도서관을 늦게까지 열어 주세요")
    answered(cast.jun, idea)
    answered(cast.jun, other, once=2)
    morning()
    change(idea, state=State.HIDDEN, is_listed=False)
    (mail,) = sent(letters, cast.jun)
    assert TITLE not in mailbox.text_of(mail)
    assert other.title in mailbox.text_of(mail)


def test_a_comment_hidden_meanwhile_is_not_in_the_digest(cast, idea, letters):
    now = clock.now()
    comment = Comment(idea_id=idea.id, author_id=cast.jun.id, text="x", written_at=now)
    values = {"name": "Jun", "comment_id": add(comment)}
    tell(cast.mina, idea, "comment", **values)
    change(comment, hidden_at=now)
    morning()
    assert sent(letters, cast.mina) == []


def test_a_digest_is_grouped_by_idea_and_ends_at_ten(cast, campaign, letters):
    agree(cast.jun)
    for number in range(12):
        idea = make_idea(cast.mina, campaign, title=f"제안 열둘 가운데 {number}")
        for once in range(2 if number else 5):
            answered(cast.jun, idea, once=f"{number}:{once}")
    morning()
    (mail,) = sent(letters, cast.jun)
    text = mailbox.text_of(mail)
    assert text.count("[제안 열둘 가운데") == 10
    assert "다른 제안의 소식 7건 더" in text
    assert "27" in mail["Subject"]


def test_somebody_who_switched_the_digest_off_gets_none(cast, idea, letters):
    answered(cast.jun, idea)
    morning()
    with transaction():
        service.stop_mails(cast.jun.id, "digest")
    assert sent(letters, cast.jun) == []


def test_nobody_gets_news_by_mail_without_having_agreed_to_it(cast, idea, noon, letters):
    stranger = make_account("Nari")
    answered(stranger, idea)
    answered(cast.jun, idea)
    morning()
    with transaction():
        accounts.withdraw_consent(cast.jun, "news")
    assert letters() == []
    agree(stranger)
    with clock.at(noon + timedelta(days=1)):
        morning()
        assert letters() == []  # what was told before is not sent after
    assert len(notices_of(stranger)) == 1


def test_that_a_mail_went_out_is_kept_for_sixty_days(cast, idea, noon):
    answered(cast.jun, idea)
    morning()
    with clock.at(noon + timedelta(days=61)):
        with transaction():
            chores.forget_daily_mails()
        assert session().scalars(select(DailyMail)).all() == []


# The daily mail to staff


def owed(idea, due_on):
    return Answer(idea_id=idea.id, received_on=date(2026, 5, 1), due_on=due_on)


def test_moderators_hear_what_waits_and_youths_nothing(cast, campaign, letters):
    waiting = make_idea(cast.mina, campaign, state=State.SUBMITTED)
    morning()
    (mail,) = letters()
    assert mail["To"] == "sora@example.org"
    assert waiting.title in mailbox.text_of(mail)
    assert "/moderation?tab=new" in mailbox.text_of(mail)


def test_officials_hear_of_answers_due_and_promises_whose_day_has_come(
    cast, campaign, idea, noon, letters
):
    today = clock.local_date(noon)
    late, far = (make_idea(cast.jun, campaign, title=f"답할 제안 {n}") for n in range(2))
    with transaction() as current:
        answer = owed(idea, today)
        answer.answered_at = noon
        current.add_all([answer, owed(late, today - timedelta(days=2))])
        current.add(owed(far, today + timedelta(days=30)))
        current.flush()
        current.add(Promise(answer_id=answer.id, text="운행", due_on=today, made_at=noon))
    morning()
    (mail,) = letters()
    assert mail["To"] == "hyun@example.org"
    assert "2" in mail["Subject"]
    assert late.title in mailbox.text_of(mail)
    assert far.title not in mailbox.text_of(mail)


def test_what_was_asked_in_person_is_in_the_mail_until_it_is_read(cast, idea, noon, letters):
    tell(cast.hyun, idea, "assigned", why="duty", answer_id=1)
    letters()
    morning()
    assert len(sent(letters, cast.hyun)) == 2
    with transaction():
        service.mark_read(cast.hyun, 2**31 - 1)
    with clock.at(noon + timedelta(days=1)):
        morning()
        assert len(sent(letters, cast.hyun)) == 2


def test_no_work_no_mail_none_on_days_off_and_none_for_whoever_stopped_it(
    cast, campaign, noon, letters
):
    morning()
    assert letters() == []
    make_idea(cast.mina, campaign, state=State.SUBMITTED)
    with clock.at(noon + timedelta(days=3)):  # Saturday
        morning()
        assert letters() == []
    with transaction():
        choice = Choice(inbox=False, mailing=Mailing.NONE)
        service.choose(cast.sora, {Group.WORK: choice}, mail_off=False)
    with clock.at(noon + timedelta(days=1)):
        morning()
        assert letters() == []
