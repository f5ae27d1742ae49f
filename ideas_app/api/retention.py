"""How long the API's answers are kept."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.SHORT, "idempotency_key")
