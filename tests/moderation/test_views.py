"""The addresses of the desk and of those whom it concerns, by those who may and those who may not."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from ideas_app.core.db import transaction
from ideas_app.core.errors import NotFound
from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import (
    WORDS,
    appeal,
    comment_on,
    decide,
    flag_comment,
    flag_idea,
    join,
    object_to,
    support,
)
from tests.people import make_account

STRANGERS = ["mina", "jun", "hyun"]
SENT_ONLY = re.compile(r"/(publish|split|add|take-out|notes|trust|undo/\d+|locks/idea/\d+)$")
"""Addresses without a page of their own."""


@pytest.fixture
def pair(cast, campaign):
    return [make_idea(cast.mina, campaign).id, make_idea(cast.jun, campaign).id]


class Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.found += [values[name] for name in ("href", "action") if values.get(name)]


def desk_addresses(cast, idea_id, pair):
    """Every page and form of the desk, with what would be sent."""
    comment_id = comment_on(cast.jun, idea_id)
    decide(
        "publish", cast.sora, make_idea(cast.mina, make_campaign("c-2"), state=State.SUBMITTED).id
    )
    rejected = make_idea(cast.mina, make_campaign("c-3"), state=State.SUBMITTED).id
    decide("reject", cast.sora, rejected, RejectCode.PRANK, WORDS)
    family_id = join(cast.dana, pair)
    reason = {"reason": WORDS}
    settle = {"outcome": "dismissed", **reason}
    return {
        "/moderation": None,
        f"/moderation/{idea_id}": None,
        f"/moderation/{idea_id}/publish": {},
        f"/moderation/{idea_id}/return": reason,
        f"/moderation/{idea_id}/reject": {"code": "prank", **reason},
        f"/moderation/{idea_id}/hide": {"code": "abuse", **reason},
        f"/moderation/{idea_id}/restore": reason,
        f"/moderation/{idea_id}/fix": {
            "title": "다른 제목으로 고쳐 봅니다",
            "why": "까닭",
            "how": "",
        },
        f"/moderation/{idea_id}/notes": {"note": WORDS},
        f"/moderation/{idea_id}/trust": {},
        f"/moderation/{idea_id}/beside/{pair[0]}": None,
        f"/moderation/locks/idea/{idea_id}": {"act": "take"},
        "/moderation/undo/1": {},
        f"/moderation/bulk?ids={idea_id}": {"ids": idea_id, "decision": "publish"},
        "/moderation/paper": {"title": "종이에 적힌 제안", "source": "paper"},
        f"/moderation/flags/{flag_comment(cast.mina, comment_id)}": settle,
        f"/moderation/appeals/{appeal(cast.mina, rejected)}": {"outcome": "overturned", **reason},
        f"/moderation/comments/{comment_id}/hide": {"code": "abuse", **reason},
        f"/moderation/comments/{comment_id}/restore": reason,
        "/moderation/families": {
            "campaign": "ideas-2026",
            "numbers": "1, 2",
            "title": "가" * 12,
            "text": "글",
            **reason,
        },
        f"/moderation/families/{family_id}": None,
        f"/moderation/families/{family_id}/split": reason,
        f"/moderation/families/{family_id}/add": {"numbers": "3", **reason},
        f"/moderation/families/{family_id}/take-out": {"idea": pair[0], **reason},
        "/moderation/families/clusters": {"act": "apart", "key": ["i1", "i2"]},
        f"/moderation/objections/{object_to(cast.jun, family_id, pair[1])}": {
            "outcome": "kept",
            "resolution": WORDS,
        },
    }


@pytest.mark.parametrize("who", [*STRANGERS, None])
def test_strangers_see_nothing_of_the_desk_and_change_nothing(
    cast, waiting, listed, pair, browser_of, visitor, who
):
    addresses = desk_addresses(cast, listed.id, pair)
    before = queries.count_waiting(), get_idea(listed.id).state, get_idea(pair[0]).family_id
    browser = browser_of(getattr(cast, who)) if who else visitor
    for address, form in addresses.items():
        answers = [browser.post(address, data=form)] if form is not None else []
        if not SENT_ONLY.search(address):
            answers.append(browser.get(address))
        for answer in answers:
            if who:
                assert answer.status_code == 403, address
            else:
                assert "/login" in answer.location, address
    after = queries.count_waiting(), get_idea(listed.id).state, get_idea(pair[0]).family_id
    assert after == before


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_page_of_the_desk_opens_for_moderators(cast, waiting, listed, pair, browser_of, lang):
    addresses = desk_addresses(cast, listed.id, pair)
    browser = browser_of(cast.dana)
    for address in addresses:
        if not SENT_ONLY.search(address):
            mark = "&" if "?" in address else "?"
            assert browser.get(f"{address}{mark}lang={lang}").status_code == 200, address


@pytest.mark.parametrize(
    "tab", ["new", "flags", "appeals", "comments", "returned", "hidden", "nonsense"]
)
def test_every_list_opens_empty_and_full(cast, listed, browser_of, tab):
    browser = browser_of(cast.sora)
    assert browser.get(f"/moderation?tab={tab}").status_code == 200
    flag_idea(cast.jun, listed.id)
    decide("hide", cast.sora, listed.id, RejectCode.ABUSE, WORDS)
    assert browser.get(f"/moderation?tab={tab}").status_code == 200


@pytest.mark.parametrize("address", ["0", "-1", "9223372036854775807", "1e3", "%00", "4711"])
def test_ids_that_name_nothing_are_not_found(cast, browser_of, address):
    assert browser_of(cast.sora).get(f"/moderation/{address}").status_code in {400, 404}


def test_a_decision_goes_on_to_the_next_item_and_keeps_the_filter(cast, campaign, browser_of):
    ids = [make_idea(cast.mina, campaign, state=State.SUBMITTED, field=1).id for _ in range(2)]
    make_idea(cast.mina, campaign, state=State.SUBMITTED)
    browser = browser_of(cast.sora)
    kept = "campaign=ideas-2026&field=home"
    answer = browser.post(f"/moderation/{ids[0]}/publish?{kept}")
    assert (answer.status_code, answer.location) == (303, f"/moderation/{ids[1]}?{kept}")
    assert get_idea(ids[0]).state is State.PUBLISHED
    answer = browser.post(f"/moderation/{ids[1]}/return?{kept}", data={"reason": WORDS})
    assert answer.location == f"/moderation?{kept}"


def test_every_form_and_link_of_an_item_keeps_the_filter(cast, waiting, browser_of):
    page = browser_of(cast.sora).get(f"/moderation/{waiting.id}?field=job").get_data(as_text=True)
    acts = [link for link in Links(page).found if f"/moderation/{waiting.id}/" in link]
    assert {link.split("?")[0].rsplit("/", 1)[1] for link in acts} >= {
        "publish", "return", "reject", "hide", "fix", "notes",
    }  # fmt: skip
    assert all("field=job" in link for link in acts)


def test_an_item_has_its_keys(cast, waiting, browser_of):
    page = browser_of(cast.sora).get(f"/moderation/{waiting.id}").get_data(as_text=True)
    assert all(f'data-key="{key}"' in page for key in "arhu")
    assert "data-row" in page


def test_a_rejection_takes_its_standard_text_in_the_authors_language_or_the_other(
    cast, waiting, browser_of
):
    browser = browser_of(cast.sora)
    korean = browser.get(f"/moderation/{waiting.id}/reject?code=complaint&speak=ko").get_data(
        as_text=True
    )
    english = browser.get(f"/moderation/{waiting.id}/reject?code=complaint&speak=en").get_data(
        as_text=True
    )
    assert "complaints desk" in english.split("<textarea")[1].split("</textarea>")[0]
    assert korean != english
    assert all(f'data-key="{key}"' in korean for key in range(1, 10))


def test_a_rejection_is_sent_with_its_code_and_number(cast, waiting, campaign, browser_of):
    first = make_idea(cast.jun, campaign)
    first_id, number = first.id, first.number
    form = {"code": "duplicate", "reason": WORDS, "duplicate_of": f"2026-{number:03d}"}
    assert (
        browser_of(cast.sora).post(f"/moderation/{waiting.id}/reject", data=form).status_code == 303
    )
    idea = get_idea(waiting.id)
    assert (idea.code, idea.duplicate_of_id) == (RejectCode.DUPLICATE, first_id)


@pytest.mark.parametrize(
    "form",
    [
        {"code": "complaint", "reason": " "},
        {"code": "", "reason": WORDS},
        {"code": "nonsense", "reason": WORDS},
        {"code": "duplicate", "reason": WORDS, "duplicate_of": "2026-999"},
        {"code": "prank", "reason": "가" * 501},
    ],
)
def test_an_incomplete_rejection_comes_back_and_nothing_is_decided(cast, waiting, browser_of, form):
    answer = browser_of(cast.sora).post(f"/moderation/{waiting.id}/reject", data=form)
    assert answer.status_code == 422
    assert get_idea(waiting.id).state is State.SUBMITTED


def test_what_was_decided_meanwhile_is_said_and_the_desk_goes_on(cast, waiting, browser_of):
    decide("publish", cast.dana, waiting.id)
    answer = browser_of(cast.sora).post(f"/moderation/{waiting.id}/publish")
    assert (answer.status_code, answer.location) == (303, "/moderation")


def test_moderators_find_their_own_idea_closed_with_the_reason(cast, campaign, browser_of):
    own = make_idea(cast.sora, campaign, state=State.SUBMITTED).id
    browser = browser_of(cast.sora)
    assert "disabled" in browser.get(f"/moderation/{own}").get_data(as_text=True)
    assert browser.post(f"/moderation/{own}/publish").status_code == 403
    assert get_idea(own).state is State.SUBMITTED


def test_a_flag_is_raised_and_settled_through_the_pages(cast, listed, browser_of):
    answer = browser_of(cast.jun).post(
        f"/ideas/{listed.id}/flag", data={"code": "abuse", "note": "둘째 줄"}
    )
    assert answer.status_code == 303
    flag_id = queries.list_queue(queries.Filters(queries.Tab.FLAGS)).rows[0].key
    form = {"outcome": "hidden", "code": "abuse", "reason": WORDS}
    answer = browser_of(cast.sora).post(f"/moderation/flags/{flag_id}", data=form)
    assert answer.location == "/moderation?tab=flags"
    assert get_idea(listed.id).state is State.HIDDEN


def test_a_comment_is_flagged_from_its_page(cast, listed, browser_of):
    comment_id = comment_on(cast.jun, listed.id)
    browser = browser_of(cast.hyun)
    assert browser.get(f"/comments/{comment_id}/flag").status_code == 200
    assert browser.post(f"/comments/{comment_id}/flag", data={"code": "prank"}).status_code == 303
    assert queries.count_waiting().comments == 1


def test_a_visitor_is_led_to_the_log_in_before_flagging(visitor, listed):
    assert "/login" in visitor.post(f"/ideas/{listed.id}/flag", data={"code": "abuse"}).location
    assert queries.count_waiting().flags == 0


def test_a_flag_without_a_code_comes_back(cast, listed, browser_of):
    assert browser_of(cast.jun).post(f"/ideas/{listed.id}/flag", data={}).status_code == 422


def test_own_and_hidden_ideas_cannot_be_flagged(cast, listed, campaign, browser_of):
    hidden = make_idea(cast.mina, campaign, state=State.HIDDEN).id
    assert (
        browser_of(cast.mina).post(f"/ideas/{listed.id}/flag", data={"code": "abuse"}).status_code
        == 403
    )
    assert (
        browser_of(cast.jun).post(f"/ideas/{hidden}/flag", data={"code": "abuse"}).status_code
        == 404
    )
    assert browser_of(cast.jun).get(f"/ideas/{hidden}/flag").status_code == 404


def test_an_author_appeals_on_a_page_and_another_moderator_overturns(
    cast, waiting, browser_of, noah
):
    decide("reject", cast.sora, waiting.id, RejectCode.COMPLAINT, WORDS)
    author = browser_of(cast.mina)
    assert author.get(f"/ideas/{waiting.id}/appeal").status_code == 200
    assert (
        author.post(f"/ideas/{waiting.id}/appeal", data={"text": "제안입니다."}).status_code == 303
    )
    assert author.get(f"/ideas/{waiting.id}/appeal").status_code == 200
    found = queries.find_appeal_of(waiting.id).id
    form = {"outcome": "overturned", "reason": "다시 보았습니다."}
    assert browser_of(cast.sora).post(f"/moderation/appeals/{found}", data=form).status_code == 403
    assert browser_of(noah).post(f"/moderation/appeals/{found}", data=form).status_code == 303
    assert get_idea(waiting.id).state is State.PUBLISHED


@pytest.mark.parametrize("who", ["jun", "hyun", "sora"])
def test_nobody_else_appeals(cast, waiting, browser_of, who):
    decide("reject", cast.dana, waiting.id, RejectCode.COMPLAINT, WORDS)
    stranger, path = browser_of(getattr(cast, who)), f"/ideas/{waiting.id}/appeal"
    assert stranger.get(path).status_code == 403
    assert stranger.post(path, data={"text": "제안"}).status_code == 403
    assert queries.find_appeal_of(waiting.id) is None


def test_a_family_is_previewed_then_formed_then_split(cast, pair, campaign, browser_of):
    browser = browser_of(cast.sora)
    numbers = ", ".join(f"2026-{get_idea(idea_id).number:03d}" for idea_id in pair)
    form = {
        "campaign": "ideas-2026",
        "numbers": numbers,
        "title": "산단 통근버스를 함께 타는 노선으로",
        "text": "여러 회사가 함께 쓰는 통근버스를 만듭니다.",
        "reason": "바라는 바가 같습니다.",
    }
    preview = browser.post("/moderation/families", data={**form, "step": "preview"})
    assert preview.status_code == 200
    assert "<del>" in preview.get_data(as_text=True)
    assert get_idea(pair[0]).family_id is None
    answer = browser.post("/moderation/families", data={**form, "step": "form"})
    assert answer.status_code == 303
    family_id = get_idea(pair[0]).family_id
    assert answer.location == f"/moderation/families/{family_id}"
    browser.post(f"/moderation/families/{family_id}/split", data={"reason": "요청으로 나눕니다."})
    assert get_idea(pair[0]).family_id is None


@pytest.mark.parametrize("numbers", ["", "2026-001", "2026-998, 2026-999", "열둘"])
def test_a_family_of_nothing_comes_back(cast, pair, browser_of, numbers):
    form = {
        "campaign": "ideas-2026",
        "numbers": numbers,
        "title": "가" * 12,
        "text": "글",
        "reason": "이유",
    }
    assert browser_of(cast.sora).post("/moderation/families", data=form).status_code == 422


def test_everybody_reads_a_family_and_its_hidden_members_stay_unnamed(cast, pair, visitor):
    family_id = join(cast.sora, pair)
    title = get_idea(pair[0]).title
    assert title in visitor.get(f"/families/{family_id}").get_data(as_text=True)
    decide("hide", cast.sora, pair[0], RejectCode.ABUSE, WORDS)
    assert title not in visitor.get(f"/families/{family_id}").get_data(as_text=True)


def test_an_author_objects_on_a_page_and_a_stranger_cannot(cast, pair, browser_of):
    family_id = join(cast.sora, pair)
    words = {"text": "면 이야기가 빠져 있어요."}
    assert (
        browser_of(cast.hyun).post(f"/families/{family_id}/object", data=words).status_code == 403
    )
    assert queries.list_objections(family_id) == []
    author = browser_of(cast.jun)
    assert author.get(f"/families/{family_id}/object").status_code == 200
    assert author.post(f"/families/{family_id}/object", data=words).status_code == 303
    assert author.get(f"/families/{family_id}/object").status_code == 200
    assert len(queries.list_objections(family_id)) == 1


def test_markup_in_a_title_stays_text_at_the_desk(cast, campaign, browser_of):
    idea = make_idea(
        cast.mina, campaign, title="<script>alert(1)</script> 버스", state=State.SUBMITTED
    ).id
    page = browser_of(cast.sora).get(f"/moderation/{idea}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_draft_is_kept_found_again_and_formed(cast, pair, browser_of):
    browser = browser_of(cast.sora)
    form = {"campaign": "ideas-2026", "numbers": "1, 2", "title": "산단 통근버스를 함께"}
    kept = browser.post("/moderation/families", data={**form, "step": "draft"})
    assert kept.status_code == 303
    assert get_idea(pair[0]).family_id is None
    assert "산단 통근버스를 함께" in browser.get(kept.location).get_data(as_text=True)
    draft = kept.location.rpartition("=")[2]
    whole = {**form, "draft": draft, "text": "함께 쓴 글입니다.", "reason": "같은 이야기입니다."}
    assert browser.post("/moderation/families", data={**whole, "step": "form"}).status_code == 303
    assert get_idea(pair[0]).family_id is not None
    assert queries.list_drafts() == []


def test_an_idea_is_added_after_a_preview_and_taken_out_on_the_familys_page(
    cast, campaign, pair, browser_of
):
    third = make_idea(cast.jun, campaign).id
    family_id = join(cast.sora, pair)
    browser, page = browser_of(cast.sora), f"/moderation/families/{family_id}"
    form = {"numbers": "3", "reason": "같은 노선입니다."}
    assert browser.post(f"{page}/add", data={**form, "step": "preview"}).status_code == 200
    assert get_idea(third).family_id is None
    assert browser.post(f"{page}/add", data=form).status_code == 303
    assert get_idea(third).family_id == family_id
    assert browser.post(f"{page}/add", data=form).status_code == 422
    out = {"idea": third, "reason": "다른 노선입니다."}
    assert browser.post(f"{page}/take-out", data=out).status_code == 303
    assert get_idea(third).family_id is None
    assert "다른 노선입니다." in browser.get(page).get_data(as_text=True)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_comments_of_a_family_stand_together_with_their_origin(cast, pair, visitor, lang):
    said = [
        comment_on(author, idea_id, words)
        for author, idea_id, words in (
            (cast.jun, pair[0], "첫 제안에 쓴 댓글이에요."),
            (cast.mina, pair[1], "둘째 제안에 쓴 댓글이에요."),
        )
    ]
    assert said
    family_id = join(cast.sora, pair)
    titles = [get_idea(idea_id).title for idea_id in pair]
    for address in (f"/families/{family_id}", f"/ideas/{pair[0]}", f"/ideas/{pair[1]}"):
        page = visitor.get(f"{address}?lang={lang}", follow_redirects=True).get_data(as_text=True)
        assert "첫 제안에 쓴 댓글이에요." in page
        assert "둘째 제안에 쓴 댓글이에요." in page
        assert all(title in page for title in titles)


def test_a_supporter_leaves_and_comes_back_on_the_familys_page(cast, pair, browser_of, visitor):
    voter = make_account("voter")
    support(voter, pair[0])
    family_id = join(cast.sora, pair)
    browser, address = browser_of(voter), f"/families/{family_id}/leave"
    assert address in browser.get(f"/families/{family_id}").get_data(as_text=True)
    assert address not in visitor.get(f"/families/{family_id}").get_data(as_text=True)
    assert browser.post(address).status_code == 303
    assert queries.get_family(family_id).supports_count == 0
    assert browser.post(address, data={"_method": "DELETE"}).status_code == 303
    assert queries.get_family(family_id).supports_count == 1
    assert browser_of(cast.hyun).post(address).status_code == 403


def test_a_comment_is_hidden_and_restored_by_its_pages(cast, listed, browser_of):
    sora, number = browser_of(cast.sora), comment_on(cast.jun, listed.id)
    path = f"/moderation/comments/{number}"
    hidden = sora.post(f"{path}/hide", data={"code": "abuse", "reason": WORDS})
    assert hidden.status_code == 303
    assert queries.get_comment(number).hidden_at
    assert sora.post(f"{path}/restore", data={"reason": WORDS}).status_code == 303
    assert queries.get_comment(number).hidden_at is None


def test_what_moderators_keep_among_themselves_is_kept_by_their_pages(
    cast, pair, waiting, browser_of
):
    sora, item = browser_of(cast.sora), f"/moderation/{waiting.id}"
    assert sora.post(f"{item}/notes", data={"note": "글쓴이에게 물어봄"}).status_code == 303
    assert "글쓴이에게 물어봄" in browser_of(cast.dana).get(item).text
    with transaction():
        ideas = [get_idea(number) for number in pair]
        draft = service.keep_draft(cast.sora, ideas, "통근버스", "", "").id
    path = f"/moderation/families/drafts/{draft}/drop"
    assert browser_of(cast.mina).post(path).status_code == 403
    assert sora.post(path).status_code == 303
    assert sora.post(path).status_code == 404


def test_a_second_moderator_settles_an_objection_on_its_page(cast, pair, browser_of):
    objection = object_to(cast.jun, join(cast.dana, pair), pair[1])
    path, form = f"/moderation/objections/{objection}", {"outcome": "kept", "resolution": WORDS}
    assert browser_of(cast.dana).post(path, data=form).status_code == 403
    assert browser_of(cast.sora).post(path, data=form).status_code == 303
    assert queries.get_objection(objection).resolution == WORDS
    with pytest.raises(NotFound, match="not_found"):
        queries.view_objection(2**31 - 1)


def test_an_item_that_a_colleague_reads_is_taken_over_by_the_button(cast, listed, browser_of):
    path = f"/moderation/flags/{flag_idea(cast.jun, listed.id)}"
    sora, dana = browser_of(cast.sora), browser_of(cast.dana)
    settle = {"outcome": "dismissed", "reason": WORDS}
    assert dana.post(path, data={**settle, "take": "1"}).status_code == 200
    assert sora.post(path, data=settle).status_code in {409, 422}
    assert dana.post(path, data=settle).status_code == 303


def test_nothing_is_entered_from_paper_before_there_is_a_campaign(cast, browser_of):
    assert browser_of(cast.sora).get("/moderation/paper").status_code == 404
