"""What reports keep of people: who had a year counted. Figures name nobody."""

from __future__ import annotations

from ideas_app.core.personal import Room, Trace, declare

declare(
    Room(
        "reports",
        traces=(
            Trace(
                ("report_run.counted_by",),
                "which staff did the work",
            ),
        ),
    )
)
