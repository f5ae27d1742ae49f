"""What a machine can see in a text and point out: it never decides. Pure.

Must not know the database. Every check is shown with its result, so that a moderator sees what was looked for.
The writer was shown the same before sending: both come from `ideas.rules.marks_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules import Mark, marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask_babel import LazyString

_WORDS = {
    Mark.PHONE: (_l("Looks like a phone number"), _l("No phone number")),
    Mark.RESIDENT_NUMBER: (
        _l("Looks like a resident registration number"),
        _l("No resident registration number"),
    ),
    Mark.EMAIL: (_l("Holds an e-mail address"), _l("No e-mail address")),
    Mark.LINK: (_l("Holds a link"), _l("No link")),
    Mark.MANY_LINKS: (_l("Consists of links for the most part"), _l("Not made of links")),
    Mark.REPEATED: (
        _l("Says again what the same person wrote before"),
        _l("No repetition of an earlier text"),
    ),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked for: its `code`, whether the text is free of it, and that in words."""

    code: str
    passed: bool
    text: LazyString


def checks_of(*texts: str, earlier: Iterable[str] = ()) -> list[Check]:
    """Numbers of persons, addresses and links in the given texts, and repetition of the writer's `earlier` ones."""
    seen = set(marks_of(*texts, earlier=earlier))
    return [
        Check(mark.value, mark not in seen, found if mark in seen else free)
        for mark, (found, free) in _WORDS.items()
    ]
