"""What administrators do to the accounts of others. Every act is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from ideas_app.accounts import policy
from ideas_app.accounts.models import Account, LoginSession
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Role

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

_DEPARTMENT_MOST = 80


def other_admins(account: Account) -> int:
    """How many open administrators there are beside this account; they stay locked until the commit."""
    admins = session().scalars(
        select(Account.id)
        .where(Account.role == Role.ADMIN, Account.disabled_at.is_(None))
        .where(Account.deleted_at.is_(None))
        .order_by(Account.id)
        .with_for_update()
    )
    return len(set(admins) - {account.id})


def change_role(
    actor: Actor, account: Account, role: Role, *, reason: str, department: str | None = None
) -> None:
    """Gives the account another role; it counts from the person's next request.

    `department` (of officials) is kept as it is when None. Raises `Refused` (the last administrator)
    and `Invalid` (no reason).
    """
    others = other_admins(account)
    policy.may_change_role(actor, account, role, other_admins=others, now=clock.now()).require()
    if not reason.strip():
        message = _l("Give a reason: it is kept in the log of rights.")
        raise Invalid(Fault("reason", "reason_missing", message))
    diff: dict[str, list[str | None]] = {}
    if account.role is not role:
        diff["role"] = [account.role.value, role.value]
        account.role = role
    unit = account.department if department is None else _department(department)
    if unit != account.department:
        diff["department"] = [account.department, unit]
        account.department = unit
    if diff:
        record(actor, Tag.ACCOUNT_ROLE_CHANGED, "account", account.id, reason=reason, diff=diff)


def _department(name: str) -> str | None:
    name = text.one_line(name)
    if len(name) > _DEPARTMENT_MOST:
        message = _l("The name of the department is too long.")
        raise Invalid(Fault("department", "department_length", message))
    return name or None


def disable(actor: Actor, account: Account, *, reason: str) -> None:
    """Closes an account: its sessions end, it cannot sign in. Raises `Refused`, `Conflict`, `Invalid`."""
    others = other_admins(account)
    policy.may_disable(actor, account, other_admins=others, now=clock.now()).require()
    if account.disabled_at:
        raise Conflict("disabled_already", _l("This account is closed already."))
    account.disabled_at = clock.now()
    session().execute(delete(LoginSession).where(LoginSession.account_id == account.id))
    record(actor, Tag.ACCOUNT_DISABLED, "account", account.id, reason=reason)


def enable(actor: Actor, account: Account, *, reason: str = "") -> None:
    """Opens a closed account again. Raises `Refused` and `Conflict`."""
    policy.may_manage(actor, account, now=clock.now()).require()
    if not account.disabled_at:
        raise Conflict("enabled_already", _l("This account is open already."))
    account.disabled_at = None
    record(actor, Tag.ACCOUNT_ENABLED, "account", account.id, reason=reason)
