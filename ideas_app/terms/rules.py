"""What a text of the house may hold, which version is in force, and what changed between two. Pure."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.terms.models import TextKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from flask_babel import LazyString

    from ideas_app.terms.models import HouseText

TITLES: dict[TextKind, LazyString] = {
    TextKind.PRIVACY: _l("Privacy notice"),
    TextKind.TERMS: _l("Terms of use"),
    TextKind.RULES: _l("House rules"),
    TextKind.ACCESSIBILITY: _l("Accessibility"),
}
"""The name of each text, as the foot of every page has it. The first must be exactly 개인정보 처리방침 in Korean
(Personal Information Protection Act, Article 30)."""

LONGEST = 40_000
"""Characters of one language: a long policy has a tenth of it."""

PLACES: dict[str, LazyString] = {
    "site": _l("the name of this site"),
    "city": _l("the name of the city"),
    "in_force": _l("the day from which this version is in force"),
    "periods": _l("the table of how long personal data is kept, as it is set now"),
    "consents": _l("the table of what each consent is for"),
    "officer": _l("the protection officer"),
    "department": _l("the department in charge"),
    "contact": _l("telephone and e-mail of the department"),
}
"""Words in braces that fill themselves in."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


def unknown_places(body: str) -> list[str]:
    """Words in braces that nothing fills in, in order, each once."""
    return list(dict.fromkeys(word for word in _PLACE.findall(body) if word not in PLACES))


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with its places filled in; what has no value stays as it stands."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), body)


def plain(value: str) -> str:
    """A value as it may stand in a line or a table of Markdown without acting as Markdown."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(value.split()))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def in_force(versions: Sequence[HouseText], today: date) -> HouseText | None:
    """Of the published versions the one that holds today: the latest whose day has come."""
    come = [one for one in versions if one.in_force_on is not None and one.in_force_on <= today]
    return max(come, key=lambda one: one.version, default=None)


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """The lines taken out ("del") and put in ("ins"), in order; what stayed is left out."""
    old, new = _lines(before), _lines(after)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [("del", line) for line in old[a:b]]
            found += [("ins", line) for line in new[c:d]]
    return found


def _lines(body: str) -> list[str]:
    return [line.strip() for line in body.splitlines() if line.strip()]
