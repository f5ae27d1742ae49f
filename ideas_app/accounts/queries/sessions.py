"""Reads of sessions and who is behind one. Must not change anything but when somebody was last seen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, select

from ideas_app.accounts.models import (
    Account,
    LoginSession,
    SecondFactor,
)
from ideas_app.accounts.rules import (
    ABSOLUTE_LIFE,
    IDLE_LIFE,
    is_fresh,
    is_held,
)
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import STAFF
from ideas_app.core.prepared import Prepared, given
from ideas_app.core.tokens import token_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


TOUCH = timedelta(minutes=1)
"""A session's last-seen time is written at most this often."""


USED = timedelta(days=1)
"""An account's last-seen time is written at most this often."""


_SESSION = Prepared(
    select(
        LoginSession.id.label("session_id"),
        LoginSession.created_at.label("session_created_at"),
        LoginSession.seen_at.label("session_seen_at"),
        LoginSession.confirmed_at,
        LoginSession.factor_at,
        SecondFactor.account_id.label("factor_of"),
        Account.id,
        Account.role,
        Account.nickname,
        Account.verified_at,
        Account.born_on,
        Account.tie,
        Account.locale,
        Account.created_at,
        Account.shortcuts_off,
        Account.password_hash,
        Account.disabled_at,
        Account.deleted_at,
    )
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
    .where(LoginSession.token_hash == given("token_hash", String()))
)


def actor_of(
    account: Any,
    *,
    session_id: int | None = None,
    is_confirmed: bool = False,
    is_held: bool = False,
) -> Actor:
    """The frozen picture of an account, or of a row with its columns, that services and policies take."""
    return Actor(
        id=account.id,
        role=account.role,
        nickname=account.nickname,
        is_verified=account.verified_at is not None,
        born_on=account.born_on,
        tie=account.tie.value if account.tie else None,
        locale=account.locale,
        session_id=session_id,
        joined_at=None if account.role in STAFF else account.created_at,
        has_shortcuts=not account.shortcuts_off,
        has_password=account.password_hash is not None,
        is_confirmed=is_confirmed,
        is_held=is_held,
    )


def find_session_actor(token: str, *, second_factor: str = "optional") -> Actor | None:
    """The person behind a browser's token, or None when the session ended, idled out, or the account is closed.

    `second_factor`: the setting by which staff are held until they have given a code.
    """
    found = _SESSION.all(token_hash=token_hash(token))
    if not found:
        return None
    (row,) = found
    now = clock.now()
    staff = row.role != "youth"
    if row.disabled_at or row.deleted_at:
        return None
    is_idle = now - row.session_seen_at > IDLE_LIFE[staff]
    if is_idle or now - row.session_created_at > ABSOLUTE_LIFE[staff]:
        return None
    actor = actor_of(
        row,
        session_id=row.session_id,
        is_confirmed=is_fresh(row.confirmed_at, now),
        is_held=is_held(
            row.role,
            setting=second_factor,
            has_factor=row.factor_of is not None,
            was_given=row.factor_at is not None,
        ),
    )
    if now - row.session_seen_at > TOUCH:
        with transaction() as current:
            current.get_one(LoginSession, actor.session_id).seen_at = now
            _note_seen(current.get_one(Account, actor.id), now)
    return actor


def _note_seen(account: Account, now: datetime) -> None:
    """Once a day is enough to know whether an account is in use."""
    if account.seen_at is None or now - account.seen_at > USED:
        account.seen_at = now


def list_sessions(account_id: int | None) -> Sequence[LoginSession]:
    """The open sessions of an account, last used first."""
    query = select(LoginSession).where(LoginSession.account_id == account_id)
    return session().scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.id)).all()
