"""Reads of sessions and who is behind one. Must not change anything but when somebody was last seen."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, select, update

from ideas_app.accounts.models import (
    Account,
    KeptForm,
    LoginSession,
    SecondFactor,
)
from ideas_app.accounts.queries.consents import has_outdated_consent
from ideas_app.accounts.rules import (
    ABSOLUTE_LIFE,
    IDLE_LIFE,
    KEPT_FOR,
    is_fresh,
    is_held,
    session_left,
)
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.core.columns import Instant
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import STAFF
from ideas_app.core.prepared import Prepared, given
from ideas_app.core.together import write_along
from ideas_app.core.tokens import token_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


TOUCH = {False: timedelta(minutes=15), True: timedelta(minutes=1)}
"""A session's last-seen time is written at most this often: theirs of staff ends after half an hour, others' after
two weeks. The key is as in `IDLE_LIFE`.
"""


USED = timedelta(days=1)
"""An account's last-seen time is written at most this often."""

_ACCOUNT: Any = Account.__table__
_LOGIN: Any = LoginSession.__table__
_FACTOR: Any = SecondFactor.__table__

ACTOR_COLUMNS = tuple(
    _ACCOUNT.c[name]
    for name in (
        *("id", "role", "nickname", "verified_at", "born_on", "tie", "locale", "created_at"),
        *("shortcuts_off", "password_hash", "disabled_at", "deleted_at"),
    )
)
"""What of an account `actor_of` reads, and whether it is closed: a row of them does where no entity is needed."""

_BEHIND_TOKEN = Prepared(
    select(
        *ACTOR_COLUMNS,
        _LOGIN.c.id.label("session_id"),
        _LOGIN.c.created_at.label("begun_at"),
        _LOGIN.c.seen_at.label("used_at"),
        _LOGIN.c.confirmed_at,
        _LOGIN.c.factor_at,
        _ACCOUNT.c.seen_at.label("account_seen_at"),
        _FACTOR.c.account_id.label("factor_of"),
        has_outdated_consent(_ACCOUNT.c.id).label("is_asked_anew"),
    )
    .join(_ACCOUNT, _ACCOUNT.c.id == _LOGIN.c.account_id)
    .outerjoin(_FACTOR, _FACTOR.c.account_id == _ACCOUNT.c.id)
    .where(_LOGIN.c.token_hash == given("token_hash", String()))
)


def _seen(table: Any) -> Prepared:
    """Notes when a row was last used. What somebody else changes just now goes without: it waits for nobody."""
    row = select(table.c.id).where(table.c.id == given("id", Integer()))
    free = row.with_for_update(skip_locked=True).scalar_subquery()
    return Prepared(update(table).where(table.c.id == free).values(seen_at=given("now", Instant())))


_SESSION_SEEN, _ACCOUNT_SEEN = _seen(_LOGIN), _seen(_ACCOUNT)


def actor_of(
    account: Any,
    *,
    session_id: int | None = None,
    is_confirmed: bool = False,
    is_held: bool = False,
    is_asked_anew: bool = False,
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
        is_asked_anew=is_asked_anew,
    )


def find_session_actor(
    token: str, *, second_factor: str = "optional", touch: bool = True
) -> Actor | None:
    """The person behind a browser's token, or None when the session ended, idled out, or the account is closed.

    `second_factor`: the setting by which staff are held until they have given a code. `touch`: whether
    somebody is there; a script that asks by itself must not keep the session of an empty chair alive.
    """
    row = next(iter(_BEHIND_TOKEN.all(token_hash=token_hash(token))), None)
    if row is None or row.disabled_at or row.deleted_at:
        return None
    now = clock.now()
    staff = row.role in STAFF
    if now - row.used_at > IDLE_LIFE[staff] or now - row.begun_at > ABSOLUTE_LIFE[staff]:
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
        is_asked_anew=bool(row.is_asked_anew),
    )
    if touch and now - row.used_at > TOUCH[staff]:
        # what is left of their session is told to staff on each page: theirs is noted before
        with transaction() if staff else nullcontext():
            _note_seen(row, now)
    return actor


def _note_seen(row: Any, now: datetime) -> None:
    write_along(_SESSION_SEEN, id=row.session_id, now=now)
    # once a day is enough to know whether an account is in use
    if row.account_seen_at is None or now - row.account_seen_at > USED:
        write_along(_ACCOUNT_SEEN, id=row.id, now=now)


def list_sessions(account_id: int | None) -> Sequence[LoginSession]:
    """The open sessions of an account, last used first."""
    query = select(LoginSession).where(LoginSession.account_id == account_id)
    return session().scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.id)).all()


def left_of(actor: Actor) -> tuple[timedelta, bool]:
    """How long the actor's session lives, and whether doing something makes it longer; nothing for a visitor."""
    row = session().get(LoginSession, actor.session_id) if actor.session_id else None
    if row is None:
        return timedelta(), False
    return session_left(row.created_at, row.seen_at, clock.now(), staff=actor.is_staff)


def find_kept(account_id: int | None) -> KeptForm | None:
    """What waits for its owner since a door was shut before it was sent; None once a day is over."""
    row = session().get(KeptForm, account_id) if account_id else None
    return row if row is not None and clock.now() - row.kept_at <= KEPT_FOR else None
