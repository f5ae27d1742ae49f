"""What somebody typed into a form whose door had shut meanwhile: kept for its owner, sent or thrown away by them.

The owner is whoever the ended session belonged to; nobody else ever sees it. Must not know what the form was for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from ideas_app.accounts import queries, rules
from ideas_app.accounts.models import Account, KeptForm, LoginSession
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.tokens import token_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ideas_app.core.actor import Actor


def keep_form(
    token: str,
    path: str,
    fields: Sequence[tuple[str, str]],
    *,
    page: str = "",
    has_files: bool = False,
) -> bool:
    """Keeps the fields of a form for the owner of a session, ended or not; whether they are kept.

    Nothing is kept for a session that was logged out, of an account that is closed, without prose, or with a
    password. The newest takes the place of an older one.
    """
    if not rules.is_worth_keeping(fields):
        return False
    query = (
        select(Account.id)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(LoginSession.token_hash == token_hash(token))
        .where(Account.disabled_at.is_(None), Account.deleted_at.is_(None))
        .with_for_update(of=Account)
    )
    account_id = session().scalar(query)
    if account_id is None:
        return False
    session().execute(delete(KeptForm).where(KeptForm.account_id == account_id))
    session().add(
        KeptForm(
            account_id=account_id,
            path=path,
            page=page,
            fields=[list(pair) for pair in fields],
            has_files=has_files,
            kept_at=clock.now(),
        )
    )
    return True


def send_kept(actor: Actor) -> str | None:
    """Marks the kept form as sent; where it leads. None when nothing waits any more.

    It stays to be read for the rest of its day: the page that it leads to may have moved on.
    """
    row = queries.find_kept(actor.id)
    if row is None or row.has_files:
        return None
    row.sent_at = clock.now()
    return row.path


def forget_kept(actor: Actor) -> None:
    """Throws away what was kept for the actor."""
    session().execute(delete(KeptForm).where(KeptForm.account_id == actor.id))


def forget_kept_before(instant: datetime) -> None:
    """Deletes what nobody asked for within its day."""
    session().execute(delete(KeptForm).where(KeptForm.kept_at < instant))
