"""Who may take which file. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def may_export(actor: Actor, *, working: bool) -> Verdict:
    """Open files are for staff to hand on, working files for those whose role names them."""
    needed = Permission.EXPORT_WORKING if working else Permission.EXPORT_OPEN
    if actor.has(needed):
        return ALLOWED
    return refuse(
        "not_permitted", _l("Only staff make export files."), sign_in=not actor.is_signed_in
    )
