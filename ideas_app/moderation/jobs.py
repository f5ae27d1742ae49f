"""What the desk does when something happens elsewhere, and what it throws away by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.events import IdeaSubmitted
from ideas_app.moderation import service
from ideas_app.moderation.models import DeskAct, DeskLock

_KEPT = timedelta(days=1)
"""A day of acts: the desk counts what was decided today."""


@outbox.handles(IdeaSubmitted)
def let_trusted_through(event: IdeaSubmitted) -> None:
    """A trusted author's idea does not wait."""
    service.let_through(ideas.get_idea(event.idea_id))


@housekeeping.hourly
def forget_acts_and_locks() -> None:
    """What can no longer be taken back stands in the log only; what nobody has open is nobody's."""
    before = clock.now() - _KEPT
    session().execute(delete(DeskAct).where(DeskAct.until < before))
    session().execute(delete(DeskLock).where(DeskLock.until < before))
