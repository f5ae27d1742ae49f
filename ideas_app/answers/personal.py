"""What answers keep of people: which staff wrote, looked over and published."""

from __future__ import annotations

from ideas_app.core.personal import Room, Trace, declare

declare(
    Room(
        "answers",
        traces=(
            Trace(
                (
                    "answer.written_by",
                    "answer_template.changed_by",
                    "answer_work.assignee_id",
                    "answer_work.saved_by",
                    "answer_work.asked_of",
                    "answer_work.asked_by",
                    "answer_work.reviewed_by",
                    "answer_work.scheduled_by",
                    "promise_step.made_by",
                ),
                "which staff did the work",
            ),
        ),
    )
)
