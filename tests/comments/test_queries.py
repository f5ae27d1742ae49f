"""Reading a discussion."""

from __future__ import annotations

import pytest

from ideas_app.campaigns.queries import get_campaign
from ideas_app.comments import queries
from ideas_app.comments.models import Comment, Stance
from ideas_app.comments.queries import threads
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas.models import Idea
from tests.comments.scenes import delete, hide, highlight, write
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import join
from tests.votes.scenes import counted_statements


@pytest.fixture
def idea(cast):
    return make_idea(cast.mina, make_campaign())


def bulk(author, idea, number, *, stance=Stance.FOR, parent_id=None):
    with transaction() as current:
        rows = [
            Comment(
                idea_id=idea.id, author_id=author.id, parent_id=parent_id, stance=stance,
                text=f"이야기 {place}", written_at=clock.now(),
            )
            for place in range(number)
        ]  # fmt: skip
        current.add_all(rows)
        current.flush()
        return [row.id for row in rows]


def test_comments_stand_by_stance_in_the_order_of_writing(cast, idea):
    first = write(cast.jun, idea.id, stance=Stance.AGAINST)
    second = write(cast.mina, idea.id, stance=Stance.AGAINST)
    third = write(cast.sora, idea.id, stance=Stance.NEUTRAL)
    pro, con, rest = queries.list_together([idea.id]).columns
    assert [line.id for line in con.lines] == [first, second]
    assert [line.id for line in rest.lines] == [third]
    assert (pro.count, con.count, rest.count) == (0, 2, 1)
    assert con.lines[1].is_of_author
    assert rest.lines[0].is_staff_voice


def test_the_comment_put_first_stands_first(cast, idea):
    write(cast.jun, idea.id)
    second = write(cast.mina, idea.id)
    highlight(cast.sora, second)
    assert queries.list_together([idea.id]).columns[0].lines[0].id == second


def test_deleted_and_hidden_texts_never_leave_the_database(cast, idea):
    gone, hidden = write(cast.jun, idea.id), write(cast.jun, idea.id)
    delete(cast.jun, gone)
    hide(cast.sora, hidden)
    column = queries.list_together([idea.id]).columns[0]
    assert [line.text for line in column.lines] == ["", ""]
    assert column.count == 0


@pytest.mark.parametrize(("whole", "cost"), [(99, 3), (100, 1)])
def test_a_long_discussion_takes_few_statements_and_goes_on_behind_a_cursor(
    cast, idea, monkeypatch, whole, cost
):
    monkeypatch.setattr(threads, "WHOLE", whole)
    ids = bulk(cast.jun, idea, 45)
    bulk(cast.jun, idea, 30, stance=Stance.AGAINST)
    bulk(cast.mina, idea, 25, parent_id=ids[0])
    idea_id = idea.id
    with counted_statements() as seen:
        thread = queries.list_together([idea_id])
    assert len(seen) == cost
    pro = thread.columns[0]
    assert (len(pro.lines), pro.count) == (20, 45)
    assert (len(pro.lines[0].replies), pro.lines[0].replies_count) == (20, 25)
    read = [line.id for line in pro.lines]
    cursor = pro.next
    while cursor:
        page = queries.list_page([idea.id], Stance.FOR, after=cursor)
        read += [line.id for line in page.items]
        cursor = page.next
    assert read == ids


def test_the_rest_is_whole_even_when_a_late_comment_stands_first(cast, idea):
    ids = bulk(cast.jun, idea, 45)
    highlight(cast.sora, ids[40])
    pro = queries.list_together([idea.id]).columns[0]
    read = {line.id for line in pro.lines}
    cursor = pro.next
    while cursor:
        page = queries.list_page([idea.id], Stance.FOR, after=cursor)
        read |= {line.id for line in page.items}
        cursor = page.next
    assert read == set(ids)


def test_a_discussion_reads_the_same_whole_or_ranked(cast, idea, monkeypatch):
    first = bulk(cast.jun, idea, 25)
    bulk(cast.mina, idea, 3, stance=Stance.AGAINST)
    replies = bulk(cast.mina, idea, 23, stance=Stance.NEUTRAL, parent_id=first[1])
    highlight(cast.sora, first[22])
    delete(cast.jun, first[3])
    hide(cast.sora, first[4])
    hide(cast.sora, replies[0])
    whole = queries.list_together([idea.id])
    with counted_statements() as seen:
        monkeypatch.setattr(threads, "WHOLE", 10)
        assert queries.list_together([idea.id], expected=47) == whole
    assert len(seen) == 2


def lines_along(idea):
    statement, values = queries.short_talk(idea.id)
    return statement.all(**values)


def test_a_discussion_that_came_along_with_its_idea_is_not_asked_for_again(cast, idea):
    ids = bulk(cast.jun, idea, 3)
    bulk(cast.mina, idea, 2, parent_id=ids[0])
    idea_id, whole, lines = idea.id, queries.list_together([idea.id]), lines_along(idea)
    with counted_statements() as seen:
        assert queries.list_together([idea_id], expected=5, lines=lines) == whole
        assert queries.list_together([idea_id], expected=0, lines=[]).is_empty
    assert seen == []


def test_what_was_said_while_it_came_is_asked_for(cast, idea):
    lines = lines_along(idea)
    bulk(cast.jun, idea, 1)
    assert lines == []
    assert not queries.list_together([idea.id], expected=1, lines=lines).is_empty


def test_of_a_long_discussion_and_of_a_family_nothing_comes_along(cast, idea):
    other = make_idea(cast.jun, get_campaign("ideas-2026"))
    for each in (idea, other):
        bulk(cast.jun, each, 2)
    with transaction() as current:
        current.get_one(Idea, idea.id).comments_count = threads.WHOLE + 1
    assert lines_along(idea) == []
    assert len(lines_along(other)) == 2
    join(cast.sora, [idea.id, other.id])
    assert lines_along(other) == []
    both = queries.list_together([idea.id, other.id], expected=4, lines=[])
    assert sum(column.count for column in both.columns) == 4


def test_a_short_discussion_has_no_cursor(cast, idea):
    bulk(cast.jun, idea, 20)
    assert queries.list_together([idea.id]).columns[0].next is None


def test_the_rest_of_long_replies_can_be_read(cast, idea):
    parent = write(cast.jun, idea.id)
    ids = bulk(cast.mina, idea, 30, parent_id=parent)
    page = queries.list_replies(queries.get_comment(parent))
    rest = queries.list_replies(queries.get_comment(parent), after=page.next)
    assert [line.id for line in [*page.items, *rest.items]] == ids


def test_an_idea_nobody_has_talked_about_is_empty(idea):
    thread = queries.list_together([idea.id])
    assert thread.is_empty
    assert thread.count == 0
