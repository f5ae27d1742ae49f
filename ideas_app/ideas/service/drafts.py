"""Drafts: what somebody typed and has not sent, for a browser and, once signed in, for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, false, select

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.tokens import new_token, token_hash
from ideas_app.ideas import queries
from ideas_app.ideas.models import Draft

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor


def save_draft(
    actor: Actor, token: str | None, campaign: Campaign | None, content: dict[str, Any]
) -> str:
    """Keeps what was typed. The token to remember in the browser; empty where an account's draft is known.

    `content` is plain JSON of bounded length (the form's duty).
    """
    draft = find_own_draft(actor, token)
    if draft is None:
        token = new_token()
        draft = Draft(token_hash=token_hash(token), content={}, updated_at=clock.now())
        session().add(draft)
    is_of_token = token is not None and draft.token_hash == token_hash(token)
    draft.account_id = actor.id or draft.account_id
    draft.campaign_id = campaign.id if campaign else draft.campaign_id
    draft.content = content
    draft.updated_at = clock.now()
    session().flush()
    return token if is_of_token and token else ""


def find_own_draft(actor: Actor, token: str | None) -> Draft | None:
    """The draft of this browser, if it is nobody else's, or else the person's newest."""
    draft = queries.find_draft(token_hash(token)) if token else None
    if draft is not None and draft.account_id in {None, actor.id}:
        return draft
    return queries.find_draft_of(actor.id) if actor.id is not None else None


def drop_draft(actor: Actor, token: str | None) -> None:
    """Throws a draft away: it was sent, or its writer wants to begin anew."""
    draft = find_own_draft(actor, token)
    if draft is not None:
        session().delete(draft)
        session().flush()


def take_draft(actor: Actor, token: str | None) -> Draft | None:
    """Takes out the draft that `find_own_draft` would find, to be sent in the same transaction: of two who send it at
    once, one has it. One statement; the draft is no longer the session's.
    """
    of_person = Draft.account_id == actor.id if actor.id is not None else false()
    of_browser = Draft.token_hash == (token_hash(token) if token else "")
    own = (
        select(Draft.id)
        .where(of_person | (of_browser & Draft.account_id.is_(None)))
        .order_by(case((of_browser, 0), else_=1), Draft.updated_at.desc(), Draft.id.desc())
        .limit(1)
    )
    taken = (
        delete(Draft)
        .where(Draft.id == own.scalar_subquery())
        .returning(Draft.campaign_id, Draft.content)
        .execution_options(synchronize_session=False)
    )
    row = session().execute(taken).one_or_none()
    return Draft(campaign_id=row.campaign_id, content=row.content) if row else None
