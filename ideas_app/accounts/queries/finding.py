"""Accounts, found by what somebody says or holds. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select

from ideas_app.accounts.models import (
    Account,
    Identity,
    SecondFactor,
)
from ideas_app.accounts.rules import (
    RESET_LIFE,
    VERIFY_LIFE,
    email_key,
)
from ideas_app.adapters import passwords
from ideas_app.adapters.addresses import find_address
from ideas_app.audit import queries as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import text, tokens
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.tokens import token_hash

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta


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


def was_birth_date_corrected(account_id: int) -> bool:
    """Whether somebody has set their own date of birth right already, by the log."""
    entries = audit.list_of_subject("account", account_id)
    return any(
        entry.tag == Tag.ACCOUNT_CORRECTED.value
        and entry.actor_id == account_id
        and entry.diff.get("field") == "born_on"
        for entry in entries
    )
