"""Who may have a year kept, and when a file is handed out. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def may_archive(actor: Actor) -> Verdict:
    """Administrators and the service itself keep an edition for good."""
    if actor.is_system or actor.has(Permission.CAMPAIGN_MANAGE):
        return ALLOWED
    reason = _l("Only administrators keep an edition of the data for good.")
    return refuse("not_permitted", reason, sign_in=not actor.is_signed_in)


def may_hand_out(*, is_withheld: bool, is_kept: bool) -> Verdict:
    """Everybody takes a file, unless it holds the text of an idea that was hidden or taken back since."""
    if not is_withheld:
        return ALLOWED
    if is_kept:
        return refuse(
            "withheld",
            _l(
                "An idea in this edition was hidden or taken back since, so the file is not handed out "
                "any more. Its fingerprint stays. Take the newest edition instead."
            ),
        )
    return refuse(
        "withheld",
        _l(
            "An idea was hidden or taken back a moment ago. The data is being made anew without it: "
            "try again in a minute."
        ),
    )
