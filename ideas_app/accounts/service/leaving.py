"""How somebody leaves: by themselves, or at their request by the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from ideas_app.accounts import policy, queries, rules
from ideas_app.accounts.models import (
    Account,
    ApiToken,
    Consent,
    Identity,
    KeptForm,
    LoginSession,
    RecoveryCode,
    SecondFactor,
)
from ideas_app.accounts.service.managing import other_admins
from ideas_app.accounts.service.signing_in import confirm_password
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, personal
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Role
from ideas_app.core.personal import Leaving, Texts

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

_EMPTIED = (
    *("email", "email_key", "password_hash", "nickname_key", "born_on", "tie", "neighbourhood"),
    *("department", "locale", "trusted_at", "verified_at", "seen_at"),
)


UNUSED = "retention: account_unused"
"""The reason in the log, by the name of the period."""


def delete_account(actor: Actor, password: str, texts: Texts = Texts.STAY) -> None:
    """Leaves for good: every room forgets the person and the row is emptied, in one transaction or not at all.

    `texts` says what becomes of published ideas and comments. Counts stay exact. Raises `Invalid` for a wrong
    password, `Refused` for the last administrator.
    """
    account = queries.get_account(actor.id)
    confirm_password(actor, password)
    others = other_admins(account)
    policy.may_delete_own(actor, account, other_admins=others, now=clock.now()).require()
    _leave(actor, account, texts, "")


def delete_account_of(
    actor: Actor, account: Account, *, reason: str, texts: Texts = Texts.STAY
) -> None:
    """Deletes the account of somebody who asked for it and cannot sign in. As `delete_account`.

    Raises `Refused` (not an administrator, the last one, gone already), `Invalid` (no reason).
    """
    others = other_admins(account)
    policy.may_disable(actor, account, other_admins=others, now=clock.now()).require()
    if not reason.strip():
        message = _l("Give a reason: it is kept in the log of rights.")
        raise Invalid(Fault("reason", "reason_missing", message))
    _leave(actor, account, texts, reason)


def erase_unused(account_id: int) -> bool:
    """Erases the account of somebody who did not come although asked to, as if they had left; texts stay.

    False where somebody signed in meanwhile, left already, or may not go by itself.
    """
    account = session().get(Account, account_id)
    if (
        account is None
        or account.deleted_at
        or account.disabled_at
        or account.role is not Role.YOUTH
    ):
        return False
    seen_at = account.seen_at or account.created_at
    if seen_at > clock.now() - rules.UNUSED_AT_LEAST:
        return False
    _leave(SYSTEM, account, Texts.STAY, UNUSED)
    return True


def forget_again() -> int:
    """Has every room forget once more whoever has left: after an upgrade, when rooms learnt to forget more than
    they did at the time. How many people. Twice is once.
    """
    gone = session().scalars(select(Account.id).where(Account.deleted_at.is_not(None))).all()
    for account_id in gone:
        personal.forget(Leaving(account_id, rules.DELETED_NICKNAME, Texts.STAY))
    return len(gone)


def _leave(actor: Actor, account: Account, texts: Texts, reason: str) -> None:
    told = {"texts": texts.value}
    record(actor, Tag.ACCOUNT_DELETED, "account", account.id, reason=reason, diff=told)
    personal.forget(Leaving(account.id, account.nickname, texts))
    session().flush()
    for name in _EMPTIED:
        setattr(account, name, None)
    account.nickname = rules.DELETED_NICKNAME
    account.role = Role.YOUTH
    account.shortcuts_off = False
    account.deleted_at = clock.now()
    ways_in = (LoginSession, ApiToken, Identity, SecondFactor, RecoveryCode)
    for table in (*ways_in, KeptForm, Consent):
        session().execute(delete(table).where(table.account_id == account.id))
