"""Why bundles stay: they are what the public record was handed out as."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.RECORD, "open_bundle")
