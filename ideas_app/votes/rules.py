"""Which ideas can be supported, how a ballot is ordered, what may be ticked, how a voter on paper is
recognised, and which figures of turnout may be told. Pure.

Must not know the database, the clock or the request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext
from ideas_app.ideas.models import State
from ideas_app.programmes.rules.matching import match_key
from ideas_app.votes.models import SetAsideCause

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from ideas_app.campaigns.models import Field
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

LEAST_CELL = 5
"""Fewer people than this are never told apart in a public figure."""

_SUMMARY = 60
_SENTENCE_END = re.compile(r"(?<=[.!?。])\s")
_MARKUP = re.compile(r"[*_>`#\[\]]|\(https?://\S*\)|^[-+]\s", re.MULTILINE)


ALL, PICKED, FIELDS = "all", "picked", "fields"
"""What of the ballot is on the screen: everything, the own ticks, everything by field of life; or one
field, as `field-` and its key.
"""


class HasField(Protocol):
    """Anything with an `id` and a field of life: a line of a ballot."""

    @property
    def id(self) -> int:
        """Its number in the database."""

    @property
    def field(self) -> Field | None:
        """The field of life that it belongs to."""


HAND = 20
"""Cards of the reading stack after which a reader is asked to rest."""


class Said(StrEnum):
    """What a reader of the stack says of an idea."""

    SUPPORT = "support"
    UNSURE = "unsure"
    PASSED = "passed"


def place_in_hand(answered: int, left: int) -> tuple[int, int]:
    """Which card of the present hand this is, and of how many: a hand has 20, the last one what is left."""
    before = answered % HAND
    return before + 1, min(HAND, before + max(left, 1))


CAUSE_WORDS = {
    SetAsideCause.MANY_ACCOUNTS: _l("Many accounts, as it seems, of one person"),
    SetAsideCause.BY_MACHINE: _l("Given by a machine, as it seems"),
    SetAsideCause.PAID_OR_TRADED: _l("Bought or traded, as it seems"),
    SetAsideCause.OTHER_PERSON: _l("Given in somebody else's name, as it seems"),
}


@dataclass(frozen=True, slots=True)
class Suspicion:
    """By which marks supports are suspicious. All that is given must be true of a support; times are aware."""

    idea_id: int | None = None
    age_hours: int | None = None
    """The account was made at most so many hours before it gave the support."""
    domain: str = ""
    """The account's e-mail address is of this domain."""
    since: datetime | None = None
    until: datetime | None = None
    """The support was given from `since` on and before `until`."""
    never_read: bool = False
    """The account has read no idea at all: neither on its page nor in the stack."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing marks a support out: an idea alone is no reason to doubt its supporters."""
        times = self.since is not None and self.until is not None
        return not (self.age_hours is not None or self.domain or times or self.never_read)

    def fits(self, given_at: datetime, created_at: datetime) -> bool:
        """Whether the times of a support and of its account are as described."""
        if self.age_hours is not None and given_at - created_at > timedelta(hours=self.age_hours):
            return False
        if self.since is not None and given_at < self.since:
            return False
        return self.until is None or given_at < self.until

    def to_plain(self) -> dict[str, Any]:
        """What is kept in the log: the marks that were given, as plain values."""
        values = {
            "idea": self.idea_id,
            "age_hours": self.age_hours,
            "domain": self.domain,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "never_read": self.never_read,
        }
        return {name: value for name, value in values.items() if value not in (None, "", False)}


def falls_below(before: int, after: int, threshold: int) -> bool:
    """Whether a count reached a threshold only with what was taken out of it."""
    return after < threshold <= before


SEEN_MOST = 100
"""Cards that a visitor's browser remembers having passed."""


def seen_in(kept: object, slug: str) -> list[int]:
    """The ideas of a campaign that a visitor has passed, out of what their browser kept; [] for anything odd."""
    found = kept.get(slug) if isinstance(kept, dict) else None
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []


def remember_seen(kept: object, slug: str, idea_id: int) -> dict[str, list[int]]:
    """What the browser is to keep after one more card: of this campaign only, the newest `SEEN_MOST`."""
    seen = [one for one in seen_in(kept, slug) if one != idea_id]
    return {slug: [*seen, idea_id][-SEEN_MOST:]}


class HasId(Protocol):
    """Anything with an `id`: a line of a ballot."""

    @property
    def id(self) -> int:
        """Its number in the database."""


T = TypeVar("T", bound=HasId)
L = TypeVar("L", bound=HasField)


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


def lines_in_view(
    lines: Sequence[L], picked: Collection[int], view: str
) -> list[tuple[Field | None, list[L]]]:
    """The lines to show, in their order, in groups with the field above each, if it is named.

    An unknown view shows everything: a line must never be out of reach.
    """
    if view == PICKED:
        return [(None, [line for line in lines if line.id in picked])]
    by_key: dict[str, tuple[Field, list[L]]] = {}
    for line in lines:
        if line.field is not None:
            by_key.setdefault(line.field.key, (line.field, []))[1].append(line)
    one = by_key.get(view.removeprefix("field-")) if view.startswith("field-") else None
    if one is not None:
        return [one]
    if view != FIELDS:
        return [(None, list(lines))]
    groups: list[tuple[Field | None, list[L]]] = [
        *sorted(by_key.values(), key=lambda group: (group[0].position, group[0].key))
    ]
    rest = [line for line in lines if line.field is None]
    return [*groups, (None, rest)] if rest else groups


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


@dataclass(frozen=True, slots=True)
class VoterGiven:
    """What a moderator reads off the document of somebody who votes on paper.

    Name and birth date are never stored: only the key made of them is. `phone` helps to find the
    person on the rosters; `account` is an e-mail address or a nickname, empty for somebody without
    an account.
    """

    name: str
    born_on: date
    phone: str | None = None
    account: str = ""


def voter_key(secret: bytes, campaign_id: int, name: str, born_on: date) -> str:
    """Under what a voter on paper is recognised in one campaign, and in no other: 64 hex digits.

    HMAC-SHA-256 of the campaign and of the key by which rosters know name and birth date. The phone
    is left out: with another number the same person would be another.
    """
    person = match_key(secret, name, born_on, None)
    message = f"paper-ballot:{campaign_id}:{person}"
    return hmac.new(secret, message.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ballots cast from the `first` day to the `last`, both included; mostly they are one day."""

    first: date
    last: date
    count: int


def join_small(days: Sequence[Stretch], least: int = LEAST_CELL) -> list[Stretch]:
    """Neighbouring days put together until each stretch holds at least `least` ballots.

    No ballot is lost, so nothing can be had by subtraction from the total; days left at the end join
    the last stretch. Empty where all days together hold fewer.
    """
    joined: list[Stretch] = []
    first, waiting = None, 0
    for day in days:
        first = first or day.first
        waiting += day.count
        if waiting >= least:
            joined.append(Stretch(first, day.last, waiting))
            first, waiting = None, 0
    if first and joined:
        last = joined.pop()
        joined.append(Stretch(last.first, days[-1].last, last.count + waiting))
    return joined
