"""Following an idea, the count of its distinct readers, and what a reader said without supporting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.ideas import policy
from ideas_app.ideas.models import Follow, Idea, Reading, ReadingAnswer
from ideas_app.ideas.service.orders import place_in_orders

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def follow(actor: Actor, idea: Idea) -> None:
    """Lets a person hear of each step; following twice is following once. Raises `Refused`."""
    policy.may_follow(actor, idea).require()
    insert_ignore(Follow, {"idea_id": idea.id, "account_id": actor.id, "since_at": clock.now()})


def unfollow(actor: Actor, idea: Idea) -> None:
    """Ends a follow, if there is one."""
    row = session().get(Follow, (idea.id, actor.id)) if actor.id is not None else None
    if row is not None:
        session().delete(row)
        session().flush()


def note_reading(actor: Actor, idea: Idea) -> bool:
    """Counts a signed-in reader once; the author's own look does not count. Whether it is a new reader."""
    if actor.id is None or policy.is_author(actor, idea):
        return False
    values = {"idea_id": idea.id, "account_id": actor.id, "read_at": clock.now()}
    is_new = bool(insert_ignore(Reading, values))
    if is_new:
        _move(idea.id, readers_count=1)
    return is_new


def set_reading_answer(actor: Actor, idea_id: int, answer: ReadingAnswer | None) -> None:
    """Keeps what a reader said of an idea in place of what they said before; None takes it away.

    Only where the reading was noted. The count of "not sure" moves with the row, and the orders with it.
    """
    if actor.id is None:
        return
    mine = (Reading.idea_id == idea_id, Reading.account_id == actor.id)
    found = session().execute(select(Reading.answer).where(*mine).with_for_update()).one_or_none()
    if found is None or found.answer == answer:
        return
    session().execute(
        update(Reading)
        .where(*mine)
        .values(answer=answer)
        .execution_options(synchronize_session="fetch")
    )
    step = (answer is ReadingAnswer.UNSURE) - (found.answer is ReadingAnswer.UNSURE)
    if step:
        _move(idea_id, unsure_count=step)
        place_in_orders([idea_id])


def _move(idea_id: int, **steps: int) -> None:
    values = {name: getattr(Idea, name) + step for name, step in steps.items()}
    session().execute(
        update(Idea)
        .where(Idea.id == idea_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
