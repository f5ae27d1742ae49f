"""The texts behind the kernel's sentences: one for each key, every number and title from the data.

Must not compute anything: the kernel has said what is true, this only says it in words.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask_babel import LazyString

    Told = Mapping[str, Any]
    Titles = Mapping[str, LazyString | str]


def write_decimal(value: Fraction) -> str:
    """An exact number of 0 or more, to one decimal at most, halves up: 3, 76.5."""
    tenths = (20 * value.numerator + value.denominator) // (2 * value.denominator)
    whole, rest = divmod(tenths, 10)
    return f"{whole:,}.{rest}" if rest else f"{whole:,}"


def write_percent(share: Fraction) -> str:
    """A share as per cent, written as `write_decimal` does, without the sign."""
    return write_decimal(share * 100)


class Titled(tuple[Any, ...]):
    """Titles in quotation marks, joined when they are shown: one may be a lazy text."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(f"“{title}”" for title in self)


def tell(key: str, values: Told, titles: Titles) -> LazyString:
    """The sentence of a key in the reader's language.

    `values` as stored with the round: fractions as "n/d", ideas by id; `titles` by id, as they may
    be shown. Raises `KeyError` for a key that the kernel does not know.
    """
    return _TEXTS[key](_spell(values, titles))


def _spell(values: Told, titles: Titles) -> dict[str, Any]:
    """The values as texts; counts stay beside them as `n_…`, they choose the plural."""
    spelt: dict[str, Any] = {}
    for name, value in values.items():
        if name in {"idea", "ideas", "displaces"} and not isinstance(value, int):
            spelt[name] = Titled([titles[i] for i in ([value] if name == "idea" else value)])
        elif isinstance(value, int):
            spelt[name], spelt[f"n_{name}"] = f"{value:,}", value
        else:
            exact = Fraction(value)
            spelt[name] = write_percent(exact) if name == "share" else write_decimal(exact)
            spelt[f"n_{name}"] = exact
    return spelt


def _shared(told: Told) -> LazyString:
    if told["n_effective"] >= told["n_votes"]:
        return lazy_ngettext(
            "Place %(rank)s. %(votes)s person chose it. %(served)s already had an idea on the list, and "
            "it still weighed as much as %(effective)s full votes.",
            "Place %(rank)s. %(votes)s people chose it. %(served)s of them already had an idea on the "
            "list, and it still weighed as much as %(effective)s full votes.",
            told["n_votes"],
            **told,
        )
    return lazy_ngettext(
        "Place %(rank)s. %(votes)s person chose it. %(served)s already had an idea on the list, so it "
        "weighed as much as %(effective)s full votes.",
        "Place %(rank)s. %(votes)s people chose it. %(served)s of them already had an idea on the list, "
        "so it weighed as much as %(effective)s full votes.",
        told["n_votes"],
        **told,
    )


_TEXTS: dict[str, Callable[[Told], LazyString]] = {
    "chosen_by_hand": lambda told: lazy_ngettext(
        "Put at place %(rank)s by hand. %(votes)s person chose it.",
        "Put at place %(rank)s by hand. %(votes)s people chose it.",
        told["n_votes"],
        **told,
    ),
    "chosen_by_votes": lambda told: lazy_ngettext(
        "Place %(rank)s. %(votes)s person chose it.",
        "Place %(rank)s. %(votes)s people chose it.",
        told["n_votes"],
        **told,
    ),
    "chosen_by_points": lambda told: lazy_ngettext(
        "Place %(rank)s. %(votes)s person chose it; shared among all that they chose, that is "
        "%(points)s points.",
        "Place %(rank)s. %(votes)s people chose it; shared among all that they chose, that is "
        "%(points)s points.",
        told["n_votes"],
        **told,
    ),
    "chosen_full": lambda told: lazy_ngettext(
        "Place %(rank)s. %(votes)s person chose it. It is the first idea on the list for all of them, so "
        "each counted in full.",
        "Place %(rank)s. %(votes)s people chose it. It is the first idea on the list for all of them, so "
        "each counted in full.",
        told["n_votes"],
        **told,
    ),
    "chosen_shared": _shared,
    "ahead_of": lambda told: _l("Next was %(idea)s with a weight of %(effective)s.", **told),
    "filled_seat": lambda _told: _l(
        "No group could pay for it in full any more: it took a place that was left over."
    ),
    "won_tie": lambda told: _l(
        "It was level with %(ideas)s, and the lot drawn beforehand put it first.", **told
    ),
    "missing_in_top": lambda told: lazy_ngettext(
        "With %(votes)s vote it would have been left out by most votes alone.",
        "With %(votes)s votes it would have been left out by most votes alone.",
        told["n_votes"],
        **told,
    ),
    "close_in": lambda told: _l(
        "A close call: on the list in %(share)s %% of the recounts with resampled ballots.", **told
    ),
    "left_out_by_minimum": lambda told: lazy_ngettext(
        "%(votes)s person chose it: under the least approval.",
        "%(votes)s people chose it: under the least approval.",
        told["n_votes"],
        **told,
    ),
    "incompatible": lambda told: _l(
        "It cannot stand beside %(idea)s, which is on the list: the two exclude each other.", **told
    ),
    "no_votes": lambda _told: _l("Nobody chose it."),
    "more_votes": lambda told: lazy_ngettext(
        "%(votes)s people chose it: more than %(ideas)s idea on the list has.",
        "%(votes)s people chose it: more than %(ideas)s ideas on the list have.",
        told["n_ideas"],
        **told,
    ),
    "supporters_served": lambda told: lazy_ngettext(
        "%(share)s %% of them already have at least %(at_least)s idea on the list.",
        "%(share)s %% of them already have at least %(at_least)s ideas on the list.",
        told["n_at_least"],
        **told,
    ),
    "few_votes": lambda told: lazy_ngettext(
        "%(votes)s person chose it; the last idea on the list weighed as much as %(last_effective)s votes.",
        "%(votes)s people chose it; the last idea on the list weighed as much as %(last_effective)s votes.",
        told["n_votes"],
        **told,
    ),
    "lost_tie": lambda told: _l(
        "It was level with %(idea)s, and the lot drawn beforehand put that one first.", **told
    ),
    "votes_short": lambda told: lazy_ngettext(
        "%(people)s more person choosing only it would have put it on the list, in place of %(displaces)s.",
        "%(people)s more people choosing only it would have put it on the list, in place of %(displaces)s.",
        told["n_people"],
        **told,
    ),
    "votes_short_of_empty_seat": lambda told: lazy_ngettext(
        "%(people)s more person choosing only it would have put it on the list.",
        "%(people)s more people choosing only it would have put it on the list.",
        told["n_people"],
        **told,
    ),
    "close_out": lambda told: _l(
        "A close call: on the list in %(share)s %% of the recounts with resampled ballots.", **told
    ),
}
