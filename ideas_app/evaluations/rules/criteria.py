"""The criteria by which ideas are scored, each with words for its scores. Pure.

A campaign names the keys of its criteria, or writes one of its own as `name|word for 1|word for 3|word for 5`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flask_babel import LazyString

SCORES = (1, 2, 3, 4, 5)
ANCHORED = (1, 3, 5)
"""The scores that have words; the others lie between."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is scored from 1 to 5."""

    key: str
    name: LazyString | str
    question: LazyString | str
    anchors: tuple[LazyString | str, LazyString | str, LazyString | str]
    """What 1, 3 and 5 mean: two people who read them give numbers that can be compared."""


KNOWN = (
    Criterion(
        "need",
        lazy_pgettext("criterion", "Need"),
        _l("How pressing is what it wants to mend?"),
        (_l("Hardly anybody feels it"), _l("A nuisance for some"), _l("Weighs on many every day")),
    ),
    Criterion(
        "effect",
        lazy_pgettext("criterion", "Effect"),
        _l("If it were done, how much would change?"),
        (_l("Next to nothing"), _l("Some relief"), _l("The trouble would be gone")),
    ),
    Criterion(
        "feasibility",
        lazy_pgettext("criterion", "Feasibility"),
        _l("Can the city do it with what it has and may do?"),
        (_l("Out of our hands"), _l("With changes and partners"), _l("We could begin tomorrow")),
    ),
    Criterion(
        "value",
        lazy_pgettext("criterion", "Value for money"),
        _l("Is the gain worth its cost?"),
        (_l("Costs far more than it gives"), _l("About even"), _l("Much gain for little")),
    ),
    Criterion(
        "fairness",
        lazy_pgettext("criterion", "Fairness"),
        _l("Does it reach those who have least?"),
        (_l("Leaves the weakest out"), _l("Reaches everybody alike"), _l("Helps the weakest most")),
    ),
    Criterion(
        "reach",
        lazy_pgettext("criterion", "Reach"),
        _l("How many young people would use it?"),
        (_l("A handful"), _l("A few hundred"), _l("Thousands")),
    ),
    Criterion(
        "lasting",
        lazy_pgettext("criterion", "Staying power"),
        _l("Does it last beyond the first year?"),
        (_l("Ends with the event"), _l("As long as money comes"), _l("Carries itself")),
    ),
    Criterion(
        "novelty",
        lazy_pgettext("criterion", "Novelty"),
        _l("Is it new beside what there is already?"),
        (_l("Exists already"), _l("Adds a part"), _l("Nothing like it here")),
    ),
)
"""Criteria that a campaign may name by their key."""

USUAL = ("need", "effect", "feasibility", "value", "fairness")
"""What is scored where a campaign says nothing."""


def criteria_of(setting: Iterable[str]) -> tuple[Criterion, ...]:
    """The criteria of a campaign in its order; unknown words and repetitions are passed over.

    Where nothing is left, the usual ones hold: an evaluation without criteria would be none.
    """
    known = {criterion.key: criterion for criterion in KNOWN}
    found: dict[str, Criterion] = {}
    for entry in setting:
        criterion = known.get(entry.strip()) or _own(entry)
        if criterion is not None:
            found.setdefault(criterion.key, criterion)
    return tuple(found.values()) or tuple(known[key] for key in USUAL)


def _own(entry: str) -> Criterion | None:
    """A criterion in the centre's own words, with all four of its parts."""
    parts = [text.one_line(part) for part in entry.split("|")]
    if len(parts) != 4 or not all(parts):
        return None
    name, low, middle, high = parts
    return Criterion(text.key(name), name, "", (low, middle, high))


def faults_of_scores(scores: Mapping[str, int], criteria: Sequence[Criterion]) -> list[Fault]:
    """What keeps scores from being taken: each criterion needs one of 1 to 5. Fields are their keys."""
    return [
        Fault(
            criterion.key,
            "score_missing",
            _l("Give a score from 1 to 5."),
        )
        for criterion in criteria
        if scores.get(criterion.key) not in SCORES
    ]
