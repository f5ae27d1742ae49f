"""Reads of accounts and sessions. Must not change anything but a session's last-seen minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from ideas_app.accounts.models import Account, Consent, Identity, LoginSession, SecondFactor
from ideas_app.accounts.rules import (
    ABSOLUTE_LIFE,
    CONSENTS,
    IDLE_LIFE,
    RESET_LIFE,
    VERIFY_LIFE,
    email_key,
    is_fresh,
    is_held,
)
from ideas_app.adapters import passwords
from ideas_app.adapters.addresses import find_address
from ideas_app.core import clock, text, tokens
from ideas_app.core.actor import Actor
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.permissions import STAFF, Role
from ideas_app.core.tokens import token_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


TOUCH = timedelta(minutes=1)
"""A session's last-seen time is written at most this often."""


def actor_of(
    account: Account,
    *,
    session_id: int | None = None,
    is_confirmed: bool = False,
    is_held: bool = False,
) -> Actor:
    """The frozen picture of an account that services and policies take."""
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
    row = (
        session()
        .execute(
            select(LoginSession, Account, SecondFactor.account_id)
            .join(Account, Account.id == LoginSession.account_id)
            .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
            .where(LoginSession.token_hash == token_hash(token))
        )
        .one_or_none()
    )
    if row is None:
        return None
    login, account, factor_of = row
    now = clock.now()
    staff = account.role != "youth"
    if account.disabled_at or account.deleted_at:
        return None
    if now - login.seen_at > IDLE_LIFE[staff] or now - login.created_at > ABSOLUTE_LIFE[staff]:
        return None
    actor = actor_of(
        account,
        session_id=login.id,
        is_confirmed=is_fresh(login.confirmed_at, now),
        is_held=is_held(
            account.role,
            setting=second_factor,
            has_factor=factor_of is not None,
            was_given=login.factor_at is not None,
        ),
    )
    if now - login.seen_at > TOUCH:
        with transaction() as current:
            current.get_one(LoginSession, actor.session_id).seen_at = now
    return actor


def get_account(account_id: int | None) -> Account:
    """The account, deleted ones included. Raises `NotFound`."""
    account = session().get(Account, account_id) if account_id is not None else None
    if account is None:
        raise NotFound("account_missing", _l("There is no such account."))
    return account


def get_by_email(address: str) -> Account:
    """The account with an address, for operators. Raises `NotFound`; never tell the public."""
    account = find_by_email(address)
    if account is None:
        raise NotFound("account_missing", _l("There is no account with this e-mail address."))
    return account


def find_by_email(address: str) -> Account | None:
    """The account with an address, under any of its spellings."""
    return session().scalar(select(Account).where(Account.email_key == _key_of(address)))


def _key_of(address: str) -> str:
    return email_key(find_address(address, public=False) or address)


def find_by_name(words: str) -> Account | None:
    """The open account with this e-mail address or nickname, under any of its spellings: for staff at a
    counter. Never tell the public.
    """
    named = Account.email_key == _key_of(words) if "@" in words else _nicknamed(words)
    is_open = Account.disabled_at.is_(None) & Account.deleted_at.is_(None)
    return session().scalar(select(Account).where(named, is_open))


def _nicknamed(nickname: str) -> ColumnElement[bool]:
    return Account.nickname_key == text.key(nickname)


def is_nickname_taken(nickname: str, *, but: int | None = None) -> bool:
    """Whether another account holds the nickname. Unverified ones hold none: see `service.verify`."""
    found = session().scalar(select(Account.id).where(_nicknamed(nickname)))
    return found is not None and found != but


def check_password(address: str, password: str) -> int | None:
    """The id of the account that this address and password open, or None.

    Takes the same time whether the address is known or not. A closed account is still found here.
    """
    row = (
        session()
        .execute(
            select(Account.id, Account.password_hash).where(Account.email_key == _key_of(address))
        )
        .one_or_none()
    )
    right = passwords.is_right(row.password_hash if row else None, password)
    return row.id if row and right else None


def is_password_of(account_id: int | None, password: str) -> bool:
    """Whether this is the account's password: asked again before grave acts."""
    query = select(Account.password_hash).where(Account.id == account_id)
    return passwords.is_right(session().scalar(query), password)


def find_by_identity(issuer: str, subject: str) -> Account | None:
    """The account that a provider's word for a person opens."""
    query = select(Account).join(Identity, Identity.account_id == Account.id)
    return session().scalar(query.where(Identity.issuer == issuer, Identity.subject == subject))


def list_identities(account_id: int | None) -> Sequence[Identity]:
    """The log-ins by others of an account, the oldest first."""
    query = select(Identity).where(Identity.account_id == account_id).order_by(Identity.id)
    return session().scalars(query).all()


def find_second_factor(account_id: int | None) -> SecondFactor | None:
    """The second factor of an account."""
    return session().get(SecondFactor, account_id) if account_id is not None else None


def _fragment(account: Account) -> str:
    """A print of address and password: a link dies when either changes."""
    return token_hash(f"{account.email_key}:{account.password_hash}")[:16]


def verify_token(account: Account) -> str:
    """What the mail to a new account carries."""
    return tokens.sign("verify", [account.id, _fragment(account)])


def reset_token(account: Account) -> str:
    """What the mail for a new password carries; dead once the password is another."""
    return tokens.sign("reset", [account.id, _fragment(account)])


def find_by_verify_token(token: str) -> Account | None:
    """The account that a link from a verification mail names, or None when it is no longer good."""
    return _find_by_token("verify", token, VERIFY_LIFE)


def find_by_reset_token(token: str) -> Account | None:
    """The account that a link from a reset mail names, or None when it is no longer good."""
    return _find_by_token("reset", token, RESET_LIFE)


def _find_by_token(purpose: str, token: str, life: timedelta) -> Account | None:
    payload = tokens.unsign(purpose, token, max_age=int(life.total_seconds()))
    if payload is None:
        return None
    account_id, fragment = payload
    account = session().get(Account, account_id, with_for_update=True, populate_existing=True)
    is_open = account and not account.deleted_at and not account.disabled_at
    return account if account and is_open and fragment == _fragment(account) else None


def list_sessions(account_id: int | None) -> Sequence[LoginSession]:
    """The open sessions of an account, last used first."""
    query = select(LoginSession).where(LoginSession.account_id == account_id)
    return session().scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.id)).all()


def list_consents(account_id: int | None) -> dict[str, Consent]:
    """By kind, the latest consent that an account gave and has not withdrawn."""
    rows = session().scalars(
        select(Consent)
        .where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.version)
    )
    return {row.kind: row for row in rows}


def list_agreed(kind: str, account_ids: Iterable[int]) -> set[int]:
    """Those of the accounts that have agreed to the present version of a consent."""
    version = next(each.version for each in CONSENTS if each.kind == kind)
    query = select(Consent.account_id).where(
        Consent.kind == kind,
        Consent.version >= version,
        Consent.withdrawn_at.is_(None),
        Consent.account_id.in_(list(account_ids)),
    )
    return set(session().scalars(query))


def list_missing_consents(account_id: int | None) -> list[str]:
    """Kinds of required consents whose present version the account has not given."""
    given = list_consents(account_id)
    return [
        wanted.kind
        for wanted in CONSENTS
        if wanted.is_required
        and (wanted.kind not in given or given[wanted.kind].version < wanted.version)
    ]


def own_data(account_id: int | None) -> dict[str, Any]:
    """What this room keeps of a person, as plain JSON values, for the person."""
    account = get_account(account_id)
    consents = session().scalars(
        select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)
    )
    return {
        "account": {
            "email": account.email,
            "nickname": account.nickname,
            "role": account.role.value,
            "born_on": _plain(account.born_on),
            "tie": account.tie.value if account.tie else None,
            "neighbourhood": account.neighbourhood,
            "department": account.department,
            "language": account.locale,
            "created_at": _plain(account.created_at),
            "verified_at": _plain(account.verified_at),
        },
        "consents": [
            {
                "kind": consent.kind,
                "version": consent.version,
                "given_at": _plain(consent.given_at),
                "withdrawn_at": _plain(consent.withdrawn_at),
            }
            for consent in consents
        ],
        "log_ins_by_others": [
            {"issuer": each.issuer, "subject": each.subject, "linked_at": _plain(each.linked_at)}
            for each in list_identities(account_id)
        ],
        "sessions": [
            {
                "browser": login.browser,
                "created_at": _plain(login.created_at),
                "seen_at": _plain(login.seen_at),
            }
            for login in list_sessions(account_id)
        ],
    }


def _plain(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


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
