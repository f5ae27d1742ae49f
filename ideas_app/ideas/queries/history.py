"""What an idea's own rows tell of its past. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.core.history import told
from ideas_app.ideas.models import Revision

if TYPE_CHECKING:
    from sqlalchemy import Select

    from ideas_app.core.history import Key


def tell_versions(idea_id: Key) -> Select[Any]:
    """Each version after the first: `version`, its number."""
    return select(*told("version", Revision.made_at, number=Revision.version)).where(
        Revision.idea_id == idea_id, Revision.version > 1
    )
