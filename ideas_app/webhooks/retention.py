"""Why endpoints stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.NO_PERSON, "webhook_endpoint")
keep(Reason.SHORT, "webhook_delivery")
