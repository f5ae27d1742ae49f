"""What ideas throw away by themselves."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from ideas_app.core import clock, housekeeping
from ideas_app.core.db import session
from ideas_app.ideas.models import Draft

DRAFTS_KEPT = timedelta(days=30)
"""How long what somebody typed without signing in waits for its writer."""


@housekeeping.hourly
def forget_stray_drafts() -> None:
    """Drafts that nobody claimed by signing in."""
    stray = (Draft.account_id.is_(None), Draft.updated_at < clock.now() - DRAFTS_KEPT)
    session().execute(delete(Draft).where(*stray))
