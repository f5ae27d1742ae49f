"""Who looks after the work in the background. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def may_operate(actor: Actor) -> Verdict:
    """Administrators, and the operator at the command line."""
    if actor.has(Permission.SYSTEM_OPERATE):
        return ALLOWED
    return refuse("not_permitted", _l("Only administrators look after background work."))
