"""The ledger for everybody; the inbox and the form for officials; closed doors for the stranger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

from ideas_app.answers import queries, service
from ideas_app.answers.models import Decision, PromiseStatus
from ideas_app.campaigns.models import Campaign
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from tests.answers.scenes import answered, answering, in_days, open_for, owed
from tests.factories import make_idea, reload
from tests.people import Actor, Cast
from tests.shortlists.scenes import make_family
from tests.votes.scenes import counted_statements

Browser = Callable[[Actor], FlaskClient]
NOON = clock.day_start(date(2026, 3, 16), 12)


def typed(**more: str) -> dict[str, str]:
    return {
        "act": "publish",
        "decision": "adopted",
        "headline": "막차를 늦추겠습니다.",
        "reason": "예산을 확보했습니다.",
        "department": "교통행정과",
        "post": "버스정책계장",
        "promises-0-text": "시범 운행을 시작합니다.",
        "promises-0-due_on": in_days(90).isoformat(),
        **more,
    }


def test_an_official_answers_and_everybody_reads_it(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    answer_id = owed(cast, answering(), title="막차를 밤 열한 시까지 늦춰 주세요")
    hyun = browser_of(cast.hyun)
    assert "막차를 밤 열한 시까지" in hyun.get("/desk").text
    assert hyun.get(f"/desk/{answer_id}").status_code == 200
    done = hyun.post(f"/desk/{answer_id}", data=typed())
    assert (done.status_code, done.headers["Location"]) == (303, "/desk")
    page = visitor.get("/answers?lang=en").text
    for text in ("막차를 늦추겠습니다.", "교통행정과", "시범 운행을 시작합니다.", "Adopted"):
        assert text in page
    found = queries.get_answer(answer_id)
    assert [promise.due_on for promise in found.promises] == [in_days(90)]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"reason": " "}, "The reason is missing"),
        ({"decision": ""}, "Choose a decision"),
        ({"decision": "maybe"}, "Not a valid choice"),
        ({"promises-0-due_on": ""}, "Promise 1 has no date"),
        ({"promises-0-text": ""}, "Promise 1 says only when"),
        ({"promises-0-text": "", "promises-0-due_on": ""}, "give the date on which people"),
        ({"promises-0-due_on": "soon"}, "Not a valid date"),
        ({"promises-0-due_on": "2020-01-01"}, "lies in the past"),
        ({"next_on": "9999-01-01"}, "too far away"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    cast: Cast, browser_of: Browser, more: dict[str, str], says: str
) -> None:
    answer_id = owed(cast, answering())
    done = browser_of(cast.hyun).post(f"/desk/{answer_id}?lang=en", data=typed(**more))
    assert done.status_code == 422
    assert says in done.text
    assert "버스정책계장" in done.text
    assert queries.get_answer(answer_id).answered_at is None


def test_more_rows_keep_what_was_typed_and_publish_nothing(cast: Cast, browser_of: Browser) -> None:
    answer_id = owed(cast, answering())
    hyun = browser_of(cast.hyun)
    page = hyun.post(f"/desk/{answer_id}", data=typed(act="more"))
    assert page.status_code == 200
    assert "시범 운행을 시작합니다." in page.text
    assert page.text.count('name="promises-') > hyun.get(f"/desk/{answer_id}").text.count(
        'name="promises-'
    )
    assert queries.get_answer(answer_id).answered_at is None
    # rows far beyond the end, and too many of them, are no way to break the form
    many = {f"promises-{number}-text": "엽니다." for number in range(0, 4000, 50)}
    assert hyun.post(f"/desk/{answer_id}", data=typed(**{**many, "act": "more"})).status_code == 200
    assert hyun.post(f"/desk/{answer_id}", data=typed(**many)).status_code == 422


def test_a_published_answer_can_be_changed_and_its_promises_stay(
    cast: Cast, browser_of: Browser
) -> None:
    answer_id = answered(cast, answering(), [("시작합니다.", in_days(30))])
    hyun = browser_of(cast.hyun)
    page = hyun.get(f"/desk/{answer_id}").text
    assert "버스정책계장" in page
    empty = {"promises-0-text": "", "promises-0-due_on": ""}
    done = hyun.post(f"/desk/{answer_id}", data=typed(department="대중교통과", **empty))
    assert done.status_code == 303, done.text
    found = queries.get_answer(answer_id)
    assert found.department == "대중교통과"
    assert [promise.text for promise in found.promises] == ["시작합니다."]


def test_the_time_is_extended_once(cast: Cast, browser_of: Browser) -> None:
    with clock.at(NOON):
        answer_id = owed(cast, answering())
        hyun = browser_of(cast.hyun)
        address = f"/desk/{answer_id}/extend?lang=en"
        wrong = {"extend-to": "2026-03-17", "extend-reason": "협의가 더 필요합니다."}
        assert hyun.post(address, data=wrong).status_code == 422
        assert hyun.post(address, data={}).status_code == 422
        right = {"extend-to": "2026-04-01", "extend-reason": "협의가 더 필요합니다."}
        assert hyun.post(address, data=right).status_code == 303
        assert hyun.post(address, data=right).status_code == 403
        assert "once is all there is" in hyun.get(f"/desk/{answer_id}?lang=en").text


def test_a_promise_gets_its_word(cast: Cast, browser_of: Browser, visitor: FlaskClient) -> None:
    answer_id = answered(cast, answering(), [("시작합니다.", in_days(30))])
    promise_id = queries.list_promises(answer_id)[0].id
    hyun = browser_of(cast.hyun)
    address = f"/desk/promises/{promise_id}?lang=en"
    assert hyun.get(address).status_code == 200
    assert hyun.post(address, data={"status": "done", "what_happened": ""}).status_code == 422
    late = {"status": "moved", "what_happened": "늦어집니다."}
    assert "Give the new date" in hyun.post(address, data=late).text
    done = hyun.post(address, data={"status": "done", "what_happened": "시작했습니다."})
    assert done.status_code == 303
    assert "시작했습니다." in visitor.get("/answers").text
    assert "This promise is closed" in hyun.get(address).text


@pytest.mark.parametrize("person", ["visitor", "mina", "jun", "sora"])
def test_the_stranger_finds_the_desk_closed(
    cast: Cast, browser_of: Browser, visitor: FlaskClient, person: str
) -> None:
    answer_id = answered(cast, answering(), [("시작합니다.", in_days(30))])
    promise_id = queries.list_promises(answer_id)[0].id
    stranger = visitor if person == "visitor" else browser_of(getattr(cast, person))
    shut = 303 if person == "visitor" else 403
    for address in ("/desk", f"/desk/{answer_id}", f"/desk/promises/{promise_id}", "/desk/4711"):
        assert stranger.get(address).status_code == shut
    for address in (
        f"/desk/{answer_id}",
        f"/desk/{answer_id}/extend",
        f"/desk/promises/{promise_id}",
    ):
        assert stranger.post(address, data=typed(department="낯선 과")).status_code == shut
    assert queries.get_answer(answer_id).department == "교통행정과"


def test_what_is_not_there_is_not_found(cast: Cast, browser_of: Browser) -> None:
    hyun = browser_of(cast.hyun)
    assert hyun.get("/desk/4711").status_code == 404
    assert hyun.post("/desk/4711", data=typed()).status_code == 404
    assert hyun.post("/desk/4711/extend", data={}).status_code == 404
    assert hyun.get("/desk/promises/4711").status_code == 404


def test_an_answer_still_being_written_is_nowhere_in_public(
    cast: Cast, visitor: FlaskClient
) -> None:
    owed(cast, answering(), title="아직 답하지 않은 제안이에요")
    assert "아직 답하지 않은" not in visitor.get("/answers").text


def test_the_ledger_hides_what_the_centre_hid(cast: Cast, visitor: FlaskClient) -> None:
    answer_id = answered(cast, answering())
    idea = queries.list_ideas_of(queries.get_answer(answer_id))[0]
    title = idea.title
    assert title in visitor.get("/answers").text
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, idea.id), State.HIDDEN)
    assert title not in visitor.get("/answers").text


def test_filters_of_the_ledger_stay_in_the_address(cast: Cast, visitor: FlaskClient) -> None:
    campaign = answering()
    for _ in range(2):
        answered(cast, campaign, headline="하기 어렵습니다.")
    answered(cast, campaign, [("시작합니다.", in_days(30))], headline="하겠습니다.")
    page = visitor.get("/answers?decision=hard&lang=en").text
    assert "하기 어렵습니다." in page
    assert "하겠습니다." not in page
    assert visitor.get("/answers?decision=nonsense").status_code == 200
    assert visitor.get("/answers?after=nonsense&campaign=nowhere").status_code == 200


def test_the_ledger_takes_the_same_statements_for_one_answer_and_for_many(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign_id = answering().id
    counts = []
    for size in (1, 6):
        for _ in range(size):
            answered(cast, reload(Campaign, campaign_id), [("시작합니다.", in_days(30))])
        with counted_statements() as seen:
            assert visitor.get("/answers").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], seen
    assert counts[1] <= 12, seen


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_letter_stands_on_every_member_of_a_family(
    app: Flask, cast: Cast, language: str
) -> None:
    campaign = answering()
    members = [make_idea(cast.mina, campaign, state=State.SHORTLISTED) for _ in range(2)]
    answer_id = open_for(cast, make_family(campaign, members))
    with clock.at(NOON):
        with app.test_request_context(f"/?lang={language}"):
            waiting = render_template("answers/_letter.html", answer=queries.get_answer(answer_id))
            assert "2026" in waiting
            assert "c-letter" not in waiting
        days = [("시작합니다.", date(2026, 3, 17)), ("마칩니다.", date(2027, 1, 4))]
        from tests.answers.scenes import answer

        answer(cast, answer_id, *days, decision=Decision.PARTLY)
    with clock.at(clock.day_start(date(2026, 3, 20))):
        with transaction():
            promise = queries.list_promises(answer_id)[1]
            service.change_promise(
                cast.hyun, promise, PromiseStatus.MOVED, "늦어집니다.", moved_to=date(2027, 3, 2)
            )
        with app.test_request_context(f"/?lang={language}"):
            letter = render_template("answers/_letter.html", answer=queries.get_answer(answer_id))
            none = render_template("answers/_letter.html", answer=None)
    assert none.strip() == ""
    assert "늦어집니다." in letter
    assert ("4 working days before it was due" in letter) is (language == "en")
    assert ("No word: the day passed 3 working days ago." in letter) is (language == "en")
