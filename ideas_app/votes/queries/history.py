"""What the ballot tells of an idea's past: that it stood there, never a count. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from ideas_app.core.history import told
from ideas_app.votes.models import BallotEntry

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import BindParameter, Select

    from ideas_app.core.history import Key


def tell_ballot(idea_id: Key, family_id: Key, opened_at: BindParameter[datetime]) -> Select[Any]:
    """That an idea, or its family (None: it has none), stands on the ballot (`ballot`), dated with the opening
    of the vote.
    """
    subject = or_(BallotEntry.idea_id == idea_id, BallotEntry.family_id == family_id)
    return select(*told("ballot", opened_at)).select_from(BallotEntry).where(subject)
