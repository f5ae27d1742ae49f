"""Telling people once, by the channels that they chose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as account_service
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent, drain
from ideas_app.ideas.models import State
from ideas_app.notifications import queries, service
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.jobs import mails
from ideas_app.notifications.models import Mailing, Notice, NoticeSetting
from ideas_app.notifications.rules import DEFAULTS, Choice, Group
from tests.accounts import mailbox
from tests.factories import make_campaign, make_idea
from tests.notifications.scenes import TITLE, agree, change, list_faults, notices_of, tell
from tests.people import PASSWORD, make_account

OFF = Choice(inbox=False, mailing=Mailing.NONE)


@pytest.fixture
def idea(cast):
    return make_idea(cast.mina, make_campaign(), title=TITLE)


def choose(person, *, mail_off=False, **groups):
    with transaction():
        choices = {Group(name): choice for name, choice in groups.items()}
        service.choose(person, choices, mail_off=mail_off)


def test_the_same_thing_is_told_once(cast, idea):
    assert tell(cast.mina, idea) == 1
    assert tell(cast.mina, idea) == 0
    assert tell(cast.jun, idea) == 1
    assert queries.count_unread(cast.mina.id) == 1


def test_a_mail_is_sent_once_and_its_sending_is_kept(cast, idea, letters):
    tell(cast.mina, idea)
    tell(cast.mina, idea)
    (mail,) = letters()
    assert mail["To"] == "mina@example.org"
    assert TITLE in mail["Subject"]
    (notice,) = notices_of(cast.mina)
    assert notice.mailed_at
    mails.mail_notice(NoticeMade(notice.id))
    assert len(letters()) == 1


def test_a_failed_mail_is_tried_again_and_the_inbox_has_it_at_once(cast, idea, monkeypatch):
    tell(cast.mina, idea)
    with monkeypatch.context() as broken:
        broken.setattr(mails, "deliver", lambda _mail: (_ for _ in ()).throw(OSError("away")))
        assert drain() == 0
    event = session().scalars(select(OutboxEvent)).one()
    assert (event.error, event.done_at, event.attempts) == ("OSError", None, 1)
    assert queries.count_unread(cast.mina.id) == 1
    assert notices_of(cast.mina)[0].mailed_at is None


def test_what_happens_at_night_is_mailed_at_8_in_order(cast, idea, noon, monkeypatch):
    sent = []
    monkeypatch.setattr(mails, "deliver", lambda mail: sent.append(mail.subject))
    with clock.at(noon + timedelta(hours=11)):  # 23:00
        tell(cast.mina, idea, "published")
        tell(cast.mina, idea, "answered", decision="adopted")
        drain()
    with clock.at(noon + timedelta(hours=19, minutes=59)):
        drain()
    assert sent == []
    with clock.at(noon + timedelta(hours=20)):  # 8:00
        drain()
    assert ["답했어요" in subject for subject in sent] == [False, True]


def test_a_worker_that_comes_late_waits_for_the_morning(cast, idea, noon, letters):
    tell(cast.mina, idea)
    with clock.at(noon + timedelta(hours=10)):  # 22:00
        assert letters() == []
    assert list_faults() == []
    with clock.at(noon + timedelta(hours=20)):
        assert len(letters()) == 1


def test_mail_goes_in_the_language_of_the_reader(idea, letters):
    tell(make_account("Ann", locale="en"), idea)
    tell(make_account("Bora", locale="ko"), idea)
    texts = {mail["To"]: mailbox.text_of(mail) for mail in letters()}
    assert "Hello Ann," in texts["ann@example.org"]
    assert "is on the list" in texts["ann@example.org"]
    assert "Bora 님" in texts["bora@example.org"]


@pytest.mark.parametrize("state", ["unverified", "closed"])
def test_no_mail_goes_to_whoever_cannot_be_reached(cast, idea, letters, state):
    person = make_account("Nari", verified=state != "unverified")
    if state == "closed":
        with transaction():
            account_service.disable(cast.dana, accounts.get_account(person.id), reason="x")
    tell(person, idea)
    assert letters() == []


def test_nothing_is_mailed_about_what_was_hidden_meanwhile_but_to_its_author(cast, idea, letters):
    agree(cast.jun)
    choose(cast.jun, answers=Choice(inbox=True, mailing=Mailing.NOW))
    tell(cast.jun, idea, "answered", why="supporter", decision="adopted")
    tell(cast.mina, idea, "hidden", code="abuse", reason="x")
    change(idea, state=State.HIDDEN, is_listed=False)
    assert [mail["To"] for mail in letters()] == ["mina@example.org"]
    assert notices_of(cast.jun) == []
    assert queries.count_unread(cast.jun.id) == 0
    assert len(notices_of(cast.mina)) == 1


def test_somebody_who_left_is_told_nothing_and_keeps_nothing(cast, idea):
    tell(cast.jun, idea)
    choose(cast.jun, talk=OFF)
    with transaction():
        account_service.delete_account(cast.jun, PASSWORD)
    drain()
    for table in (Notice, NoticeSetting):
        assert session().scalars(select(table)).all() == []
    assert tell(cast.jun, idea, once=2) == 0


def test_reading_marks_ones_own_notices_up_to_what_was_seen(cast, idea):
    for number in range(3):
        tell(cast.mina, idea, once=number)
    tell(cast.jun, idea)
    newest = notices_of(cast.mina)
    with transaction():
        service.mark_read(cast.mina, newest[1].id)
    assert queries.count_unread(cast.mina.id) == 1
    assert queries.count_unread(cast.jun.id) == 1
    with transaction():
        service.mark_one_read(cast.jun, newest[0].id)
    assert queries.count_unread(cast.mina.id) == 1


def test_the_list_goes_on_by_cursor_and_is_stable(cast, idea):
    for number in range(5):
        tell(cast.mina, idea, once=number)
    first = queries.list_of(cast.mina.id, limit=3)
    tell(cast.mina, idea, once="late")
    rest = queries.list_of(cast.mina.id, after=first.next, limit=3)
    keys = [notice.once_key for notice in [*first.items, *rest.items]]
    assert keys == [f"published:{number}" for number in (4, 3, 2, 1, 0)]
    assert rest.next is None


def test_a_happening_without_words_is_a_fault_at_once(cast, idea):
    with pytest.raises(KeyError):
        tell(cast.mina, idea, "unheard")


def test_a_crowd_is_counted_no_further_than_ninety_nine(cast, idea, monkeypatch):
    monkeypatch.setattr(queries.inbox, "COUNTED", 2)
    for number in range(5):
        tell(cast.mina, idea, once=number)
    assert queries.count_unread(cast.mina.id) == 3
    assert queries.count_unread(None) == 0


# Channels


def test_a_choice_is_kept_only_where_it_differs_from_the_default(cast):
    choose(cast.mina, talk=OFF, answers=DEFAULTS[Group.ANSWERS])
    rows = session().scalars(select(NoticeSetting)).all()
    assert [(row.account_id, row.topic) for row in rows] == [(cast.mina.id, "talk")]
    choose(cast.mina, talk=DEFAULTS[Group.TALK])
    assert session().scalars(select(NoticeSetting)).all() == []


def test_what_is_wanted_by_no_channel_is_not_kept(cast, idea):
    choose(cast.jun, answers=OFF, own=OFF)
    assert tell(cast.jun, idea, "answered", why="supporter", decision="adopted") == 0
    tell(cast.jun, idea, "published")
    assert [notice.kind for notice in notices_of(cast.jun)] == ["published"]


def test_by_mail_only_means_not_in_the_inbox(cast, idea, letters):
    agree(cast.jun)
    choose(cast.jun, answers=Choice(inbox=False, mailing=Mailing.NOW))
    tell(cast.jun, idea, "answered", why="supporter", decision="adopted")
    assert len(letters()) == 1
    assert notices_of(cast.jun) == []
    assert queries.count_unread(cast.jun.id) == 0


def test_a_mail_switched_off_before_it_went_out_stays(cast, idea, letters):
    tell(cast.mina, idea)
    choose(cast.mina, mail_off=True)
    assert letters() == []
    assert len(notices_of(cast.mina)) == 1


def test_mails_that_are_on_again_come_as_chosen_before(cast):
    agree(cast.mina)
    choose(cast.mina, mail_off=True, talk=Choice(inbox=True, mailing=Mailing.NOW))
    assert queries.settings_of(cast.mina.id).of(Group.TALK).mailing is Mailing.NONE
    with transaction():
        service.switch_mail(cast.mina.id, off=False)
    assert queries.settings_of(cast.mina.id).of(Group.TALK).mailing is Mailing.NOW


@pytest.mark.parametrize("topic", ["own", "digest", "all"])
def test_stopping_twice_is_as_good_as_once(cast, topic):
    for _twice in range(2):
        with transaction():
            assert service.stop_mails(cast.mina.id, topic)
        assert queries.settings_of(cast.mina.id).is_stopped(topic)
    assert not queries.settings_of(cast.jun.id).is_stopped(topic)
