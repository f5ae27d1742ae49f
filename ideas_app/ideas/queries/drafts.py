"""Reads of what somebody typed and has not sent."""

from __future__ import annotations

from sqlalchemy import select

from ideas_app.core.db import session
from ideas_app.ideas.models import Draft


def find_draft(token_hash: str) -> Draft | None:
    """The draft of a browser's token."""
    return session().scalar(select(Draft).where(Draft.token_hash == token_hash))


def find_draft_of(account_id: int) -> Draft | None:
    """The newest draft of a person."""
    query = select(Draft).where(Draft.account_id == account_id)
    return session().scalar(query.order_by(Draft.updated_at.desc(), Draft.id.desc()).limit(1))
