"""What a machine can see in a text and point out: it never decides. Pure.

Must not know the database. Every check is shown with its result, so that a moderator sees what was looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules import has_phone, has_resident_number

if TYPE_CHECKING:
    from flask_babel import LazyString

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LINK = re.compile(r"(?:https?://|www\.|open\.kakao\.com|bit\.ly/)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked for: its `code`, whether the text is free of it, and that in words."""

    code: str
    passed: bool
    text: LazyString


def checks_of(*texts: str) -> list[Check]:
    """Phone numbers, resident registration numbers, addresses of e-mail and links in the given texts."""
    whole = "\n".join(texts)
    return [
        _check(
            "phone",
            has_phone(whole),
            found=_l("Looks like a phone number"),
            free=_l("No phone number"),
        ),
        _check(
            "resident_number",
            has_resident_number(whole),
            found=_l("Looks like a resident registration number"),
            free=_l("No resident registration number"),
        ),
        _check(
            "email",
            bool(_EMAIL.search(whole)),
            found=_l("Holds an e-mail address"),
            free=_l("No e-mail address"),
        ),
        _check("link", bool(_LINK.search(whole)), found=_l("Holds a link"), free=_l("No link")),
    ]


def _check(code: str, is_found: bool, *, found: LazyString, free: LazyString) -> Check:  # noqa: FBT001
    return Check(code, not is_found, found if is_found else free)
