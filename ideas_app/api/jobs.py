"""Housekeeping of the API: answers are kept for a day and no longer."""

from __future__ import annotations

from ideas_app.api import idempotency
from ideas_app.core import clock, housekeeping


@housekeeping.hourly
def forget_kept_answers() -> None:
    """Answers under idempotency keys go after a day, as the documentation says."""
    idempotency.forget_answers(clock.now() - idempotency.KEPT)
