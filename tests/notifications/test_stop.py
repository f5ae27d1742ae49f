"""Stopping mails from a link in one of them (RFC 8058): without a log-in, and only with a whole token."""

from __future__ import annotations

import re

import pytest

from ideas_app.core import tokens
from ideas_app.core.db import session
from ideas_app.notifications import queries
from ideas_app.notifications.rules import Group
from tests.accounts import mailbox
from tests.factories import make_campaign, make_idea
from tests.notifications.scenes import tell

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def idea(cast):
    made = make_idea(cast.mina, make_campaign())
    session().expunge(made)  # requests close their sessions; its id and title are asked for after
    return made


@pytest.fixture
def checked_app(app):
    """The application with tokens of forms asked for, as in the house outside tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def is_stopped(person, topic=Group.OWN):
    return queries.settings_of(person.id).is_stopped(topic)


def path_in(mail):
    return re.fullmatch(r"<http://localhost(/\S+)>", mail["List-Unsubscribe"].strip())[1]


def test_a_mail_program_stops_a_kind_of_mail_with_one_click(
    cast, idea, letters, checked_app, visitor
):
    tell(cast.mina, idea)
    (mail,) = letters()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = visitor.post(path_in(mail), data=ONE_CLICK)
    assert (answer.status_code, answer.content_type.split(";")[0]) == (200, "text/plain")
    assert is_stopped(cast.mina)
    assert not is_stopped(cast.mina, Group.TALK)
    assert not is_stopped(cast.jun)
    tell(cast.mina, idea, once=2)
    assert len(letters()) == 1
    assert queries.count_unread(cast.mina.id) == 2


def test_a_person_is_asked_first_and_opening_the_link_stops_nothing(cast, idea, letters, visitor):
    tell(cast.mina, idea)
    (mail,) = letters()
    path = path_in(mail)
    assert f"http://localhost{path}" in mailbox.text_of(mail)
    assert "<form" in visitor.get(path).text
    visitor.head(path)
    assert not is_stopped(cast.mina)
    answer = visitor.post(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert is_stopped(cast.mina)
    assert f'action="{path}"' not in visitor.get(path).text


def test_a_broken_or_foreign_token_stops_nothing(cast, checked_app, visitor):
    with checked_app.test_request_context():
        whole = tokens.sign("stop-mails", [cast.mina.id, "all"])
        other = tokens.sign("verify", [cast.mina.id, "all"])
    for token in (whole[:-2], whole + "x", other, "nowhere"):
        for answer in (
            visitor.get(f"/notices/stop/{token}"),
            visitor.post(f"/notices/stop/{token}", data=ONE_CLICK),
        ):
            assert answer.status_code == 404
    assert not is_stopped(cast.mina, "all")


def test_nothing_else_takes_a_form_without_its_token(cast, checked_app, browser_of):
    mina = browser_of(cast.mina)
    assert mina.post("/me/notices/read", data={"until": 1, **ONE_CLICK}).status_code == 400
    assert mina.post("/me/notices/settings", data=ONE_CLICK).status_code == 400
    exempt = [
        name for name, view in checked_app.view_functions.items() if hasattr(view, "by_token")
    ]
    assert exempt == ["notifications.stop"]
