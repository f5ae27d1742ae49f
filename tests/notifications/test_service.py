"""Telling people once, by inbox and by mail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as account_service
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent, drain
from ideas_app.notifications import jobs, queries, service
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.models import Notice
from tests.accounts import mailbox
from tests.people import PASSWORD, make_account

TITLE = {"title": "막차를 늦춰 주세요"}


@pytest.fixture(autouse=True)
def _empty_mailbox(app):
    mailbox.empty()


def tell(person, *, mail=False, key="published:1"):
    with transaction():
        return service.tell(person.id, "published", key, values=TITLE, mail=mail)


def test_the_same_thing_is_told_once(cast):
    assert tell(cast.mina) is True
    assert tell(cast.mina) is False
    assert tell(cast.jun) is True
    assert queries.count_unread(cast.mina.id) == 1


def test_a_mail_is_sent_once_and_its_sending_is_kept(cast):
    tell(cast.mina, mail=True)
    tell(cast.mina, mail=True)
    (mail,) = mailbox.collect()
    assert mail["To"] == "mina@example.org"
    assert TITLE["title"] in mail["Subject"]
    notice = session().scalars(select(Notice)).one()
    assert notice.mailed_at
    jobs.mail_notice(NoticeMade(notice.id))
    assert len(mailbox.collect()) == 1


def test_a_failed_mail_is_tried_again_and_the_inbox_has_it_at_once(cast, monkeypatch):
    tell(cast.mina, mail=True)
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "deliver", lambda _mail: (_ for _ in ()).throw(OSError("away")))
        assert drain() == 0
    event = session().scalars(select(OutboxEvent)).one()
    assert (event.error, event.done_at, event.attempts) == ("OSError", None, 1)
    assert queries.count_unread(cast.mina.id) == 1
    assert session().scalars(select(Notice.mailed_at)).one() is None


def test_mail_goes_in_the_language_of_the_reader(app):
    tell(make_account("Ann", locale="en"), mail=True)
    tell(make_account("Bora", locale="ko"), mail=True)
    texts = {mail["To"]: mailbox.text_of(mail) for mail in mailbox.collect()}
    assert "Hello Ann," in texts["ann@example.org"]
    assert "is on the list" in texts["ann@example.org"]


@pytest.mark.parametrize("state", ["unverified", "closed"])
def test_no_mail_goes_to_whoever_cannot_be_reached(cast, state):
    person = make_account("Nari", verified=state != "unverified")
    if state == "closed":
        with transaction():
            account_service.disable(cast.dana, accounts.get_account(person.id), reason="x")
    tell(person, mail=True)
    assert mailbox.collect() == []


def test_somebody_who_left_is_told_nothing_and_keeps_no_notices(cast):
    tell(cast.mina)
    with transaction():
        account_service.delete_account(cast.mina, PASSWORD)
    drain()
    assert session().scalars(select(Notice)).all() == []
    assert tell(cast.mina, key="published:2") is False


def test_reading_marks_ones_own_notices_up_to_what_was_seen(cast):
    for number in range(3):
        tell(cast.mina, key=f"published:{number}")
    tell(cast.jun)
    newest = queries.list_of(cast.mina.id).items
    with transaction():
        service.mark_read(cast.mina, newest[1].id)
    assert queries.count_unread(cast.mina.id) == 1
    assert queries.count_unread(cast.jun.id) == 1


def test_the_list_goes_on_by_cursor_and_is_stable(cast):
    for number in range(5):
        tell(cast.mina, key=f"published:{number}")
    first = queries.list_of(cast.mina.id, limit=3)
    tell(cast.mina, key="published:late")
    rest = queries.list_of(cast.mina.id, after=first.next, limit=3)
    keys = [notice.once_key for notice in [*first.items, *rest.items]]
    assert keys == [f"published:{number}" for number in (4, 3, 2, 1, 0)]
    assert rest.next is None


def test_a_kind_without_words_is_a_fault_at_once(cast):
    with pytest.raises(KeyError), transaction():
        service.tell(cast.mina.id, "unheard", "x")


def test_a_crowd_is_counted_no_further_than_ninety_nine(cast, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 2)
    for number in range(5):
        tell(cast.mina, key=f"published:{number}")
    assert queries.count_unread(cast.mina.id) == 3
    assert queries.count_unread(None) == 0
