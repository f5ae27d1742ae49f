"""Clocks that start by themselves, answers with dates, promises that cannot be taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from ideas_app.answers import queries, service
from ideas_app.answers.models import Answer, Decision, PromiseStatus
from ideas_app.answers.rules import Standing, Timing
from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid, Refused
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists.queries import get_round
from ideas_app.votes.events import AnswerDue
from tests.answers.scenes import DUE, RECEIVED, answer, answered, answering, content, open_for, owed
from tests.factories import make_idea, reload
from tests.people import Cast
from tests.shortlists.scenes import closed_ballot, make_family, published

NOON = clock.day_start(date(2026, 3, 16), 12)


def test_a_published_shortlist_starts_a_clock_for_each_idea_on_it(cast: Cast) -> None:
    with clock.at(NOON):
        campaign, _ideas = closed_ballot(cast)
        round_id = published(cast, campaign).id
        assert session().scalar(select(func.count(Answer.id))) == 0
        outbox.drain()
        answers = session().scalars(select(Answer)).all()
        round_ = get_round(round_id)
        elected = {entry.idea_id for entry in round_.entries if entry.rank is not None}
        assert {one.idea_id for one in answers} == elected
        assert {one.due_on for one in answers} == {date(2026, 4, 3)}
        with transaction():
            service.open_answers(cast.sora, get_round(round_id))
        assert session().scalar(select(func.count(Answer.id))) == len(elected)


def test_enough_supports_start_the_clock_on_the_day_they_were_reached(cast: Cast) -> None:
    idea = make_idea(cast.mina, answering())
    with transaction() as current:
        current.get_one(Idea, idea.id).answer_due_latched_at = clock.day_start(RECEIVED, 9)
        outbox.publish(AnswerDue(idea.id))
    outbox.drain()
    found = queries.find_of_subject(idea)
    assert found is not None
    assert (found.received_on, found.due_on) == (RECEIVED, DUE)


def test_a_family_is_answered_as_one_and_takes_over_the_clock_of_its_members(cast: Cast) -> None:
    campaign = answering()
    one, other = (make_idea(cast.mina, campaign, state=State.SHORTLISTED) for _ in range(2))
    first, second = open_for(cast, one), open_for(cast, other)
    family = make_family(campaign, [one, other])
    assert open_for(cast, family) == first
    assert session().get(Answer, second) is None
    assert open_for(cast, reload(Idea, one.id)) == first
    answer(cast, first)
    for idea_id in (one.id, other.id):
        idea = reload(Idea, idea_id)
        assert idea.state is State.ANSWERED
        found = queries.find_of_idea(idea)
        assert found is not None
        assert found.id == first


def test_an_answer_is_published_with_its_promises_and_told_once(cast: Cast) -> None:
    with clock.at(NOON):
        answer_id = owed(cast, answering())
        answer(cast, answer_id, ("계획을 공개합니다.", date(2026, 6, 1)))
        found = queries.get_answer(answer_id)
        assert found.answered_at == NOON
        assert queries.timing(found) is Timing.ON_TIME
        assert queries.days_to_spare(found) == 4
        assert found.reason_html == "<p>예산을 <strong>확보</strong>했습니다.</p>\n"
        assert found.next_on == date(2026, 6, 1)
        assert [queries.standing(promise) for promise in found.promises] == [Standing.NEXT]
        assert queries.list_ideas_of(found)[0].state is State.ANSWERED
    tags = session().scalars(select(AuditEntry.tag)).all()
    assert tags.count("answer:published") == 1


def test_markup_in_a_reason_is_made_safe(cast: Cast) -> None:
    answer_id = owed(cast, answering())
    answer(cast, answer_id, reason="<script>alert(1)</script>\n\n[여기](javascript:alert(1))")
    html = queries.get_answer(answer_id).reason_html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_a_change_keeps_the_promises_and_stands_in_the_log(cast: Cast) -> None:
    with clock.at(NOON):
        answer_id = answered(cast, answering(), [("엽니다.", date(2026, 6, 1))])
        answer(
            cast,
            answer_id,
            ("엽니다.", date(2026, 6, 1)),
            ("결과를 알립니다.", date(2026, 9, 1)),
            department="대중교통과",
        )
    found = queries.get_answer(answer_id)
    assert [promise.text for promise in found.promises] == ["엽니다.", "결과를 알립니다."]
    assert found.changed_at is not None
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.tag == "answer:changed"
    assert entry.diff == {"department": ["교통행정과", "대중교통과"], "promises_added": 1}


def test_an_idea_that_still_gathers_supports_is_answered_without_leaving_the_vote(
    cast: Cast,
) -> None:
    idea = make_idea(cast.mina, answering(), state=State.PUBLISHED)
    answer(cast, open_for(cast, idea))
    assert reload(Idea, idea.id).state is State.PUBLISHED


def test_a_withdrawn_idea_stays_withdrawn(cast: Cast) -> None:
    idea = make_idea(cast.mina, answering(), state=State.WITHDRAWN)
    answer(cast, open_for(cast, idea))
    assert reload(Idea, idea.id).state is State.WITHDRAWN


@pytest.mark.parametrize("person", ["visitor", "mina", "jun", "sora"])
def test_the_stranger_neither_answers_nor_extends_nor_closes_a_promise(
    cast: Cast, person: str
) -> None:
    stranger = getattr(cast, person)
    campaign = answering()
    with clock.at(NOON):
        answer_id = owed(cast, campaign)
        kept = answered(cast, campaign, [("엽니다.", date(2026, 6, 1))])
        promise_id = queries.list_promises(kept)[0].id
    with pytest.raises(Refused), transaction():
        service.write_answer(stranger, queries.get_answer(answer_id), content())
    with pytest.raises(Refused), transaction():
        service.extend(stranger, queries.get_answer(answer_id), date(2026, 4, 1), "협의 중")
    promise = queries.get_promise(promise_id)
    with pytest.raises(Refused), transaction():
        service.change_promise(stranger, promise, PromiseStatus.DONE, "했습니다.")
    assert queries.get_answer(answer_id).answered_at is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"decision": Decision.ADOPTED}, "next_on"),
        ({"post": ""}, "post"),
        ({"department": "과" * 81}, "department"),
    ],
)
def test_an_answer_that_is_not_whole_is_not_saved(
    cast: Cast, more: dict[str, object], field: str
) -> None:
    answer_id = owed(cast, answering())
    with pytest.raises(Invalid) as caught:
        answer(cast, answer_id, **more)
    assert caught.value.faults[0].field == field
    assert queries.get_answer(answer_id).answered_at is None


def test_time_is_extended_once_with_a_reason_in_the_public_log(cast: Cast) -> None:
    answer_id = owed(cast, answering())
    with clock.at(NOON):
        with pytest.raises(Invalid), transaction():
            service.extend(cast.hyun, queries.get_answer(answer_id), date(2026, 4, 1), " ")
        with transaction():
            service.extend(
                cast.hyun, queries.get_answer(answer_id), date(2026, 4, 1), "협의 중입니다."
            )
        with pytest.raises(Refused, match="already_extended"), transaction():
            service.extend(cast.hyun, queries.get_answer(answer_id), date(2026, 4, 9), "또 협의 중")
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.tag, entry.reason) == ("answer:extended", "협의 중입니다.")
    assert entry.is_public
    with clock.at(clock.day_start(date(2026, 3, 31), 10)):
        answer(cast, answer_id)
        assert queries.timing(queries.get_answer(answer_id)) is Timing.EXTENDED


def test_an_adopted_idea_is_done_when_every_promise_was_kept(cast: Cast) -> None:
    with clock.at(NOON):
        promises = [("하나", date(2026, 4, 1)), ("둘", date(2026, 5, 1))]
        answer_id = answered(cast, answering(), promises)
        first, second = (promise.id for promise in queries.list_promises(answer_id))
        change(cast, first, PromiseStatus.DONE)
        assert state_of(answer_id) is State.ANSWERED
        change(cast, second, PromiseStatus.MOVED, moved_to=date(2026, 6, 1))
        assert state_of(answer_id) is State.ANSWERED
        change(cast, second, PromiseStatus.DONE)
        assert state_of(answer_id) is State.DONE
        with pytest.raises(Refused, match="promise_closed"):
            change(cast, second, PromiseStatus.DROPPED)


def change(cast: Cast, promise_id: int, status: PromiseStatus, **more: object) -> None:
    with transaction():
        promise = queries.get_promise(promise_id)
        service.change_promise(cast.hyun, promise, status, "그렇게 되었습니다.", **more)


def state_of(answer_id: int) -> State:
    return queries.list_ideas_of(queries.get_answer(answer_id))[0].state


@pytest.mark.parametrize(
    ("status", "words", "moved_to", "field"),
    [
        (PromiseStatus.OPEN, "아직입니다.", None, "status"),
        (PromiseStatus.DONE, " ", None, "what_happened"),
        (PromiseStatus.MOVED, "늦어집니다.", None, "moved_to"),
        (PromiseStatus.MOVED, "늦어집니다.", date(2026, 4, 1), "moved_to"),
        (PromiseStatus.DROPPED, "가" * 301, None, "what_happened"),
    ],
)
def test_a_word_on_a_promise_says_what_happened_and_when_next(
    cast: Cast, status: PromiseStatus, words: str, moved_to: date | None, field: str
) -> None:
    with clock.at(NOON):
        answer_id = answered(cast, answering(), [("엽니다.", date(2026, 4, 1))])
        promise_id = queries.list_promises(answer_id)[0].id
        promise = queries.get_promise(promise_id)
        with pytest.raises(Invalid) as caught, transaction():
            service.change_promise(cast.hyun, promise, status, words, moved_to=moved_to)
    assert caught.value.faults[0].field == field
