"""A mail is sent once for its key; where nobody can tell, it waits for a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, current_app

from ideas_app.adapters.mail import (
    Mail,
    MailRefusedError,
    MailServerAwayError,
    MailUnsureError,
)
from ideas_app.core import clock, outbox, postbox
from ideas_app.core.db import session, transaction
from ideas_app.core.postbox import MailDelivery, MailState
from ideas_app.web import email
from tests.accounts import mailbox

LETTER = Mail(to="mina@example.org", subject="s", text="t", html="h", key="notice-1")


@pytest.fixture(autouse=True)
def _empty(app: Flask):
    mailbox.empty()


def fails_with(monkeypatch, at, fault):
    """The next mail fails at `begin` or at `finish`."""

    class Handing:
        def finish(self):
            if at == "finish":
                raise fault

        def abandon(self):
            pass

    def begin(*_args, **_more):
        if at == "begin":
            raise fault
        return Handing()

    monkeypatch.setattr(email, "begin", begin)


def standing():
    row = session().query(MailDelivery).one()
    return row.state, row.attempts


def letters():
    return list(current_app.config["SETTINGS"].mail.folder.glob("*.eml"))


def test_a_mail_of_one_key_goes_out_once(app):
    assert email.deliver(LETTER) is True
    assert email.deliver(LETTER) is True
    assert len(letters()) == 1
    assert standing() == (MailState.SENT, 1)


def test_mails_without_a_key_are_each_their_own(app):
    for _ in range(2):
        email.deliver(Mail(to="mina@example.org", subject="s", text="t", html="h"))
    assert len(letters()) == 2


def test_nothing_about_the_person_is_kept(app):
    email.deliver(LETTER)
    row = session().query(MailDelivery).one()
    kept = " ".join(str(getattr(row, column.name)) for column in MailDelivery.__table__.columns)
    assert "mina" not in kept


def test_a_server_that_is_away_costs_no_attempt_of_the_event(app, monkeypatch):
    fails_with(monkeypatch, "begin", MailServerAwayError("refused"))
    with pytest.raises(outbox.Later):
        email.deliver(LETTER)
    monkeypatch.undo()
    assert email.deliver(LETTER) is True
    assert standing() == (MailState.SENT, 2)


def test_a_receiver_refused_for_good_is_noted_and_never_asked_again(app, monkeypatch):
    fails_with(monkeypatch, "begin", MailRefusedError(550, "RCPT", is_final=True))
    assert email.deliver(LETTER) is False
    monkeypatch.undo()
    assert email.deliver(LETTER) is False
    assert letters() == []
    assert standing()[0] is MailState.FAILED


@pytest.mark.parametrize("at", ["begin", "finish"])
def test_a_refusal_for_now_is_tried_again(app, monkeypatch, at):
    fails_with(monkeypatch, at, MailRefusedError(451, "END", is_final=False))
    with pytest.raises(MailRefusedError):
        email.deliver(LETTER)
    monkeypatch.undo()
    assert email.deliver(LETTER) is True


def test_a_lost_answer_makes_the_mail_unsure_and_only_a_person_sends_it_again(app, monkeypatch):
    fails_with(monkeypatch, "finish", MailUnsureError("gone"))
    with pytest.raises(outbox.GivenUp):
        email.deliver(LETTER)
    monkeypatch.undo()
    with pytest.raises(outbox.GivenUp):
        email.deliver(LETTER)
    assert letters() == []
    with transaction():
        session().query(MailDelivery).one().event_id = 7
        postbox.release(7)
    assert email.deliver(LETTER) is True


def test_a_mail_found_in_the_hands_of_a_dead_worker_is_unsure(app):
    assert postbox.begin_handing("notice-1", None) is True
    assert postbox.begin_handing("notice-1", None) is False
    with pytest.raises(outbox.GivenUp):
        email.deliver(LETTER)
    assert standing()[0] is MailState.UNSURE


def test_a_mail_is_not_handed_over_inside_a_transaction(app):
    with pytest.raises(RuntimeError), transaction():
        email.deliver(LETTER)


def test_settled_mails_are_forgotten_and_others_stay(app):
    email.deliver(LETTER)
    postbox.begin_handing("notice-2", None)
    with transaction():
        postbox.forget(clock.now() + timedelta(days=1))
    assert standing()[0] is MailState.HANDING
