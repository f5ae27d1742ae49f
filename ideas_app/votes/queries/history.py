"""What the ballot tells of an idea's past: that it stood there, never a count. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, or_, select

from ideas_app.core.columns import Instant
from ideas_app.core.history import told
from ideas_app.votes.models import BallotEntry

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select


def tell_ballot(idea_id: int, family_id: int | None, opened_at: datetime) -> Select[Any]:
    """That an idea, or its family, stands on the ballot (`ballot`), dated with the opening of the vote."""
    subject = BallotEntry.idea_id == idea_id
    if family_id is not None:
        subject = or_(subject, BallotEntry.family_id == family_id)
    at = literal(opened_at, Instant())
    return select(*told("ballot", at)).select_from(BallotEntry).where(subject)
