"""Which ideas can be supported, how a ballot is ordered, what may be ticked. Pure.

Must not know the database, the clock or the request.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext
from ideas_app.ideas.models import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ideas_app.campaigns.rules import CampaignRules

SUPPORTABLE = frozenset({State.PUBLISHED, State.ON_BALLOT})
"""States in which an idea takes supports, as far as the campaign's phase allows."""

BALLOTABLE = frozenset({State.PUBLISHED, State.ON_BALLOT})
"""States from which an idea can come onto the ballot."""

STANDING = frozenset(
    {State.ON_BALLOT, State.SHORTLISTED, State.NOT_SHORTLISTED, State.ANSWERED, State.DONE}
)
"""States in which a line of the ballot counts: not withdrawn or hidden since."""

DECIDED = STANDING - {State.ON_BALLOT}
"""States after a vote or an answer."""

SUGGESTED_ENTRIES = (30, 45)
"""How many lines a ballot should have: enough to choose from, few enough to be read."""

_SUMMARY = 60
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s")
_MARKUP = re.compile(r"[*_>`#\[\]]|\(https?://\S*\)|^[-+]\s", re.MULTILINE)


class HasId(Protocol):
    """Anything with an `id`: a line of a ballot."""

    @property
    def id(self) -> int:
        """Its number in the database."""


T = TypeVar("T", bound=HasId)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line of the ballot, or a place on a shortlist, is about: one idea, or one family."""

    idea_id: int | None = None
    family_id: int | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many ticks a ballot takes: from `least` to `most`."""

    least: int
    most: int

    @classmethod
    def of(cls, rules: CampaignRules, lines: int) -> Bounds:
        """The campaign's bounds for a voter who can tick only so many lines, but at least one."""
        lines = max(lines, 1)
        return cls(min(rules.ballot_min, lines), min(rules.ballot_max, lines))


def voter_order(pseudonym: str, lines: Iterable[T]) -> list[T]:
    """The lines in a voter's own order: drawn by the pseudonym, the same at every look.

    Sorted by SHA-256 of `pseudonym:line`, so that no place on the page belongs to any idea.
    """

    def draw(line: T) -> bytes:
        return hashlib.sha256(f"{pseudonym}:{line.id}".encode()).digest()

    return sorted(lines, key=draw)


def find_fault(
    picked: Collection[int], open_lines: Collection[int], bounds: Bounds
) -> Fault | None:
    """What is wrong with the ticks, in words that say how many too many or too few; None when
    nothing is.
    """
    foreign = set(picked) - set(open_lines)
    if foreign:
        message = _l(
            "One of your ticks is not open to you on this ballot. Look at the list once more."
        )
        return Fault("entry", "not_on_ballot", message)
    count = len(set(picked))
    if count > bounds.most:
        message = lazy_ngettext(
            "You ticked %(count)s. At most %(most)s fit: take %(num)s away.",
            "You ticked %(count)s. At most %(most)s fit: take %(num)s away.",
            count - bounds.most,
            count=count,
            most=bounds.most,
        )
        return Fault("entry", "too_many", message)
    if count < bounds.least:
        message = lazy_ngettext(
            "You ticked %(count)s. At least %(least)s are needed: choose %(num)s more.",
            "You ticked %(count)s. At least %(least)s are needed: choose %(num)s more.",
            bounds.least - count,
            count=count,
            least=bounds.least,
        )
        return Fault("entry", "too_few", message)
    return None


def summary_of(source: str) -> str:
    """The first sentence of a text, without marks of Markdown, at most 60 characters and an
    ellipsis.
    """
    plain = text.one_line(_MARKUP.sub("", text.normalise(source)))
    first = _SENTENCE_END.split(plain, maxsplit=1)[0]
    return text.shorten(first, _SUMMARY)
