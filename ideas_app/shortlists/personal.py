"""What shortlists keep of people: which staff counted, changed and signed. Ballots in them have no owner."""

from __future__ import annotations

from ideas_app.core.personal import Room, Trace, declare

declare(
    Room(
        "shortlists",
        traces=(
            Trace(
                (
                    "round.computed_by",
                    "round.published_by",
                    "round_auditor.account_id",
                    "round_auditor.named_by",
                    "round_signature.account_id",
                    "round_change.made_by",
                ),
                "which staff did the work",
            ),
        ),
    )
)
