"""Everything that can be flagged appears in the queue, once a person, and is settled with a reason."""

from __future__ import annotations

import pytest

from ideas_app.comments.queries import list_together
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused
from ideas_app.ideas.models import State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation import queries, service
from ideas_app.moderation.events import CommentHidden, CommentRestored, IdeaHidden
from ideas_app.moderation.models import Flag
from ideas_app.moderation.queries import Filters, Tab
from tests.factories import make_idea
from tests.moderation.scenes import (
    WORDS,
    comment_on,
    flag_comment,
    flag_idea,
    settle_flag,
    tags_of,
)


def count_flags() -> int:
    waiting = queries.count_waiting()
    return waiting.flags + waiting.comments


def test_a_flagged_idea_and_a_flagged_comment_both_wait_at_the_desk(cast, listed):
    comment_id = comment_on(cast.jun, listed.id)
    flag_idea(cast.jun, listed.id)
    flag_comment(cast.mina, comment_id, "personal_data")
    rows = [queries.list_queue(Filters(tab)).rows for tab in (Tab.FLAGS, Tab.COMMENTS)]
    assert [[row.is_comment for row in each] for each in rows] == [[False], [True]]
    assert count_flags() == 2


def test_a_person_flags_a_thing_once(cast, listed):
    flag_idea(cast.jun, listed.id)
    with pytest.raises(Conflict) as second:
        flag_idea(cast.jun, listed.id, "prank")
    assert second.value.code == "already_flagged"
    assert count_flags() == 1


def test_own_texts_are_not_flagged(cast, listed):
    comment_id = comment_on(cast.jun, listed.id)
    with pytest.raises(Refused):
        flag_idea(cast.mina, listed.id)
    with pytest.raises(Refused):
        flag_comment(cast.jun, comment_id)
    assert count_flags() == 0


def test_a_visitor_signs_in_first(cast, listed):
    with pytest.raises(Refused) as refusal:
        flag_idea(cast.visitor, listed.id)
    assert refusal.value.sign_in


@pytest.mark.parametrize("state", [State.SUBMITTED, State.HIDDEN, State.RETURNED])
def test_what_a_person_cannot_read_cannot_be_flagged(cast, campaign, state):
    idea = make_idea(cast.mina, campaign, state=state)
    with pytest.raises(NotFound):
        flag_idea(cast.jun, idea.id)


def test_a_flag_has_one_of_the_codes(cast, listed):
    with pytest.raises(Invalid):
        flag_idea(cast.jun, listed.id, "ugly")


def test_a_right_flag_hides_the_idea_and_settles_the_other_flags_on_it(cast, listed, told):
    first, second = flag_idea(cast.jun, listed.id), flag_idea(cast.hyun, listed.id, "prank")
    flag = settle_flag(cast.sora, first, "hidden")
    assert get_idea(listed.id).state is State.HIDDEN
    assert (flag.outcome, flag.settled_by) == ("hidden", cast.sora.id)
    assert queries.get_flag(second).outcome == "hidden"
    assert told == [IdeaHidden(listed.id)]
    assert tags_of("idea", listed.id) == ["idea:hidden", "flag:settled"]


def test_a_dismissed_flag_leaves_the_idea_and_the_other_flags(cast, listed, told):
    first, second = flag_idea(cast.jun, listed.id), flag_idea(cast.hyun, listed.id)
    settle_flag(cast.sora, first, "dismissed")
    assert get_idea(listed.id).state is State.PUBLISHED
    assert queries.get_flag(second).settled_at is None
    assert told == []


def test_a_right_flag_hides_a_comment(cast, listed, told):
    comment_id = comment_on(cast.jun, listed.id)
    told.clear()
    settle_flag(cast.sora, flag_comment(cast.mina, comment_id), "hidden")
    assert queries.get_comment(comment_id).hidden_code == "abuse"
    assert told == [CommentHidden(comment_id)]
    assert tags_of("comment", comment_id) == ["comment:hidden", "flag:settled"]


def test_a_flag_that_names_no_hiding_code_needs_one(cast, listed):
    flag_id = flag_idea(cast.jun, listed.id, "prank")
    with pytest.raises(Invalid) as fault:
        settle_flag(cast.sora, flag_id, "hidden")
    assert fault.value.faults[0].field == "code"
    assert settle_flag(cast.sora, flag_id, "hidden", code="advertising").outcome == "hidden"


@pytest.mark.parametrize(
    ("outcome", "reason"), [("hidden", " "), ("dismissed", ""), ("burnt", WORDS)]
)
def test_a_flag_is_settled_with_an_outcome_and_a_reason(cast, listed, outcome, reason):
    flag_id = flag_idea(cast.jun, listed.id)
    with pytest.raises(Invalid):
        settle_flag(cast.sora, flag_id, outcome, reason)
    assert queries.get_flag(flag_id).settled_at is None


def test_a_flag_is_settled_once(cast, listed):
    flag_id = flag_idea(cast.jun, listed.id)
    settle_flag(cast.sora, flag_id, "dismissed")
    with pytest.raises(Conflict):
        settle_flag(cast.sora, flag_id, "hidden")


@pytest.mark.parametrize("who", ["mina", "jun", "hyun", "visitor"])
def test_only_moderators_settle_flags(cast, listed, who):
    flag_id = flag_idea(cast.jun, listed.id)
    with pytest.raises(Refused):
        settle_flag(getattr(cast, who), flag_id, "dismissed")
    assert queries.get_flag(flag_id).settled_at is None


def test_a_moderator_does_not_settle_a_flag_on_an_own_comment(cast, listed, noah):
    comment_id = comment_on(cast.sora, listed.id)
    flag_id = flag_comment(cast.jun, comment_id)
    with pytest.raises(Refused):
        settle_flag(cast.sora, flag_id, "dismissed")
    settle_flag(noah, flag_id, "dismissed")


def test_a_comment_is_hidden_and_restored_without_a_flag(cast, listed, told):
    comment_id = comment_on(cast.jun, listed.id)
    told.clear()
    with transaction():
        service.hide_comment(cast.sora, queries.get_comment(comment_id), "abuse", WORDS)
    with transaction():
        service.restore_comment(cast.sora, queries.get_comment(comment_id), WORDS)
    assert told == [CommentHidden(comment_id), CommentRestored(comment_id)]
    assert queries.get_comment(comment_id).hidden_at is None


@pytest.mark.parametrize("who", ["mina", "jun", "hyun", "visitor"])
def test_strangers_hide_no_comment(cast, listed, who):
    comment_id = comment_on(cast.dana, listed.id)
    with pytest.raises(Refused), transaction():
        service.hide_comment(getattr(cast, who), queries.get_comment(comment_id), "abuse", WORDS)
    assert queries.get_comment(comment_id).hidden_at is None


def test_a_flag_on_a_thing_hidden_already_can_still_be_settled(cast, listed):
    comment_id = comment_on(cast.jun, listed.id)
    flag_id = flag_comment(cast.mina, comment_id, "other")
    with transaction():
        queries.get_comment(comment_id).deleted_at = session().get_one(Flag, flag_id).raised_at
    assert settle_flag(cast.sora, flag_id, "hidden").outcome == "hidden"
    assert list_together([listed.id])
