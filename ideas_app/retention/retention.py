"""Why register and checks stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.PROOF, "access_check", "destruction_record")
keep(Reason.SHORT, "retention_warning")
