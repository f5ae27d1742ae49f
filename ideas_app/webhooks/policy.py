"""Who manages webhooks. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def may_manage(actor: Actor) -> Verdict:
    """Administrators only: what is sent leaves the house."""
    if actor.has(Permission.SYSTEM_OPERATE):
        return ALLOWED
    return refuse("not_permitted", _l("Only administrators manage webhooks."))
