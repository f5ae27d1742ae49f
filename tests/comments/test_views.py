"""The addresses of discussions, by those who may and those who may not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ideas_app.comments import queries
from ideas_app.comments.models import Stance
from ideas_app.ideas.models import State
from tests.comments.scenes import count_of, write
from tests.factories import make_campaign, make_idea

WORDS = {"text": "밤에 일하는 친구들에게 꼭 필요해요.", "stance": "for"}


@pytest.fixture
def idea(cast):
    # only its id: a request of the client ends the session that made it
    return SimpleNamespace(id=make_idea(cast.mina, make_campaign()).id)


def test_a_comment_leads_back_to_itself(cast, idea, browser_of):
    answer = browser_of(cast.jun).post(f"/ideas/{idea.id}/comments", data=WORDS)
    line = queries.list_together([idea.id]).columns[0].lines[0]
    assert answer.status_code == 303
    assert answer.location.endswith(f"#c-{line.id}")
    assert line.text == WORDS["text"]


def test_a_visitor_is_sent_to_the_log_in(visitor, idea):
    assert "/login" in visitor.post(f"/ideas/{idea.id}/comments", data=WORDS).location
    assert count_of(idea.id) == 0


@pytest.mark.parametrize("text", ["", "가" * 501, "000517-4123456"])
def test_a_comment_that_cannot_be_kept_comes_back_with_its_text(cast, idea, browser_of, text):
    answer = browser_of(cast.jun).post(f"/ideas/{idea.id}/comments", data={**WORDS, "text": text})
    assert answer.status_code == 422
    assert text in answer.text


def test_a_telephone_number_is_pointed_out_before_it_is_kept(cast, idea, browser_of):
    browser = browser_of(cast.jun)
    words = {**WORDS, "text": "010-1234-5678 로 연락 주세요"}
    asked = browser.post(f"/ideas/{idea.id}/comments?lang=en", data=words)
    assert asked.status_code == 422
    assert "telephone number" in asked.text
    assert words["text"] in asked.text
    assert count_of(idea.id) == 0
    assert (
        browser.post(f"/ideas/{idea.id}/comments", data={**words, "sure": "1"}).status_code == 303
    )
    assert count_of(idea.id) == 1


def test_words_sent_before_are_pointed_out(cast, idea, browser_of):
    browser = browser_of(cast.jun)
    words = {**WORDS, "text": "저녁 아홉 시에 끊기는 버스를 한 시간만 늦춰 주세요"}
    assert browser.post(f"/ideas/{idea.id}/comments", data=words).status_code == 303
    asked = browser.post(f"/ideas/{idea.id}/comments?lang=en", data=words)
    assert "nearly the same" in asked.text
    assert count_of(idea.id) == 1


def test_a_reply_and_its_faulty_form(cast, idea, browser_of):
    parent = write(cast.jun, idea.id)
    browser = browser_of(cast.mina)
    assert browser.post(
        f"/ideas/{idea.id}/comments", data={"text": "고마워요.", "parent": parent}
    ).status_code == 303  # fmt: skip
    wrong = browser.post(f"/ideas/{idea.id}/comments", data={"text": "", "parent": parent})
    assert wrong.status_code == 422
    assert f'value="{parent}"' in wrong.text


def test_an_unknown_stance_or_parent_is_refused(cast, idea, browser_of):
    browser = browser_of(cast.jun)
    assert (
        browser.post(f"/ideas/{idea.id}/comments", data={**WORDS, "stance": "x"}).status_code == 422
    )
    assert (
        browser.post(f"/ideas/{idea.id}/comments", data={**WORDS, "parent": 999}).status_code == 404
    )
    assert count_of(idea.id) == 0


def test_extra_fields_change_nothing(cast, idea, browser_of):
    data = {
        **WORDS,
        "author_id": cast.mina.id,
        "is_staff_voice": "1",
        "highlighted_at": "2026-01-01",
    }
    browser_of(cast.jun).post(f"/ideas/{idea.id}/comments", data=data)
    line = queries.list_together([idea.id]).columns[0].lines[0]
    assert (line.author_id, line.is_staff_voice, line.highlighted_at) == (cast.jun.id, False, None)


def test_an_author_edits_and_deletes_by_page(cast, idea, browser_of):
    comment = write(cast.jun, idea.id)
    browser = browser_of(cast.jun)
    assert "저도 같은 생각이에요." in browser.get(f"/comments/{comment}/edit").text
    assert browser.post(f"/comments/{comment}/edit", data={"text": "고쳤어요."}).status_code == 303
    assert browser.post(f"/comments/{comment}/edit", data={"text": ""}).status_code == 422
    assert browser.post(f"/comments/{comment}/delete").status_code == 303
    assert browser.get(f"/comments/{comment}/edit").status_code == 409


def test_strangers_are_refused_everywhere(cast, idea, visitor, browser_of):
    comment = write(cast.jun, idea.id)
    mina = browser_of(cast.mina)
    assert mina.get(f"/comments/{comment}/edit").status_code == 403
    assert mina.post(f"/comments/{comment}/edit", data={"text": "x"}).status_code == 403
    assert mina.post(f"/comments/{comment}/delete").status_code == 403
    assert mina.post(f"/comments/{comment}/highlight").status_code == 403
    for path in ("edit", "delete", "highlight"):
        assert "/login" in visitor.post(f"/comments/{comment}/{path}").location
    assert count_of(idea.id) == 1


def test_a_moderator_puts_a_comment_first_and_takes_that_back(cast, idea, browser_of):
    comment = write(cast.jun, idea.id)
    sora = browser_of(cast.sora)
    sora.post(f"/comments/{comment}/highlight")
    assert queries.get_line(comment).highlighted_at is not None
    sora.post(f"/comments/{comment}/highlight", data={"off": "1"})
    assert queries.get_line(comment).highlighted_at is None


def test_the_rest_of_a_discussion_has_a_page(cast, idea, visitor):
    comment = write(cast.jun, idea.id, stance=Stance.AGAINST)
    write(cast.mina, idea.id, "답글이에요.", parent_id=comment)
    assert "저도 같은 생각이에요." in visitor.get(f"/ideas/{idea.id}/comments?stance=against").text
    assert "답글이에요." in visitor.get(f"/ideas/{idea.id}/comments?parent={comment}").text
    assert visitor.get(f"/ideas/{idea.id}/comments?stance=x&after=junk").status_code == 200


def test_the_discussion_of_what_one_may_not_read_is_404(cast, visitor):
    idea = make_idea(cast.mina, make_campaign(), state=State.HIDDEN)
    assert visitor.get(f"/ideas/{idea.id}/comments").status_code == 404


def test_a_comment_is_shown_as_text(cast, idea, visitor):
    write(cast.jun, idea.id, "<script>alert(1)</script>\n{{ 7*7 }}")
    page = visitor.get(f"/ideas/{idea.id}/comments?stance=for").text
    assert "<script>alert" not in page
    assert "{{ 7*7 }}" in page


def test_a_comment_of_another_idea_is_not_found_beneath_this_one(cast, idea, visitor):
    other = make_idea(cast.mina, make_campaign("c-2")).id
    number = write(cast.jun, other)
    assert visitor.get(f"/ideas/{other}/comments?parent={number}").status_code == 200
    assert visitor.get(f"/ideas/{idea.id}/comments?parent={number}").status_code == 404
