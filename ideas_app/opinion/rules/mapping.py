"""The map itself: from votes to places, groups or the reason why there are none, and lists of ideas.

Must not know files, pages or who the people are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING

from ideas_app.core.later import later
from ideas_app.opinion.rules.clustering import adjusted_rand, find_groups, regroup
from ideas_app.opinion.rules.projection import DIGITS, Plane, project
from ideas_app.opinion.rules.statistics import (
    IdeaLine,
    Notable,
    consensus_of,
    divisive_of,
    idea_lines,
    rejected_of,
    stands_out,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ideas_app.opinion.rules.clustering import Grouping
    from ideas_app.opinion.rules.votes import Votes

    Tell = Callable[[int, int], None]

    import numpy as np
else:
    np = later("numpy")

MIN_VOTES = 7
"""Who said less is placed but belongs to no group (Polis' threshold)."""
SIZES = range(2, 6)
MIN_CLUSTERED = 50
MIN_SILHOUETTE = 0.25
MIN_GROUP = 10
MIN_GROUP_SHARE = 0.05
MIN_STABILITY = 0.6
RUNS = 20
_MOST_DRAWN = 5000
"""People drawn for one resampling at most: more would only take longer."""
_STEPS = 2
_NOTABLE = 3


class WhyNone(StrEnum):
    """Why no groups are shown, in the order in which it is asked."""

    FEW_PEOPLE = "few_people"
    NO_DIFFERENCE = "no_difference"
    SMALL_GROUP = "small_group"
    OVERLAP = "overlap"
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True)
class Group:
    """People who answered alike. `members` are rows as they were given, from 0."""

    size: int
    members: tuple[int, ...]
    centre: tuple[float, float]
    stands_out: tuple[Notable, ...]
    """What tells this group from the others, the strongest first."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of the plane, told by ideas."""

    share: float
    """The part of all difference between people that it shows."""
    plus: tuple[str, ...]
    """Ideas whose supporters stand towards its positive end, the strongest first."""
    minus: tuple[str, ...]


@dataclass(frozen=True)
class Map:
    """What votes say of where people stand. Rows are as they were given."""

    ideas: tuple[IdeaLine, ...]
    people: int
    coordinates: NDArray[np.float64]
    clustered: int
    """How many people gave at least `MIN_VOTES` votes."""
    labels: NDArray[np.int64]
    """The group of each row from 0; -1 for who said too little, and for all where no groups are shown."""
    settled: NDArray[np.bool_]
    """Whether the row gave at least `MIN_VOTES` votes."""
    groups: tuple[Group, ...] | None
    why_none: WhyNone | None
    silhouette: float | None
    """Of the best grouping that was found, shown or not."""
    stability: float | None
    """The median adjusted Rand index over the resamplings; None where it was not asked for."""
    consensus: tuple[str, ...]
    rejected: tuple[str, ...]
    divisive: tuple[str, ...]
    axes: tuple[Axis, Axis]
    digest: str


def opinion_map(votes: Votes, tell: Tell | None = None) -> Map:
    """The map of the votes; the same votes, in whatever order of people, give the same map.

    Groups are shown only if at least `MIN_CLUSTERED` people said enough, the silhouette is at least
    `MIN_SILHOUETTE`, the smallest group has at least max(10, 5 %) of them, and the groups come again
    when people are drawn anew: median adjusted Rand over 20 resamplings of at least `MIN_STABILITY`.
    `tell(done, steps)` hears how far it is.
    """
    say = tell or (lambda _done, _steps: None)
    steps = _STEPS + RUNS
    say(0, steps)
    dice = Random(int(votes.digest[:16], 16))  # noqa: S311  # arithmetic anybody can repeat, no secret
    plane = project(votes)
    say(1, steps)
    enough = votes.own >= MIN_VOTES
    best, why = _best(plane, enough, dice)
    say(_STEPS, steps)
    stability = None
    if best is not None and why is None:
        stability = _stability(votes, best, enough, dice, lambda run: say(_STEPS + run, steps))
        why = WhyNone.UNSTABLE if stability < MIN_STABILITY else None
    say(steps, steps)
    inner = np.full(votes.people, -1, np.int64)
    if best is not None and why is None:
        inner[enough] = best.labels
    lines = idea_lines(votes, plane.extremity, inner)
    labels, coordinates = np.empty_like(inner), np.empty_like(plane.coordinates)
    settled = np.empty_like(enough)
    labels[votes.places], coordinates[votes.places] = inner, plane.coordinates
    settled[votes.places] = enough
    return Map(
        ideas=tuple(lines),
        people=votes.people,
        coordinates=coordinates,
        clustered=int(enough.sum()),
        labels=labels,
        settled=settled,
        groups=_groups(lines, labels, coordinates) if why is None else None,
        why_none=why,
        silhouette=None if best is None else round(best.silhouette, DIGITS),
        stability=None if stability is None else round(stability, DIGITS),
        consensus=tuple(consensus_of(lines)),
        rejected=tuple(rejected_of(lines)),
        divisive=tuple(divisive_of(lines)),
        axes=(_axis(votes, plane, 0), _axis(votes, plane, 1)),
        digest=votes.digest,
    )


def _best(
    plane: Plane, enough: NDArray[np.bool_], dice: Random
) -> tuple[Grouping | None, WhyNone | None]:
    """The grouping with the best silhouette among those without too small a group, or why none counts.

    Where every k has too small a group, the best of them all is told beside the reason.
    """
    points = plane.coordinates[enough]
    if len(points) < MIN_CLUSTERED:
        return None, WhyNone.FEW_PEOPLE
    found = find_groups(points, np.ones(len(points)), SIZES, dice)
    if not found:
        return None, WhyNone.NO_DIFFERENCE
    least = max(MIN_GROUP, MIN_GROUP_SHARE * len(points))
    large = [each for each in found if np.bincount(each.labels).min() >= least]
    best = max(large or found, key=lambda each: each.silhouette)
    if not large:
        return best, WhyNone.SMALL_GROUP
    return best, WhyNone.OVERLAP if best.silhouette < MIN_SILHOUETTE else None


def _stability(
    votes: Votes,
    best: Grouping,
    enough: NDArray[np.bool_],
    dice: Random,
    tell: Callable[[int], None],
) -> float:
    """The median adjusted Rand index between the groups and those found anew, plane and all, among
    people drawn with replacement; each person drawn is compared once.
    """
    labels = np.full(votes.people, -1, np.int64)
    labels[enough] = best.labels
    alike = []
    for run in range(RUNS):
        size = min(votes.people, _MOST_DRAWN)
        hits = [int(dice.random() * votes.people) for _draw in range(size)]
        drawn, times = np.unique(np.array(hits, np.int64), return_counts=True)
        weights = times.astype(float)
        again = project(votes.take(drawn), weights)
        said = enough[drawn]
        found = regroup(again.coordinates[said], weights[said], best.k, dice)
        alike.append(0.0 if found is None else adjusted_rand(labels[drawn][said], found))
        tell(run + 1)
    return float(np.median(alike))


def _groups(
    lines: list[IdeaLine], labels: NDArray[np.int64], coordinates: NDArray[np.float64]
) -> tuple[Group, ...]:
    groups = []
    for number in range(int(labels.max()) + 1):
        members = np.flatnonzero(labels == number)
        centre = np.round(coordinates[members].mean(axis=0), DIGITS) + 0.0
        groups.append(
            Group(
                size=len(members),
                members=tuple(members.tolist()),
                centre=(float(centre[0]), float(centre[1])),
                stands_out=tuple(stands_out(lines, number)),
            )
        )
    return tuple(groups)


def _axis(votes: Votes, plane: Plane, number: int) -> Axis:
    """The ideas that pull most in each direction: those with at least half the largest loading."""
    loadings = np.round(plane.loadings[:, number], DIGITS)
    least = np.abs(loadings).max(initial=0) / 2
    order = np.argsort(-np.abs(loadings), kind="stable")
    strong = [each for each in order if abs(loadings[each]) >= least > 0]
    return Axis(
        share=plane.shares[number],
        plus=tuple(votes.ideas[each] for each in strong if loadings[each] > 0)[:_NOTABLE],
        minus=tuple(votes.ideas[each] for each in strong if loadings[each] < 0)[:_NOTABLE],
    )
