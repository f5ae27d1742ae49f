"""The administrator's pages of webhooks."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from ideas_app.core import outbox
from ideas_app.core.db import session
from ideas_app.webhooks import queries
from ideas_app.webhooks.models import Endpoint
from ideas_app.webhooks.rules import Event
from tests.factories import make_campaign, make_idea
from tests.webhooks.scenes import announce, listening, log, only_delivery

FORM = {"name": "시 누리집", "address": "https://example.org/hook", "events": ["idea.published"]}


@pytest.fixture
def dana(cast, browser_of):
    return browser_of(cast.dana)


def test_nobody_but_administrators_sees_them(cast, browser_of, visitor):
    for person in (cast.mina, cast.sora, cast.hyun):
        assert browser_of(person).get("/admin/webhooks").status_code == 403
        assert browser_of(person).post("/admin/webhooks", data=FORM).status_code == 403
    assert visitor.get("/admin/webhooks").status_code == 303


def test_a_webhook_is_added_and_its_secret_shown_this_once(dana):
    answer = dana.post("/admin/webhooks", data=FORM)
    assert answer.status_code == 303
    endpoint = session().scalars(select(Endpoint)).one()
    secret, page = endpoint.secret, answer.headers["Location"]
    first = dana.get(page)
    assert secret in first.text
    assert first.headers["Cache-Control"] == "no-store"
    assert secret not in dana.get(page).text
    assert "시 누리집" in dana.get("/admin/webhooks?lang=en").text


def test_a_wrong_address_is_told_at_its_field_and_nothing_typed_is_lost(dana):
    answer = dana.post("/admin/webhooks?lang=en", data=FORM | {"address": "ftp://example.org"})
    assert answer.status_code == 422
    assert re.search(r'id="address-e">Write a whole address', answer.text)
    assert 'value="시 누리집"' in answer.text
    assert re.search(r"<input[^>]*checked[^>]*value=\"idea.published\"", answer.text)
    without = dana.post("/admin/webhooks?lang=en", data={"name": "x", "address": FORM["address"]})
    assert "Choose at least one event." in without.text


@pytest.mark.usefixtures("open_gate")
def test_a_test_is_sent_and_its_answer_shown(cast, dana, receiver):
    receiver.answer = 418
    endpoint_id = listening(cast, receiver.address)
    page = f"/admin/webhooks/{endpoint_id}"
    assert dana.post(f"{page}/test?lang=en").status_code == 303
    assert re.search(
        r"The receiver answered 418 after \d+ ms: said", dana.get(page + "?lang=en").text
    )
    assert log(endpoint_id) == [("test", "failed", 1, 418, None)]


def test_a_private_address_is_refused_by_default_and_told_so(cast, dana, receiver):
    endpoint_id = listening(cast, receiver.address)
    page = f"/admin/webhooks/{endpoint_id}"
    dana.post(f"{page}/test?lang=en")
    assert "lies in a private network" in dana.get(page + "?lang=en").text
    idea = make_idea(cast.mina, make_campaign())
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    assert receiver.got == []
    assert log(endpoint_id)[-1] == ("idea.published", "waiting", 1, None, "private")


@pytest.mark.usefixtures("open_gate")
def test_a_failed_message_is_in_the_log_and_sent_again_by_hand(cast, dana, receiver):
    receiver.answer = 500
    endpoint_id = listening(cast, receiver.address)
    idea = make_idea(cast.mina, make_campaign())
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    page = f"/admin/webhooks/{endpoint_id}"
    shown = dana.get(page + "?lang=en").text
    assert "An idea was published" in shown
    assert "500 · " in shown
    receiver.answer = 200
    again = f"{page}/messages/{only_delivery().id}/retry"
    assert dana.post(again).status_code == 303
    outbox.drain()
    assert log(endpoint_id)[0][1] == "delivered"
    assert dana.post(again).status_code == 409
    assert (
        dana.post(f"/admin/webhooks/999999/messages/{only_delivery().id}/retry").status_code == 404
    )


def test_a_webhook_is_changed_switched_and_removed(cast, dana):
    endpoint_id = listening(cast, "https://example.org/hook")
    page = f"/admin/webhooks/{endpoint_id}"
    secret = queries.get_endpoint(endpoint_id).secret
    changed = FORM | {"address": "https://example.org/new", "events": ["test"]}
    assert dana.post(page, data=changed).status_code == 422
    assert dana.post(page, data=changed | {"events": ["answer.published"]}).status_code == 303
    assert dana.post(f"{page}/off").status_code == 303
    endpoint = queries.get_endpoint(endpoint_id)
    assert (endpoint.address, endpoint.events) == ("https://example.org/new", ["answer.published"])
    assert endpoint.is_on is False
    assert dana.post(f"{page}/on").status_code == 303
    assert dana.post(f"{page}/secret").status_code == 303
    endpoint = queries.get_endpoint(endpoint_id)
    assert endpoint.is_on
    assert endpoint.old_secret == secret != endpoint.secret
    assert dana.post(f"{page}/remove").status_code == 303
    assert dana.get(page).status_code == 404
