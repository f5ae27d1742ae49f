"""What becomes of somebody's ideas when they leave: nameless or empty, never a gap.

An idea that goes keeps its row, its number and its place in every count; only what was written is emptied. The
name goes with the account's row. Must not know votes, comments or families beyond the marks on the idea.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from ideas_app.core.db import session
from ideas_app.core.personal import Texts
from ideas_app.ideas.models import Draft, Follow, Idea, Reading, ReadingAnswer, Revision, State
from ideas_app.ideas.rules import GONE_TITLE, may_follow, must_go, must_stay
from ideas_app.ideas.service.life import change_state
from ideas_app.ideas.service.orders import place_in_orders

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ideas_app.core.personal import Leaving


def list_own(account_id: int) -> Sequence[Idea]:
    """The ideas that a person wrote, oldest first; sheets of paper that they entered are others' ideas."""
    query = select(Idea).where(Idea.author_id == account_id, Idea.pen_name.is_(None))
    return session().scalars(query.order_by(Idea.id)).all()


def does_go(idea: Idea, texts: Texts) -> bool:
    """Whether an idea is emptied when its author leaves with this choice."""
    return must_go(idea) or (texts is Texts.GO and not must_stay(idea))


def forget_author(leaving: Leaving) -> None:
    """Empties the ideas that go and notes which; drafts and follows are deleted."""
    for idea in list_own(leaving.account_id):
        session().refresh(idea, with_for_update=True)
        if does_go(idea, leaving.texts):
            _empty(idea)
            leaving.gone["idea"].add(idea.id)
    for table in (Draft, Follow):
        session().execute(delete(table).where(table.account_id == leaving.account_id))


def _empty(idea: Idea) -> None:
    if idea.state not in {State.REJECTED, State.HIDDEN} and may_follow(idea.state, State.WITHDRAWN):
        change_state(idea, State.WITHDRAWN)
    if idea.state is State.HIDDEN:
        idea.state_before_hidden = State.WITHDRAWN.value
    idea.title = GONE_TITLE
    idea.why = idea.how = idea.why_html = idea.how_html = idea.state_reason = ""
    idea.neighbourhood = idea.programme_id = None
    session().flush()
    session().execute(delete(Revision).where(Revision.idea_id == idea.id))


def forget_readings(account_id: int, idea_ids: Collection[int]) -> None:
    """Takes a reader out of the counts of some ideas, whose rows are held; elsewhere the count stays, and of what
    was said only what counts: "not sure".
    """
    mine = (Reading.account_id == account_id, Reading.idea_id.in_(sorted(idea_ids)))
    rows = session().execute(select(Reading.idea_id, Reading.answer).where(*mine)).all()
    session().execute(delete(Reading).where(*mine))
    for idea_id, answer in rows:
        session().execute(
            update(Idea)
            .where(Idea.id == idea_id)
            .values(
                readers_count=Idea.readers_count - 1,
                unsure_count=Idea.unsure_count - int(answer is ReadingAnswer.UNSURE),
            )
            .execution_options(synchronize_session="fetch")
        )
    session().execute(
        update(Reading)
        .where(Reading.account_id == account_id, Reading.answer == ReadingAnswer.PASSED)
        .values(answer=None)
        .execution_options(synchronize_session=False)
    )
    place_in_orders(idea_id for idea_id, _answer in rows)


def count_readings(account_id: int) -> int:
    """How many ideas a person has read."""
    query = select(func.count()).select_from(Reading).where(Reading.account_id == account_id)
    return session().scalar(query) or 0
