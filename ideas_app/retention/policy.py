"""Who sets periods, destroys what is due and signs the check of the access log. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.core.actor import Actor


def may_manage(actor: Actor) -> Verdict:
    """Administrators, and the house's own work at night."""
    if actor.has(Permission.RETENTION_MANAGE):
        return ALLOWED
    return refuse("not_permitted", _l("Only administrators look after periods."))


def may_check(actor: Actor, month_on: date, *, is_checked: bool, today: date) -> Verdict:
    """Whether the actor may sign the check of a month: once, and when the month is over."""
    if not actor.has(Permission.AUDIT_READ) or actor.is_system:
        return refuse("not_permitted", _l("Only an administrator checks the access log."))
    if month_on >= today.replace(day=1):
        return refuse("month_open", _l("This month is not over yet. Sign it when it is."))
    if is_checked:
        return refuse("checked", _l("This month is checked already. A check is never changed."))
    return ALLOWED
