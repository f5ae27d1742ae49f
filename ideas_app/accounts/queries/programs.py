"""Reads of the tokens by which programs come in. Must not change anything but the hour of a last use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, select, update

from ideas_app.accounts.models import (
    Account,
    ApiToken,
)
from ideas_app.accounts.queries.sessions import ACTOR_COLUMNS, actor_of
from ideas_app.accounts.rules import (
    TOKEN_MARK,
)
from ideas_app.core import clock
from ideas_app.core.actor import Grant
from ideas_app.core.columns import Instant
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Scope
from ideas_app.core.prepared import Prepared, given
from ideas_app.core.together import write_along
from ideas_app.core.tokens import token_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACCOUNT: Any = Account.__table__
_TOKEN: Any = ApiToken.__table__

_BEHIND_TOKEN = Prepared(
    select(
        *ACTOR_COLUMNS,
        _TOKEN.c.id.label("token_id"),
        _TOKEN.c.scopes,
        _TOKEN.c.expires_at,
        _TOKEN.c.used_at,
        _TOKEN.c.revoked_at,
    )
    .join(_ACCOUNT, _ACCOUNT.c.id == _TOKEN.c.account_id)
    .where(_TOKEN.c.token_hash == given("token_hash", String()))
)
_USED = Prepared(
    update(_TOKEN)
    .where(
        _TOKEN.c.id
        == select(_TOKEN.c.id)
        .where(_TOKEN.c.id == given("id", Integer()))
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    .values(used_at=given("hour", Instant()))
)
"""Whose row somebody else changes just now goes without: it waits for nobody."""


def find_grant(token: str) -> Grant | None:
    """The program behind a token, or None when it is unknown, past or revoked, or the account is closed."""
    if not token.startswith(TOKEN_MARK):
        return None
    row = next(iter(_BEHIND_TOKEN.all(token_hash=token_hash(token))), None)
    if row is None or row.disabled_at or row.deleted_at:
        return None
    now = clock.now()
    if row.revoked_at or row.expires_at <= now:
        return None
    grant = Grant(actor_of(row), row.token_id, frozenset(Scope(one) for one in row.scopes))
    hour = now.replace(minute=0, second=0, microsecond=0)
    if row.used_at is None or row.used_at < hour:
        write_along(_USED, id=grant.token_id, hour=hour)
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
