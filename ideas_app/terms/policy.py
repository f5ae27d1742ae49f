"""Who writes the texts of the house. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def may_write(actor: Actor) -> Verdict:
    """Administrators."""
    if actor.has(Permission.TERMS_WRITE):
        return ALLOWED
    return refuse("not_permitted", _l("Only administrators write the texts of the house."))
