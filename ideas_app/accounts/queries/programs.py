"""Reads of the tokens by which programs come in. Must not change anything but the hour of a last use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts.models import (
    Account,
    ApiToken,
)
from ideas_app.accounts.queries.sessions import actor_of
from ideas_app.accounts.rules import (
    TOKEN_MARK,
)
from ideas_app.core import clock
from ideas_app.core.actor import Grant
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Scope
from ideas_app.core.tokens import token_hash

if TYPE_CHECKING:
    from collections.abc import Sequence


def find_grant(token: str) -> Grant | None:
    """The program behind a token, or None when it is unknown, past or revoked, or the account is closed."""
    if not token.startswith(TOKEN_MARK):
        return None
    row = (
        session()
        .execute(
            select(ApiToken, Account)
            .join(Account, Account.id == ApiToken.account_id)
            .where(ApiToken.token_hash == token_hash(token))
        )
        .one_or_none()
    )
    if row is None:
        return None
    kept, account = row
    now = clock.now()
    is_closed = account.disabled_at or account.deleted_at
    if is_closed or kept.revoked_at or kept.expires_at <= now:
        return None
    grant = Grant(actor_of(account), kept.id, frozenset(Scope(one) for one in kept.scopes))
    hour = now.replace(minute=0, second=0, microsecond=0)
    if kept.used_at is None or kept.used_at < hour:
        with transaction() as current:
            current.get_one(ApiToken, grant.token_id).used_at = hour
    return grant


def list_tokens(account_id: int | None) -> Sequence[ApiToken]:
    """The tokens of an account that still open something, the newest first."""
    query = select(ApiToken).where(
        ApiToken.account_id == account_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > clock.now(),
    )
    return session().scalars(query.order_by(ApiToken.id.desc())).all()


def get_token(account_id: int | None, token_id: int) -> ApiToken:
    """A living token of an account. Raises `NotFound`, also for somebody else's."""
    found = next((each for each in list_tokens(account_id) if each.id == token_id), None)
    if found is None:
        raise NotFound("no_token", _l("There is no such token, or it is revoked already."))
    return found
