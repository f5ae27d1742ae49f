"""Closing the open flags of a thing that was hidden. Must not know why it was hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.moderation.models import Flag

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea
    from ideas_app.moderation.rules import FlagOutcome


def settle_open(
    actor: Actor, kind: type[Idea | Comment], thing_id: int, outcome: FlagOutcome
) -> None:
    """Settles every open flag of an idea or a comment alike; the act itself is in the log."""
    column = Flag.comment_id if kind is Comment else Flag.idea_id
    session().flush()
    session().execute(
        update(Flag)
        .where(column == thing_id, Flag.settled_at.is_(None))
        .values(settled_at=clock.now(), settled_by=actor.id, outcome=outcome.value)
        .execution_options(synchronize_session="fetch")
    )
