"""Tokens: ways in for programs. A token is made by its owner (or the operator), shown once, and revoked at once.

Must not know what a program does with it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_

from ideas_app.accounts import queries, rules
from ideas_app.accounts.models import ApiToken
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import STAFF, Scope
from ideas_app.core.tokens import new_token, token_hash

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ideas_app.accounts.models import Account
    from ideas_app.core.actor import Actor

_HINT = 4


def create_token(
    actor: Actor,
    account: Account,
    *,
    name: str,
    scopes: Iterable[Scope],
    days: int = rules.TOKEN_DAYS,
) -> tuple[ApiToken, str]:
    """A new token of an account, and its text, which is kept nowhere.

    The actor is the owner, or the system for the operator. Raises `Invalid` (name, scopes, days) and
    `Conflict` (too many, or the account is closed).
    """
    name, wanted = text.one_line(name), frozenset(scopes)
    faults = rules.token_faults(name, wanted, days, is_staff=account.role in STAFF)
    if faults:
        raise Invalid(*faults)
    if account.disabled_at or account.deleted_at:
        raise Conflict("account_closed", _l("This account is closed."))
    if len(queries.list_tokens(account.id)) >= rules.TOKENS_MOST:
        message = _l("There are %(most)s tokens already. Revoke one first.", most=rules.TOKENS_MOST)
        raise Conflict("too_many_tokens", message)
    secret = rules.TOKEN_MARK + new_token()
    now = clock.now()
    made = ApiToken(
        account_id=account.id,
        name=name,
        token_hash=token_hash(secret),
        hint=secret[-_HINT:],
        scopes=[scope.value for scope in Scope if scope in wanted],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session().add(made)
    session().flush()
    record(actor, Tag.TOKEN_CREATED, "token", made.id, diff={"scopes": made.scopes, "days": days})
    return made, secret


def read_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """Scopes from their names. Raises `Invalid` for a name that none has."""
    named = [word.strip() for word in words if word.strip()]
    if any(word not in set(Scope) for word in named):
        known = ", ".join(Scope)
        message = _l("There is no such scope. There are: %(known)s.", known=known)
        raise Invalid(Fault("scopes", "scope_unknown", message))
    return frozenset(Scope(word) for word in named)


def revoke_token(actor: Actor, token: ApiToken) -> None:
    """Ends a token: the next request that brings it is refused."""
    token.revoked_at = clock.now()
    record(actor, Tag.TOKEN_REVOKED, "token", token.id)


def forget_tokens(dead_before: datetime) -> None:
    """Deletes tokens that have opened nothing since an instant."""
    is_dead = or_(ApiToken.revoked_at < dead_before, ApiToken.expires_at < dead_before)
    session().execute(delete(ApiToken).where(is_dead))
