"""Who may change which words mean the same. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def may_edit_synonyms(actor: Actor) -> Verdict:
    """Moderators: they see what people look for and do not find."""
    if actor.has(Permission.IDEA_MODERATE):
        return ALLOWED
    return refuse("not_permitted", _l("Only moderators change which words mean the same."))
