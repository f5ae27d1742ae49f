"""What evaluations keep of people: which colleague was asked and what they found: work of the office."""

from __future__ import annotations

from ideas_app.core.personal import Room, Trace, declare

declare(
    Room(
        "evaluations",
        traces=(
            Trace(
                (
                    "evaluation.account_id",
                    "evaluation.asked_by",
                ),
                "which staff did the work",
            ),
        ),
    )
)
