"""What the room keeps of people: which staff destroyed and checked, by number only."""

from __future__ import annotations

from ideas_app.core.personal import Room, Trace, declare

declare(
    Room(
        "retention",
        traces=(
            Trace(("access_check.checked_by",), "which staff checked the month"),
            Trace(("destruction_record.actor_id",), "which staff had something destroyed"),
        ),
    )
)
