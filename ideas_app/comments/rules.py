"""What a comment may hold, and for how long it can be mended. Pure.

Must not know the database, the clock or the request.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext
from ideas_app.ideas.rules import has_resident_number

if TYPE_CHECKING:
    from datetime import datetime

HIDE_CODES = ("abuse", "personal_data", "advertising", "off_topic")
"""Why a comment may be hidden."""


def find_fault(source: str, *, most: int) -> Fault | None:
    """What is wrong with a comment's text (normalised), in words that say what to do; None when
    nothing is.
    """
    count = text.length(source)
    if count == 0:
        return Fault("text", "empty", _l("There is no text yet. Write what you think."))
    if count > most:
        message = lazy_ngettext(
            "Too long by %(num)s character: at most %(most)s fit here.",
            "Too long by %(num)s characters: at most %(most)s fit here.",
            count - most,
            most=most,
        )
        return Fault("text", "too_long", message)
    if has_resident_number(source):
        message = _l(
            "This holds what looks like a resident registration number. "
            "Take it out: such numbers are never kept here."
        )
        return Fault("text", "resident_number", message)
    return None


def mend_until(written_at: datetime, minutes: int) -> datetime:
    """The instant from which a comment can no longer be edited."""
    return written_at + timedelta(minutes=minutes)
