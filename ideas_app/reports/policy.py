"""Who may have a year counted. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def may_count(actor: Actor) -> Verdict:
    """Staff who hand the report on; the service itself."""
    if actor.is_system or actor.has(Permission.EXPORT_OPEN):
        return ALLOWED
    return refuse(
        "not_permitted", _l("Only staff have the year counted."), sign_in=not actor.is_signed_in
    )
