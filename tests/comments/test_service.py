"""Writing, mending, deleting, highlighting and hiding comments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.models import PhaseKind
from ideas_app.comments import policy, queries, service
from ideas_app.comments.models import Comment, Stance
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused, TooMany
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.queries import get_idea
from tests.comments.scenes import count_of, delete, edit, hide, highlight, restore, write
from tests.factories import make_campaign, make_idea
from tests.people import make_account


@pytest.fixture
def idea(cast):
    return make_idea(cast.mina, make_campaign())


def row(comment_id):
    return session().scalars(select(Comment).where(Comment.id == comment_id)).one()


def test_a_comment_counts_and_moves_the_idea_up(cast, idea):
    with clock.at(clock.now() + timedelta(hours=1)) as later:
        write(cast.jun, idea.id)
    moved = session().scalars(select(Idea.active_at).where(Idea.id == idea.id)).one()
    assert count_of(idea.id) == 1
    assert moved == later


def test_a_reply_stands_under_its_comment_without_a_stance(cast, idea):
    first = write(cast.jun, idea.id)
    reply = row(write(cast.mina, idea.id, stance=Stance.AGAINST, parent_id=first))
    assert (reply.parent_id, reply.stance) == (first, Stance.NEUTRAL)
    assert count_of(idea.id) == 2


def test_a_reply_to_a_reply_stands_under_the_same_comment(cast, idea):
    first = write(cast.jun, idea.id)
    second = write(cast.mina, idea.id, parent_id=first)
    assert row(write(cast.jun, idea.id, parent_id=second)).parent_id == first


def test_a_reply_to_a_comment_of_another_idea_is_not_found(cast, idea):
    elsewhere = write(cast.jun, make_idea(cast.mina, make_campaign("other")).id)
    with pytest.raises(NotFound):
        write(cast.jun, idea.id, parent_id=elsewhere)


def test_nobody_replies_to_what_was_taken_away(cast, idea):
    first = write(cast.jun, idea.id)
    delete(cast.jun, first)
    with pytest.raises(Conflict):
        write(cast.mina, idea.id, parent_id=first)


@pytest.mark.parametrize("text", ["", "   ", "가" * 501, "제 번호는 000517-4123456"])
def test_a_text_that_breaks_a_rule_is_not_kept(cast, idea, text):
    with pytest.raises(Invalid) as fault:
        write(cast.jun, idea.id, text)
    assert fault.value.faults[0].field == "text"
    assert count_of(idea.id) == 0


def test_staff_voices_are_marked(cast, idea):
    assert row(write(cast.sora, idea.id)).is_staff_voice
    assert not row(write(cast.jun, idea.id)).is_staff_voice


def test_visitors_and_unconfirmed_people_do_not_write(cast, idea):
    for person in (cast.visitor, make_account("Fresh", verified=False)):
        with pytest.raises(Refused):
            write(person, idea.id)
    assert count_of(idea.id) == 0


def test_an_account_without_a_role_writes_nothing(cast, idea):
    nobody = Actor(id=cast.jun.id, is_verified=True)
    assert policy.may_comment(nobody, get_idea(idea.id), now=clock.now()).code == "not_permitted"


def test_an_author_answers_under_the_own_idea(cast, idea):
    assert row(write(cast.mina, idea.id)).author_id == cast.mina.id


@pytest.mark.parametrize(
    ("state", "fault"),
    [(State.HIDDEN, NotFound), (State.SUBMITTED, NotFound), (State.WITHDRAWN, Conflict)],
)
def test_an_idea_that_is_not_listed_takes_no_comments(cast, state, fault):
    idea = make_idea(cast.mina, make_campaign(), state=state)
    with pytest.raises(fault):
        write(cast.jun, idea.id)


def test_comments_close_with_their_phase(cast):
    idea = make_idea(cast.mina, make_campaign(phase=PhaseKind.CLOSED))
    with pytest.raises(Conflict):
        write(cast.jun, idea.id)


def test_a_youth_writes_so_many_comments_a_day_and_goes_on_the_next(cast):
    idea = make_idea(cast.mina, make_campaign(settings={"comments_per_day": 2}))
    write(cast.jun, idea.id)
    write(cast.jun, idea.id)
    with pytest.raises(TooMany) as limit:
        write(cast.jun, idea.id)
    assert 0 < limit.value.retry_after <= 24 * 3600
    write(cast.mina, idea.id)
    with clock.at(clock.now() + timedelta(days=1)):
        write(cast.jun, idea.id)
    assert count_of(idea.id) == 4


def test_the_centre_is_not_limited(cast):
    idea = make_idea(cast.mina, make_campaign(settings={"comments_per_day": 1}))
    write(cast.sora, idea.id)
    write(cast.sora, idea.id)
    assert count_of(idea.id) == 2


def test_an_author_mends_a_comment_within_fifteen_minutes(cast, idea):
    with clock.at(clock.now()) as now:
        comment = write(cast.jun, idea.id)
    with clock.at(now + timedelta(minutes=14)):
        edit(cast.jun, comment, "고쳤어요.")
    assert row(comment).text == "고쳤어요."
    assert row(comment).edited_at == now + timedelta(minutes=14)
    with clock.at(now + timedelta(minutes=15)), pytest.raises(Conflict):
        edit(cast.jun, comment, "또 고쳤어요.")


def test_an_edit_obeys_the_rules_of_a_new_comment(cast, idea):
    comment = write(cast.jun, idea.id)
    with pytest.raises(Invalid):
        edit(cast.jun, comment, "000517-4123456")


@pytest.mark.parametrize("name", ["visitor", "mina", "sora", "dana"])
def test_nobody_else_edits_or_deletes_a_comment(cast, idea, name):
    comment = write(cast.jun, idea.id)
    for act in (
        lambda: edit(getattr(cast, name), comment, "다른 말"),
        lambda: delete(getattr(cast, name), comment),
    ):
        with pytest.raises(Refused):
            act()
    assert row(comment).text == "저도 같은 생각이에요."


def test_a_deleted_comment_keeps_its_place_and_loses_its_text(cast, idea):
    comment = write(cast.jun, idea.id)
    write(cast.mina, idea.id, parent_id=comment)
    delete(cast.jun, comment)
    assert (row(comment).text, count_of(idea.id)) == ("", 1)
    with pytest.raises(Conflict):
        delete(cast.jun, comment)
    assert count_of(idea.id) == 1


def test_one_comment_of_an_idea_is_put_first(cast, idea):
    first, second = write(cast.jun, idea.id), write(cast.mina, idea.id)
    highlight(cast.sora, first)
    highlight(cast.sora, second)
    assert row(first).highlighted_at is None
    assert row(second).highlighted_at is not None
    highlight(cast.sora, second, on=False)
    assert row(second).highlighted_at is None


@pytest.mark.parametrize("name", ["visitor", "jun", "mina", "hyun"])
def test_only_moderators_put_first_hide_and_restore(cast, idea, name):
    comment, person = write(cast.jun, idea.id), getattr(cast, name)
    for act in (highlight, hide, restore):
        with pytest.raises(Refused):
            act(person, comment)
    assert queries.is_visible(row(comment))


def test_hiding_and_restoring_move_the_count_and_leave_a_trace(cast, idea):
    comment = write(cast.jun, idea.id)
    hide(cast.sora, comment)
    hide(cast.sora, comment, "다시 보아도 욕설이에요.")
    assert count_of(idea.id) == 0
    restore(cast.sora, comment)
    assert count_of(idea.id) == 1
    with pytest.raises(Conflict):
        restore(cast.sora, comment)
    tags = session().scalars(select(AuditEntry.tag).order_by(AuditEntry.id)).all()
    assert tags == ["comment:hidden", "comment:hidden", "comment:restored"]


def test_hiding_needs_a_reason(cast, idea):
    comment = write(cast.jun, idea.id)
    with pytest.raises(Invalid):
        hide(cast.sora, comment, " ")
    assert count_of(idea.id) == 1


def test_a_hidden_comment_is_not_edited_and_may_be_deleted_without_counting_twice(cast, idea):
    comment = write(cast.jun, idea.id)
    hide(cast.sora, comment)
    with pytest.raises(Conflict):
        edit(cast.jun, comment, "다른 말")
    delete(cast.jun, comment)
    assert count_of(idea.id) == 0
    restore(cast.sora, comment)
    assert count_of(idea.id) == 0
    assert queries.find_wrong_counters() == []


def test_the_doctor_finds_and_mends_a_wrong_counter(cast, idea):
    write(cast.jun, idea.id)
    with transaction() as current:
        current.execute(update(Idea).values(comments_count=9))
    assert queries.find_wrong_counters() == [f"idea {idea.id}: comments_count is 9, the rows say 1"]
    with transaction():
        service.recount()
    assert queries.find_wrong_counters() == []


def test_what_cannot_be_read_is_not_put_first(cast, idea):
    hidden = write(cast.jun, idea.id)
    hide(cast.sora, hidden)
    with pytest.raises(Conflict) as fault:
        highlight(cast.sora, hidden)
    assert fault.value.code == "gone"
    assert row(hidden).highlighted_at is None
