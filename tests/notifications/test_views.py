"""The inbox in the browser."""

from __future__ import annotations

import html
import re

import pytest

from ideas_app.core.db import transaction
from ideas_app.notifications import queries, service
from ideas_app.notifications.rules import KINDS

VALUES = {"title": "<b>막차</b>", "name": "노을", "family": "밤 버스", "reason": "<i>이유</i>"}


def tell(person, kind="published", key="1"):
    with transaction():
        service.tell(person.id, kind, f"{kind}:{key}", values=VALUES)


def test_a_visitor_is_led_to_the_log_in(app, visitor):
    assert visitor.get("/me/notices").status_code == 303
    assert visitor.post("/me/notices/read", data={"until": 1}).status_code == 303


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_kind_can_be_shown_and_nothing_in_it_becomes_markup(cast, browser_of, lang):
    for kind in KINDS:
        tell(cast.mina, kind)
    mina = browser_of(cast.mina)
    page = mina.get(f"/me/notices?lang={lang}").text
    older = re.search(r'href="([^"]*after=[^"]+)" rel="next"', page)
    assert older
    page += mina.get(f"/me/notices?{html.unescape(older[1]).partition('?')[2]}").text
    assert page.count("&lt;b&gt;막차") == len(KINDS)
    assert "<b>막차" not in page
    assert "<i>이유" not in page


def test_one_sees_ones_own_notices_only(cast, browser_of):
    tell(cast.mina)
    assert "막차" in browser_of(cast.mina).get("/me/notices").text
    assert "막차" not in browser_of(cast.jun).get("/me/notices").text


def test_looking_changes_nothing_and_the_button_marks_as_read(cast, browser_of):
    tell(cast.mina)
    mina, jun = browser_of(cast.mina), browser_of(cast.jun)
    mina.get("/me/notices")
    assert queries.count_unread(cast.mina.id) == 1
    until = queries.list_of(cast.mina.id).items[0].id
    assert jun.post("/me/notices/read", data={"until": until}).status_code == 303
    assert queries.count_unread(cast.mina.id) == 1
    assert mina.post("/me/notices/read", data={"until": until}).status_code == 303
    assert queries.count_unread(cast.mina.id) == 0


@pytest.mark.parametrize("until", ["", "x", "-1", str(2**63)])
def test_a_spoilt_form_marks_nothing(cast, browser_of, until):
    tell(cast.mina)
    answer = browser_of(cast.mina).post("/me/notices/read", data={"until": until})
    assert answer.status_code == 303
    assert queries.count_unread(cast.mina.id) == 1


def test_the_number_of_unread_notices_is_there_for_every_template(app, cast, browser_of):
    unread = app.jinja_env.globals["unread_count"]
    tell(cast.mina)
    with app.test_request_context("/"):
        assert unread() == 0
