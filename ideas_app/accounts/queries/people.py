"""Lists of people for those who look after accounts. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_, select

from ideas_app.accounts.models import (
    Account,
    LoginSession,
)
from ideas_app.accounts.rules import (
    email_key,
)
from ideas_app.core import text
from ideas_app.core.db import session
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.permissions import STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list of people shows: `role` a role or "staff" or "", `state` open, unverified or closed."""

    role: str = ""
    state: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the list of people."""

    id: int
    nickname: str
    email: str | None
    role: Role
    department: str | None
    created_at: datetime
    verified_at: datetime | None
    disabled_at: datetime | None
    deleted_at: datetime | None
    seen_at: datetime | None


def list_people(
    wanted: PeopleFilter, *, after: str | None = None, limit: int = 50
) -> Page[AccountRow]:
    """Accounts, newest first, for administrators."""
    seen = (
        select(func.max(LoginSession.seen_at))
        .where(LoginSession.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    columns = [getattr(Account, name) for name in AccountRow.__slots__ if name != "seen_at"]
    query = select(*columns, seen).where(*_people_conditions(wanted)).order_by(Account.id.desc())
    key = decode_cursor(after, int)
    if key:
        query = query.where(Account.id < key[0])
    rows = [AccountRow(*tuple(row)) for row in session().execute(query.limit(limit + 1))]
    more = encode_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(rows[:limit], more)


def _people_conditions(wanted: PeopleFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.role == "staff":
        conditions.append(Account.role.in_(STAFF))
    elif wanted.role in set(Role):
        conditions.append(Account.role == Role(wanted.role))
    states = {
        "open": Account.disabled_at.is_(None) & Account.deleted_at.is_(None),
        "unverified": Account.verified_at.is_(None) & Account.deleted_at.is_(None),
        "closed": Account.disabled_at.is_not(None) & Account.deleted_at.is_(None),
    }
    conditions.append(states.get(wanted.state, Account.deleted_at.is_(None)))
    if wanted.words:
        name, address = text.key(wanted.words), email_key(wanted.words)
        conditions.append(
            or_(
                func.lower(Account.nickname).contains(name, autoescape=True),
                Account.nickname_key.contains(name, autoescape=True),
                Account.email_key.contains(address, autoescape=True),
            )
        )
    return conditions


def list_affected(begins: datetime, ends: datetime) -> tuple[Sequence[Account], int]:
    """The accounts that were there at some time between two instants and can be written to, by id; and how many
    left since, whose addresses are gone.
    """
    joined = Account.created_at <= ends
    reached = select(Account).where(joined, Account.deleted_at.is_(None))
    left = select(func.count(Account.id)).where(joined, Account.deleted_at >= begins)
    found = session().scalars(reached.order_by(Account.id)).all()
    return found, session().scalar(left) or 0


def count_staff() -> dict[Role, int]:
    """How many open accounts hold each staff role."""
    rows = session().execute(
        select(Account.role, func.count(Account.id))
        .where(Account.role.in_(STAFF), Account.disabled_at.is_(None), Account.deleted_at.is_(None))
        .group_by(Account.role)
    )
    return {row[0]: row[1] for row in rows}


def nicknames_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """Nicknames by account id."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    rows = session().execute(select(Account.id, Account.nickname).where(Account.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}
