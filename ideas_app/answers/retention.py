"""Why answers and their promises stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.RECORD, "answer", "promise", "promise_step", "promise_picture")
keep(Reason.WITH_PARENT, "answer_work")
keep(Reason.NO_PERSON, "answer_template")
