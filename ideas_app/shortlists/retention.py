"""Why rounds stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.RECORD, "round", "round_entry", "round_change", "round_signature", "round_auditor")
