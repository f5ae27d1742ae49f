"""Drafts stay apart from what is published, a second pair of eyes looks, and nobody's words are lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ideas_app.answers import queries, service
from ideas_app.answers.models import Decision, Review
from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Idea, State
from tests.answers.scenes import (
    answered,
    answering,
    approve,
    ask,
    content,
    draft,
    in_days,
    open_for,
    owed,
    publish,
)
from tests.factories import make_idea
from tests.people import Actor, Cast, make_account
from tests.shortlists.scenes import make_family


@pytest.fixture
def noah(cast: Cast) -> Actor:
    """A second official: from now on drafts need a second pair of eyes."""
    return make_account("Noah", Role.OFFICIAL)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of events that are published while a test runs, those without a handler included."""
    found: list[str] = []
    really = outbox.publish

    def listen(event: object) -> None:
        found.append(type(event).__name__)
        really(event)

    monkeypatch.setattr(outbox, "publish", listen)
    return found


def test_a_draft_may_have_gaps_and_changes_nothing_in_public(cast: Cast) -> None:
    answer_id = answered(cast, answering(), headline="하기 어렵습니다.")
    work = draft(cast.hyun, answer_id, decision=None, reason="", headline="하겠습니다.")
    assert (work.version, work.saved_by, work.assignee_id) == (3, cast.hyun.id, cast.hyun.id)
    found = queries.get_answer(answer_id)
    assert (found.headline, found.decision) == ("하기 어렵습니다.", Decision.HARD)
    assert queries.draft_of(found, queries.find_work(answer_id)).headline == "하겠습니다."
    publish(cast.hyun, answer_id, headline="하겠습니다.")
    assert queries.get_answer(answer_id).headline == "하겠습니다."
    assert queries.find_work(answer_id).draft is None


def test_what_has_gaps_is_not_published_and_stays_a_draft(cast: Cast) -> None:
    answer_id = owed(cast, answering())
    draft(cast.hyun, answer_id, reason="")
    with pytest.raises(Invalid), transaction():
        service.publish(cast.hyun, queries.get_answer(answer_id))
    assert queries.get_answer(answer_id).answered_at is None
    assert queries.find_work(answer_id).draft is not None


def test_of_two_writers_the_later_one_is_told_and_nothing_is_overwritten(cast: Cast) -> None:
    answer_id = owed(cast, answering())
    seen = draft(cast.hyun, answer_id).version
    draft(cast.dana, answer_id, version=seen, reason="다나의 글입니다.")
    with pytest.raises(Conflict) as conflict:
        draft(cast.hyun, answer_id, version=seen, reason="현의 글입니다.")
    assert conflict.value.code == "draft_changed"
    stored = queries.draft_of(queries.get_answer(answer_id), queries.find_work(answer_id))
    assert stored.reason == "다나의 글입니다."
    # the same words once more are no change, whatever they began from
    assert draft(cast.hyun, answer_id, version=seen, reason="다나의 글입니다.").version == seen + 1


def test_a_second_pair_of_eyes_is_needed_as_soon_as_there_are_two_officials(
    cast: Cast, noah: Actor, heard: list[str]
) -> None:
    answer_id = owed(cast, answering())
    draft(cast.hyun, answer_id)
    with pytest.raises(Refused) as refused, transaction():
        service.publish(cast.hyun, queries.get_answer(answer_id))
    assert refused.value.code == "second_needed"
    ask(cast.hyun, answer_id, of=noah.id)
    with pytest.raises(Refused) as own:
        approve(cast.hyun, answer_id)
    assert own.value.code == "own_draft"
    approve(noah, answer_id)
    publish(cast.hyun, answer_id)
    assert queries.get_answer(answer_id).answered_at is not None
    assert heard == ["AnswerReviewAsked", "AnswerReviewed", "AnswerPublished"]
    last = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.tag, last.diff["approved_by"]) == ("answer:published", noah.id)


def test_an_approval_ends_when_the_draft_changes(cast: Cast, noah: Actor) -> None:
    answer_id = owed(cast, answering())
    draft(cast.hyun, answer_id)
    approve(noah, answer_id)
    draft(cast.hyun, answer_id, reason="다르게 썼습니다.")
    assert queries.find_work(answer_id).review is Review.NONE
    with pytest.raises(Refused), transaction():
        service.publish(cast.hyun, queries.get_answer(answer_id))


def test_a_draft_is_thrown_away_and_the_log_says_so(cast: Cast) -> None:
    answer_id = answered(cast, answering(), headline="하기 어렵습니다.")
    version = draft(cast.hyun, answer_id, headline="하겠습니다.").version
    with pytest.raises(Conflict), transaction():
        service.discard_draft(cast.hyun, queries.get_answer(answer_id), version=version - 1)
    with transaction():
        service.discard_draft(cast.hyun, queries.get_answer(answer_id), version=version)
    assert queries.find_work(answer_id).draft is None
    assert queries.get_answer(answer_id).headline == "하기 어렵습니다."
    assert queries.list_acts(answer_id)[0].tag == "answer:discarded"


def test_only_the_version_that_was_looked_at_is_approved(cast: Cast, noah: Actor) -> None:
    answer_id = owed(cast, answering())
    seen = draft(cast.hyun, answer_id).version
    draft(cast.hyun, answer_id, reason="그사이 고쳤습니다.")
    with pytest.raises(Conflict), transaction():
        service.approve(noah, queries.get_answer(answer_id), version=seen)


def test_a_draft_is_sent_back_with_a_word(cast: Cast, noah: Actor) -> None:
    answer_id = owed(cast, answering())
    version = draft(cast.hyun, answer_id).version
    with pytest.raises(Invalid), transaction():
        service.send_back(noah, queries.get_answer(answer_id), " ", version=version)
    with transaction():
        answer = queries.get_answer(answer_id)
        service.send_back(noah, answer, "예산의 근거를 적어 주세요.", version=version)
    work = queries.find_work(answer_id)
    assert (work.review, work.review_word) == (Review.SENT_BACK, "예산의 근거를 적어 주세요.")
    # whoever mends it is the writer now: the first one may look
    draft(noah, answer_id, reason="근거를 적었습니다.")
    approve(cast.hyun, answer_id)
    publish(noah, answer_id)
    last = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert last.diff["approved_by"] == cast.hyun.id


def test_an_administrator_goes_on_alone_only_with_a_reason_in_the_public_log(
    cast: Cast, noah: Actor
) -> None:
    answer_id = owed(cast, answering())
    draft(cast.dana, answer_id)
    with pytest.raises(Invalid) as invalid, transaction():
        service.publish(cast.dana, queries.get_answer(answer_id))
    assert invalid.value.faults[0].field == "alone"
    with pytest.raises(Refused), transaction():
        service.publish(noah, queries.get_answer(answer_id), reason="급합니다.")
    with transaction():
        service.publish(cast.dana, queries.get_answer(answer_id), reason="오늘이 기한입니다.")
    last = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.tag, last.is_public, last.reason) == (
        "answer:published",
        True,
        "오늘이 기한입니다.",
    )


@pytest.mark.parametrize("who", ["visitor", "mina", "jun", "sora"])
def test_the_stranger_does_nothing_at_the_desk(cast: Cast, who: str) -> None:
    stranger, answer_id = getattr(cast, who), owed(cast, answering())
    draft(cast.hyun, answer_id)
    answer = queries.get_answer(answer_id)
    for act in (
        lambda: service.save_draft(stranger, answer, content()),
        lambda: service.discard_draft(stranger, answer),
        lambda: service.ask_review(stranger, answer),
        lambda: service.approve(stranger, answer, version=1),
        lambda: service.send_back(stranger, answer, "왜요", version=1),
        lambda: service.publish(stranger, answer),
        lambda: service.schedule(stranger, answer, clock.day_start(in_days(3), 9)),
        lambda: service.unschedule(stranger, answer),
        lambda: service.assign(stranger, answer, cast.hyun.id or 0),
        lambda: service.pass_on(stranger, answer, "교통행정과", "부탁합니다."),
        lambda: service.save_template(stranger, "틀"),
        lambda: service.remove_template(stranger, 1),
    ):
        with pytest.raises(Refused), transaction():
            act()


def test_a_draft_outlives_the_joining_of_a_family(cast: Cast) -> None:
    campaign = answering()
    one, other = (make_idea(cast.mina, campaign, state=State.SHORTLISTED) for _ in range(2))
    open_for(cast, one)
    second = open_for(cast, other)
    draft(cast.hyun, second, reason="둘째에 쓴 글입니다.")
    family = make_family(campaign, [one, other])
    kept = open_for(cast, family)
    found = queries.get_answer(kept)
    assert queries.draft_of(found, queries.find_work(kept)).reason == "둘째에 쓴 글입니다."


def test_a_clock_without_cause_is_not_stopped_over_a_draft(cast: Cast) -> None:
    answer_id = owed(cast, answering())
    draft(cast.hyun, answer_id)
    with transaction():
        idea = session().get_one(Idea, queries.get_answer(answer_id).idea_id)
        assert not service.close_answer(cast.sora, idea)
    assert queries.get_answer(answer_id)
