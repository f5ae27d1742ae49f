"""Following an idea, and the count of its distinct readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.ideas import policy
from ideas_app.ideas.models import Follow, Idea, Reading

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


def note_reading(actor: Actor, idea: Idea) -> None:
    """Counts a signed-in reader once; the author's own look does not count."""
    if actor.id is None or policy.is_author(actor, idea):
        return
    values = {"idea_id": idea.id, "account_id": actor.id, "read_at": clock.now()}
    if insert_ignore(Reading, values):
        one_more = {"readers_count": Idea.readers_count + 1}
        session().execute(update(Idea).where(Idea.id == idea.id).values(one_more))
