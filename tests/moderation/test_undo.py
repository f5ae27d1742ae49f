"""Taking a decision back within ten seconds: everything as before, nobody told, once, by its moderator only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Refused
from ideas_app.ideas.models import Idea, RejectCode, Revision, State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from ideas_app.moderation.rules import UNDO_FOR
from ideas_app.notifications.models import Notice
from tests.factories import make_idea
from tests.moderation.scenes import (
    WORDS,
    appeal,
    comment_on,
    decide,
    flag_comment,
    flag_idea,
    last_entry,
    settle_appeal,
    settle_flag,
    tags_of,
)

DECISIONS = [
    ("publish", (), State.SUBMITTED),
    ("return_to_author", (WORDS,), State.SUBMITTED),
    ("reject", (RejectCode.COMPLAINT, WORDS), State.SUBMITTED),
    ("hide", (RejectCode.ABUSE, WORDS), State.PUBLISHED),
    (
        "fix_typos",
        ("막차를 밤 열한 시까지 늦춰 주세요!", "막차가 너무 일러요.", ""),
        State.PUBLISHED,
    ),
]
OLD = {"title": "막차를 밤 열한 시까지 늦춰 주세요", "why": "막차가 너무 일러요.", "how": ""}


def row_of(idea_id):
    values = session().execute(select(Idea.__table__).where(Idea.id == idea_id)).one()
    return dict(values._mapping)


def undo(actor):
    with transaction():
        act, _number = queries.find_undoable(actor)
        return service.undo(actor, act)


def notices():
    return session().scalars(select(Notice.kind)).all()


@pytest.mark.parametrize(("verb", "words", "state"), DECISIONS, ids=[one[0] for one in DECISIONS])
def test_a_decision_taken_back_leaves_the_row_exactly_as_it_was_and_tells_nobody(
    cast, campaign, verb, words, state
):
    idea_id = make_idea(cast.mina, campaign, state=state, **OLD).id
    before = row_of(idea_id)
    versions = session().query(Revision).count()
    with clock.at(clock.now() + timedelta(hours=2)):
        decide(verb, cast.sora, idea_id, *words)
        assert row_of(idea_id) != before
        assert undo(cast.sora) == [idea_id]
        assert row_of(idea_id) == before
    with clock.at(clock.now() + timedelta(days=1)):
        outbox.drain()
    assert notices() == []
    assert session().query(Revision).count() == versions
    entry = last_entry()
    assert (entry.tag, entry.actor_id) == ("decision:undone", cast.sora.id)


def test_the_author_is_told_when_the_seconds_are_over_not_before(cast, waiting):
    decide("publish", cast.sora, waiting.id)
    with clock.at(clock.now() + UNDO_FOR - timedelta(seconds=1)):
        outbox.drain()
        assert notices() == []
    with clock.at(clock.now() + UNDO_FOR):
        outbox.drain()
        assert notices() == ["published"]


def test_after_ten_seconds_it_is_too_late(cast, waiting):
    decide("publish", cast.sora, waiting.id)
    act, _number = queries.find_undoable(cast.sora)
    with (
        clock.at(act.until),
        pytest.raises(Conflict) as late,
        transaction(),
    ):
        service.undo(cast.sora, act)
    assert late.value.code == "too_late_to_undo"
    assert get_idea(waiting.id).state is State.PUBLISHED


def test_what_somebody_was_told_of_already_is_not_taken_back(cast, waiting):
    decide("publish", cast.sora, waiting.id)
    act, _number = queries.find_undoable(cast.sora)
    with clock.at(act.until):
        outbox.drain()
    with pytest.raises(Conflict), transaction():
        service.undo(cast.sora, act)
    assert get_idea(waiting.id).state is State.PUBLISHED


def test_it_is_taken_back_once_and_by_nobody_else(cast, waiting, noah):
    decide("publish", cast.sora, waiting.id)
    act, _number = queries.find_undoable(cast.sora)
    for stranger in (noah, cast.mina, cast.visitor):
        with pytest.raises(Refused), transaction():
            service.undo(stranger, act)
    undo(cast.sora)
    assert queries.find_undoable(cast.sora) is None
    with pytest.raises(Conflict) as again, transaction():
        service.undo(cast.sora, act)
    assert again.value.code == "already_undone"


def test_what_a_colleague_has_changed_since_stays(cast, waiting, noah):
    decide("publish", cast.sora, waiting.id)
    decide("hide", noah, waiting.id, RejectCode.ABUSE, WORDS)
    with pytest.raises(Conflict) as moved:
        undo(cast.sora)
    assert moved.value.code == "moved_on"
    assert get_idea(waiting.id).state is State.HIDDEN


def test_a_settled_flag_and_the_hiding_with_it_are_taken_back_together(cast, listed):
    flag_id = flag_idea(cast.jun, listed.id)
    other = flag_idea(cast.hyun, listed.id)
    settle_flag(cast.sora, flag_id, "hidden", code=RejectCode.ABUSE)
    undo(cast.sora)
    assert get_idea(listed.id).state is State.PUBLISHED
    assert {queries.get_flag(each).settled_at for each in (flag_id, other)} == {None}


def test_a_hidden_comment_is_counted_again_after_taking_back(cast, listed):
    comment_id = comment_on(cast.jun, listed.id)
    flag_id = flag_comment(cast.mina, comment_id)
    settle_flag(cast.sora, flag_id, "hidden", code=RejectCode.ABUSE)
    assert get_idea(listed.id).comments_count == 0
    undo(cast.sora)
    assert get_idea(listed.id).comments_count == 1
    assert queries.get_comment(comment_id).hidden_at is None


def test_a_settled_appeal_is_taken_back(cast, waiting, noah):
    decide("reject", cast.sora, waiting.id, RejectCode.COMPLAINT, WORDS)
    appeal_id = appeal(cast.mina, waiting.id)
    settle_appeal(noah, appeal_id, "overturned")
    undo(noah)
    assert queries.get_appeal(appeal_id).settled_at is None
    assert get_idea(waiting.id).state is State.REJECTED


def test_the_page_after_a_decision_offers_to_take_it_back(cast, waiting, browser_of):
    browser = browser_of(cast.sora)
    browser.post(f"/moderation/{waiting.id}/publish?field=job")
    act, _number = queries.find_undoable(cast.sora)
    address = f"/moderation/undo/{act.id}?field=job"
    assert address in browser.get("/moderation?field=job").get_data(as_text=True)
    assert browser.post(address).location == f"/moderation/{waiting.id}?field=job"
    assert get_idea(waiting.id).state is State.SUBMITTED
    assert tags_of("idea", waiting.id) == ["idea:published", "decision:undone"]
    assert browser.post(address).status_code == 303


def test_the_desk_counts_what_was_decided_today_without_what_was_taken_back(
    cast, campaign, waiting
):
    other = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    decide("publish", cast.sora, waiting.id)
    decide("publish", cast.sora, other)
    assert queries.count_done_today(cast.sora) == 2
    undo(cast.sora)
    assert (queries.count_done_today(cast.sora), queries.count_done_today(cast.dana)) == (1, 0)
