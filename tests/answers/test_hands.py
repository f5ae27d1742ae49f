"""Whose turn it is, publishing at a set time and together: all of it kept in the log."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from ideas_app.answers import queries, service
from ideas_app.answers.jobs import publish_what_is_due
from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid, NotFound, Refused
from ideas_app.core.permissions import Role
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from tests.answers.scenes import answering, approve, content, draft, owed
from tests.people import Actor, Cast, make_account

NOON = clock.day_start(date(2026, 3, 16), 12)
AT = clock.day_start(date(2026, 3, 18), 17)


@pytest.fixture
def noah(cast: Cast) -> Actor:
    """A second official."""
    return make_account("Noah", Role.OFFICIAL)


def tags() -> list[str]:
    query = select(AuditEntry.tag).where(AuditEntry.subject_type == "answer")
    return list(session().scalars(query.order_by(AuditEntry.id)))


def schedule(who: Actor, answer_id: int, at: datetime = AT) -> None:
    with transaction():
        service.schedule(who, queries.get_answer(answer_id), at)


def is_published(answer_id: int) -> bool:
    return queries.get_answer(answer_id).answered_at is not None


def test_answers_are_taken_given_and_passed_on_with_a_word(cast: Cast, noah: Actor) -> None:
    campaign = answering()
    ids = [owed(cast, campaign) for _ in range(2)]
    with transaction():
        service.assign_many(cast.hyun, ids, noah.id or 0, "버스 일이라 부탁합니다.")
        service.assign(cast.hyun, queries.get_answer(ids[0]), cast.hyun.id or 0)
    assert [queries.find_work(one).assignee_id for one in ids] == [cast.hyun.id, noah.id]
    with pytest.raises(Invalid), transaction():
        service.pass_on(cast.hyun, queries.get_answer(ids[0]), "교통행정과", "")
    with transaction():
        service.pass_on(cast.hyun, queries.get_answer(ids[0]), "교통행정과", "노선 일입니다.")
    work = queries.find_work(ids[0])
    assert (work.department, work.assignee_id) == ("교통행정과", None)
    trail = [(act.tag, act.name, act.towards) for act in queries.list_acts(ids[0])]
    assert trail[0] == ("answer:passed_on", "Hyun", "교통행정과")
    assert trail[-1] == ("answer:assigned", "Hyun", "Noah")


@pytest.mark.parametrize("who", ["mina", "sora"])
def test_nobody_is_given_an_answer_who_does_not_answer(cast: Cast, who: str) -> None:
    answer_id = owed(cast, answering())
    with pytest.raises(NotFound), transaction():
        service.assign(cast.hyun, queries.get_answer(answer_id), getattr(cast, who).id)


def test_a_draft_goes_out_by_itself_at_its_time_and_not_before(cast: Cast) -> None:
    with clock.at(NOON):
        answer_id = owed(cast, answering())
        draft(cast.hyun, answer_id)
        schedule(cast.hyun, answer_id)
        outbox.drain()
        assert not is_published(answer_id)
    with clock.at(AT):
        outbox.drain()
        found = queries.get_answer(answer_id)
        assert (found.answered_at, found.written_by) == (AT, cast.hyun.id)
        assert tags().count("answer:published") == 1


def test_the_hourly_round_catches_up_on_a_time_whose_event_was_lost(cast: Cast) -> None:
    with clock.at(NOON), outbox.muted():
        answer_id = owed(cast, answering())
        draft(cast.hyun, answer_id)
        schedule(cast.hyun, answer_id)
    with clock.at(AT), transaction():
        publish_what_is_due()
        publish_what_is_due()
    assert is_published(answer_id)
    assert tags().count("answer:published") == 1


@pytest.mark.parametrize(
    "story", ["changed", "taken_back", "moved", "sent_back", "unapproved", "withdrawn"]
)
def test_a_set_time_holds_only_while_time_words_and_approval_do(
    cast: Cast, noah: Actor, story: str
) -> None:
    with clock.at(NOON):
        answer_id = owed(cast, answering())
        draft(cast.hyun, answer_id)
        approve(noah, answer_id)
        schedule(cast.hyun, answer_id)
        with transaction() as current:
            answer = queries.get_answer(answer_id)
            if story == "changed":
                service.save_draft(cast.hyun, answer, content(reason="다르게 썼습니다."))
            elif story == "taken_back":
                service.unschedule(cast.hyun, answer)
            elif story == "moved":
                service.schedule(cast.hyun, answer, AT + timedelta(days=1))
            elif story == "sent_back":
                version = queries.find_work(answer_id).version
                service.send_back(noah, answer, "아직 아닙니다.", version=version)
            elif story == "withdrawn":
                ideas.change_state(current.get_one(Idea, answer.idea_id), State.WITHDRAWN)
            else:
                work = queries.find_work(answer_id)
                work.review = type(work.review).NONE
                current.add(work)
    with clock.at(AT):
        outbox.drain()
    assert not is_published(answer_id)
    assert queries.find_work(answer_id).draft is not None
    if story in {"unapproved", "withdrawn"}:
        assert tags()[-1] == "answer:unscheduled"


def test_no_time_is_set_alone_nor_in_the_past(cast: Cast, noah: Actor) -> None:
    with clock.at(NOON):
        answer_id = owed(cast, answering())
        draft(cast.dana, answer_id)
        with pytest.raises(Refused):
            schedule(cast.dana, answer_id)
        approve(noah, answer_id)
        for at in (NOON, NOON + timedelta(days=61)):
            with pytest.raises(Invalid):
                schedule(cast.dana, answer_id, at)


def test_several_go_out_together_or_none_does(cast: Cast) -> None:
    campaign = answering()
    ids = [owed(cast, campaign) for _ in range(3)]
    for one in ids[:2]:
        draft(cast.hyun, one)
    draft(cast.hyun, ids[2], reason="")
    with pytest.raises(Invalid) as invalid, transaction():
        service.publish_many(cast.hyun, ids)
    assert [fault.field for fault in invalid.value.faults] == [f"answer-{ids[2]}"]
    assert not any(map(is_published, ids))
    with transaction():
        service.publish_many(cast.hyun, ids[:2])
    assert list(map(is_published, ids)) == [True, True, False]


def test_one_time_is_set_for_several(cast: Cast) -> None:
    with clock.at(NOON):
        campaign = answering()
        ids = [owed(cast, campaign) for _ in range(2)]
        for one in ids:
            draft(cast.hyun, one)
        with transaction():
            service.publish_many(cast.hyun, ids, at=AT)
    with clock.at(AT):
        outbox.drain()
    assert all(map(is_published, ids))
