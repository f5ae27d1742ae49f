"""The answer loop from the shortlist to the kept promise: the clock across 설날 and a substitute holiday, two
evaluations, a second pair of eyes, "no word", done - and the author hears of each step once, in Korean.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import pytest

from ideas_app.answers import queries, service
from ideas_app.answers.models import Decision, PromiseStatus
from ideas_app.answers.rules import Standing
from ideas_app.core import clock, housekeeping
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Refused
from ideas_app.evaluations import queries as evaluations
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.service import follow
from tests.accounts import mailbox
from tests.answers import scenes as answering
from tests.evaluations import scenes as evaluating
from tests.shortlists.scenes import closed_ballot, published

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

Browser = Callable[["Actor"], "FlaskClient"]
FIRST, SECOND = date(2026, 4, 1), date(2026, 6, 30)


@contextmanager
def day(on: date, hour: int = 10) -> Iterator[None]:
    """What happens on a day, and then everything that a worker makes of it."""
    with clock.at(clock.day_start(on, hour)):
        yield
        housekeeping.run()
        mailbox.drain()


def said(promise_id: int, status: PromiseStatus, words: str, who: Actor) -> None:
    with transaction():
        service.change_promise(who, queries.get_promise(promise_id), status, words)


def inbox_of(browser: FlaskClient) -> list[str]:
    """The sentences of somebody's inbox, oldest first."""
    page = browser.get("/me/notices?lang=ko").get_data(as_text=True)
    lines = re.findall(r'c-inbox__line">(.*?)</p>', page, re.DOTALL)
    plain = [html.unescape(re.sub(r"<[^>]+>", "", line)).removeprefix("새 알림 ") for line in lines]
    return [line.strip() for line in reversed(plain)]


def _answer(cast: Cast, answer_id: int, idea_id: int, visitor: FlaskClient) -> None:
    """Two colleagues evaluate, Hyun writes, and only what Noah has looked over goes out."""
    noah, taeo = evaluating.colleague("Noah"), evaluating.colleague("Taeo")
    with day(date(2026, 2, 19)):
        with transaction():
            service.assign(noah, queries.get_answer(answer_id), cast.hyun.id or 0)
        asked = evaluating.ask(cast.sora, session().get_one(Idea, idea_id), noah, taeo)
    with day(date(2026, 2, 20)):
        for person, evaluation_id, score in zip((noah, taeo), asked, (4, 2), strict=True):
            evaluating.score(person, evaluation_id, score)
            evaluating.close(person, evaluation_id)
    subject = evaluations.subject_of(queries.get_answer(answer_id))
    tally = evaluations.counts_of([queries.get_answer(answer_id)])[idea_id, None]
    assert (tally.done, tally.asked) == (2, 2)
    assert evaluations.panel_of(cast.hyun, subject).lines

    promises = (("막차를 늦춥니다", FIRST), ("이용 인원을 공개합니다", SECOND))
    with day(date(2026, 2, 23)):
        answering.draft(
            cast.hyun,
            answer_id,
            decision=Decision.ADOPTED,
            promises=tuple(answering.PromiseContent(text, on) for text, on in promises),
        )
        answering.ask(cast.hyun, answer_id, of=noah.id)
        with pytest.raises(Refused):
            answering.publish(cast.hyun, answer_id)
    assert "막차를 늦춥니다" not in visitor.get(f"/ideas/{idea_id}", follow_redirects=True).text
    with day(date(2026, 2, 24)):
        answering.approve(noah, answer_id)
        answering.publish(cast.hyun, answer_id)
    page = visitor.get(f"/ideas/{idea_id}?lang=ko", follow_redirects=True).text
    assert "막차를 늦춥니다" in page


@pytest.mark.slow
def test_a_shortlisted_idea_is_answered_and_its_author_hears_of_each_step_once(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    mailbox.empty()
    # Thursday before 설날: three holidays and the substitute for 3. 1. lie in the fourteen working days
    with day(date(2026, 2, 12)):
        campaign, ideas = closed_ballot(cast, {"a": 60, "bc": 50}, seats=1)
        idea_id = ideas["a"].id
        with transaction():
            follow(cast.jun, session().get_one(Idea, idea_id))
        published(cast, campaign)
    answer = queries.find_of_subject(session().get_one(Idea, idea_id))
    assert answer is not None
    assert (answer.received_on, answer.due_on) == (date(2026, 2, 12), date(2026, 3, 10))
    answer_id = answer.id

    _answer(cast, answer_id, idea_id, visitor)

    first, second = (promise.id for promise in queries.list_promises(answer_id))
    for on in (FIRST, FIRST, date(2026, 4, 2), date(2026, 4, 3)):
        with day(on):
            pass
    with clock.at(clock.day_start(date(2026, 4, 3), 12)):
        page = visitor.get(f"/ideas/{idea_id}?lang=ko", follow_redirects=True).text
        assert "소식 없음" in page
        assert queries.standing(queries.get_promise(first)) is Standing.SILENT
    with day(date(2026, 4, 6)):
        said(first, PromiseStatus.DONE, "4월 3일부터 막차가 늦어졌습니다.", cast.hyun)
    assert session().get_one(Idea, idea_id).state is State.ANSWERED
    with day(SECOND):
        said(second, PromiseStatus.DONE, "이용 인원을 공개했습니다.", cast.hyun)
    assert session().get_one(Idea, idea_id).state is State.DONE

    mine = [line for line in inbox_of(browser_of(cast.mina)) if "제안 a" in line]
    assert mine == [
        "제안이 선정되었어요: ‘제안 a’",
        "시가 제안 ‘제안 a’에 답했어요. (반영)",
        "‘제안 a’에 한 약속의 날이 아무 말 없이 지났어요.",
        "‘제안 a’에 대한 약속을 지켰어요.",
        "‘제안 a’에 대한 약속을 지켰어요.",
    ]
    subjects = [
        mail["Subject"]
        for mail in mailbox.collect()
        if "mina@" in mail["To"] and "제안 a" in mail["Subject"]
    ]
    assert subjects == mine
    work = " ".join(inbox_of(browser_of(cast.hyun)))
    assert work.count("약속의 날이 되었습니다") == 1, "of the second something was said in time"
    assert len(inbox_of(browser_of(cast.jun))) == len(mine)
