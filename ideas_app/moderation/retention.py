"""Why decisions of the desk stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.RECORD, "flag", "appeal", "objection", "family_member", "set_apart")
keep(Reason.WITH_PARENT, "desk_note", "family_draft")
keep(Reason.SHORT, "desk_act", "desk_lock")
