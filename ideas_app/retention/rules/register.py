"""What the hash of a line of the register covers. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.retention.models import Destruction


def content_of(line: Destruction) -> dict[str, Any]:
    """The part of a line that its hash covers beside the instant, as the log does it."""
    return {
        "run": line.run,
        "period": line.period,
        "table": line.table,
        "what": line.what,
        "count": line.count,
        "from": _iso(line.first_on),
        "until": _iso(line.last_on),
        "days": line.days,
        "ground": line.ground,
        "way": line.way,
        "actor": line.actor_id,
        "by": line.by,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
