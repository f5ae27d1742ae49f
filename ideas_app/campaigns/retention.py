"""Why campaigns stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.RECORD, "campaign", "field", "phase")
keep(Reason.NO_PERSON, "stamp")
