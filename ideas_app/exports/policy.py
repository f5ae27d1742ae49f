"""Who may take which file. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.answers.models import Answer
    from ideas_app.core.actor import Actor


def may_export(actor: Actor, *, working: bool) -> Verdict:
    """Open files are for staff to hand on, working files for those whose role names them."""
    needed = Permission.EXPORT_WORKING if working else Permission.EXPORT_OPEN
    if actor.has(needed):
        return ALLOWED
    return refuse(
        "not_permitted", _l("Only staff make export files."), sign_in=not actor.is_signed_in
    )


def may_set_template(actor: Actor) -> Verdict:
    """Moderators and administrators give documents the centre's own form."""
    if actor.has(Permission.EXPORT_TEMPLATE):
        return ALLOWED
    return refuse(
        "not_permitted",
        _l("Only moderators set the form of documents."),
        sign_in=not actor.is_signed_in,
    )


def may_read_letter(actor: Actor, answer: Answer, *, is_public: bool) -> Verdict:
    """A published answer is a letter for everybody, as long as its idea is on the public list; before, its
    paper is for staff. To the rest it does not exist.
    """
    if actor.has(Permission.EXPORT_OPEN) or (answer.answered_at is not None and is_public):
        return ALLOWED
    return refuse("no_answer", _l("There is no such answer."))
