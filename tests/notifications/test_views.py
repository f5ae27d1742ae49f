"""The inbox and the choice of channels in the browser."""

from __future__ import annotations

import html
import re

import pytest

from ideas_app.core.db import session
from ideas_app.ideas.models import State
from ideas_app.notifications import queries
from ideas_app.notifications.models import Mailing
from ideas_app.notifications.rules import TOLD, Group
from tests.factories import make_campaign, make_idea
from tests.notifications.scenes import change, notices_of, tell

VALUES = {
    "title": "<b>막차</b>",
    "name": "노을",
    "family": "밤 버스",
    "joined": "다른 제안",
    "reason": "<i>이유</i>",
}


@pytest.fixture
def idea(cast):
    made = make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요")
    session().expunge(made)  # requests close their sessions; its id and title are asked for after
    return made


def page_of(person, browser_of, query=""):
    return browser_of(person).get(f"/me/notices{query}").text


@pytest.mark.parametrize("path", ["/me/notices", "/me/notices/1", "/me/notices/settings"])
def test_a_visitor_is_led_to_the_log_in_and_then_there(app, visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"next={path.replace('/', '%2F')}") or (
        f"next={path}" in answer.headers["Location"]
    )
    assert visitor.post("/me/notices/read", data={"until": 1}).status_code == 303


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_kind_can_be_shown_and_nothing_in_it_becomes_markup(cast, idea, browser_of, lang):
    kinds = 0
    for happening, told in TOLD.items():
        for why in told:
            kinds += tell(cast.mina, idea, happening, f"{why}", why=why, **VALUES)
    mina = browser_of(cast.mina)
    address, pages = f"/me/notices?lang={lang}", ""
    while address:
        page = mina.get(address).text
        pages += page
        older = re.search(r'href="([^"]*after=[^"]+)" rel="next"', page)
        address = html.unescape(older[1]) if older else ""
    assert pages.count('id="n-') == kinds
    assert "&lt;b&gt;막차" in pages
    assert "<b>막차" not in pages
    assert "<i>이유" not in pages


def test_one_sees_ones_own_notices_only(cast, idea, browser_of):
    tell(cast.mina, idea)
    assert idea.title in page_of(cast.mina, browser_of)
    assert idea.title not in page_of(cast.jun, browser_of)
    number = notices_of(cast.mina)[0].id
    assert browser_of(cast.jun).get(f"/me/notices/{number}").status_code == 404


def test_notices_stand_together_by_idea(cast, idea, browser_of):
    other = make_idea(cast.mina, make_campaign("other"), title="도서관을 열어 주세요")
    session().expunge(other)
    for once, about in enumerate((idea, other, idea)):
        tell(cast.mina, about, once=once)
    titles = re.findall(r"c-inbox__t[^>]*>([^<]+)", page_of(cast.mina, browser_of))
    assert titles == [idea.title, other.title]


@pytest.mark.parametrize(
    ("show", "kinds"),
    [("all", 2), ("unread", 1), ("decisions", 1), ("nonsense", 2)],
)
def test_the_inbox_can_be_narrowed(cast, idea, browser_of, show, kinds):
    tell(cast.mina, idea, "comment", name="노을")
    number = notices_of(cast.mina)[0].id
    mina = browser_of(cast.mina)
    mina.post(f"/me/notices/{number}/read")
    tell(cast.mina, idea, "published")
    assert mina.get(f"/me/notices?show={show}").text.count('id="n-') == kinds


def test_looking_changes_nothing_and_the_buttons_mark_as_read(cast, idea, browser_of):
    for once in range(3):
        tell(cast.mina, idea, once=once)
    mina, jun = browser_of(cast.mina), browser_of(cast.jun)
    mina.get("/me/notices")
    assert queries.count_unread(cast.mina.id) == 3
    newest, middle, _oldest = [notice.id for notice in notices_of(cast.mina)]
    assert jun.post(f"/me/notices/{newest}/read").status_code == 303
    assert jun.post("/me/notices/read", data={"until": newest}).status_code == 303
    assert queries.count_unread(cast.mina.id) == 3
    assert mina.post(f"/me/notices/{newest}/read").status_code == 303
    assert queries.count_unread(cast.mina.id) == 2
    assert mina.post("/me/notices/read", data={"until": middle}).status_code == 303
    assert queries.count_unread(cast.mina.id) == 0


@pytest.mark.parametrize(
    ("happening", "why", "place"),
    [
        ("comment", "author", "/ideas/{idea}#c-7"),
        ("promise", "author", "/ideas/{idea}#p-7"),
        ("answered", "author", "/ideas/{idea}#answer"),
        ("fixed", "author", "/ideas/{idea}/history"),
        ("note", "duty", "/desk/ideas/{idea}"),
        ("assigned", "duty", "/desk/7"),
        ("promise_due", "duty", "/desk/promises/7"),
    ],
)
def test_a_notice_leads_to_its_exact_place_and_is_read_there(
    cast, idea, browser_of, happening, why, place
):
    values = {"name": "노을", "comment_id": 7, "promise_id": 7, "answer_id": 7}
    tell(cast.hyun, idea, happening, why=why, **values)
    number = notices_of(cast.hyun)[0].id
    answer = browser_of(cast.hyun).get(f"/me/notices/{number}")
    assert answer.headers["Location"] == place.format(idea=idea.id)
    assert queries.count_unread(cast.hyun.id) == 0


@pytest.mark.parametrize("until", ["", "x", "-1", str(2**63)])
def test_a_spoilt_form_marks_nothing(cast, idea, browser_of, until):
    tell(cast.mina, idea)
    answer = browser_of(cast.mina).post("/me/notices/read", data={"until": until})
    assert answer.status_code == 303
    assert queries.count_unread(cast.mina.id) == 1


def test_what_was_hidden_is_gone_from_the_inbox_of_others(cast, idea, browser_of):
    tell(cast.jun, idea, "edited", why="supporter")
    change(idea, state=State.HIDDEN, is_listed=False)
    assert idea.title not in page_of(cast.jun, browser_of)


def test_the_number_of_unread_notices_is_there_for_every_template(app, cast, idea):
    unread = app.jinja_env.globals["unread_count"]
    tell(cast.mina, idea)
    with app.test_request_context("/"):
        assert unread() == 0


# Channels


def sent_form(**more):
    mailings = {f"mail_{group}": "digest" for group in ("own", "talk", "answers", "steps")}
    return {**mailings, "inbox_talk": "y", "inbox_answers": "y", **more}


def test_channels_are_saved_without_javascript_and_shown_again(cast, browser_of):
    mina = browser_of(cast.mina)
    answer = mina.post("/me/notices/settings", data=sent_form(mail_talk="none"))
    assert answer.status_code == 303
    settings = queries.settings_of(cast.mina.id)
    assert settings.of(Group.OWN).mailing is Mailing.DIGEST
    assert settings.of(Group.OWN).inbox is True
    assert settings.of(Group.TALK).mailing is Mailing.NONE
    assert settings.of(Group.STEPS).inbox is False
    page = mina.get("/me/notices/settings").text
    assert re.search(r'name="mail_talk".*?<option selected value="none"', page, re.DOTALL)
    assert not queries.settings_of(cast.jun.id).chosen


def test_the_switch_for_all_mails_keeps_the_choices(cast, browser_of):
    mina = browser_of(cast.mina)
    mina.post("/me/notices/settings", data=sent_form(mail_talk="now", mail_off="y"))
    settings = queries.settings_of(cast.mina.id)
    assert settings.of(Group.TALK).mailing is Mailing.NONE
    assert settings.chosen[Group.TALK].mailing is Mailing.NOW


def test_a_spoilt_choice_is_told_and_nothing_is_saved(cast, browser_of):
    answer = browser_of(cast.mina).post(
        "/me/notices/settings", data=sent_form(mail_own="hourly", mail_talk="now")
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert not queries.settings_of(cast.mina.id).chosen


def test_only_staff_choose_about_duties_and_the_daily_mail_about_work(cast, browser_of):
    assert "mail_work" in browser_of(cast.sora).get("/me/notices/settings").text
    page = browser_of(cast.mina).get("/me/notices/settings").text
    assert "mail_work" not in page
    assert "mail_duty" not in page
