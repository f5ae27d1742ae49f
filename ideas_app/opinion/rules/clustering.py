"""Groups of points on a plane: k-means, how well its groups stand apart, how alike two groupings are.

Every draw comes from a given `random.Random`, of which only `random()` is used: its stream is promised
to stay the same. Must not know votes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.later import later

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    import numpy as np
    from numpy.typing import NDArray
else:
    np = later("numpy")

BASE_FROM = 2000
"""More points than this are first joined to base clusters."""
BASES = 100
STARTS = 10
_STARTS_AGAIN = 4
_ROUNDS = 100
_BASE_ROUNDS = 25
_CHUNK = 20_000


@dataclass(frozen=True)
class Grouping:
    """Labels from 0 for each point, the largest group first, and their mean silhouette."""

    k: int
    labels: NDArray[np.int64]
    silhouette: float


def find_groups(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    sizes: Iterable[int],
    dice: Random,
) -> list[Grouping]:
    """One grouping for each k that the points allow, best of `STARTS` seeded starts.

    `points` is (n, 2). Above `BASE_FROM` points, k-means to at most `BASES` weighted base clusters
    comes first, and those are grouped, as in Polis; the silhouette is then that of the bases.
    """
    bases, base_weights, base_of = _join(points, weights, dice)
    distances = _distances(bases, bases)
    found = []
    different = len(np.unique(bases, axis=0))
    for k in sizes:
        if k > different:
            continue
        labels = k_means(bases, base_weights, k, dice)
        width = silhouette(distances, base_weights, labels)
        found.append(Grouping(k, _largest_first(labels[base_of], weights, points), width))
    return found


def regroup(
    points: NDArray[np.float64], weights: NDArray[np.float64], k: int, dice: Random
) -> NDArray[np.int64] | None:
    """Labels of one grouping as `find_groups` makes it, without its silhouette; None where the points
    do not allow it.
    """
    bases, base_weights, base_of = _join(points, weights, dice)
    if len(np.unique(bases, axis=0)) < k:
        return None
    return k_means(bases, base_weights, k, dice, starts=_STARTS_AGAIN)[base_of]


def k_means(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    k: int,
    dice: Random,
    *,
    starts: int = STARTS,
    rounds: int = _ROUNDS,
) -> NDArray[np.int64]:
    """Labels of the best of several k-means++ starts (Arthur and Vassilvitskii 2007), points weighted.

    Wants at least k different points.
    """
    best, least = np.zeros(len(points), np.int64), np.inf
    for _start in range(starts):
        labels, inertia = _lloyd(points, weights, _seeds(points, weights, k, dice), rounds)
        if inertia < least * (1 - 1e-12):
            best, least = labels, inertia
    return best


def silhouette(
    distances: NDArray[np.float64], weights: NDArray[np.float64], labels: NDArray[np.int64]
) -> float:
    """The mean silhouette width (Rousseeuw 1987), a point of weight w standing for w people at one place.

    For each, a is the mean distance to the others of its group, b the least mean distance to another
    group, and the width (b - a) / max(a, b); 0 for a group of one.
    """
    k = int(labels.max()) + 1
    member = np.zeros((len(labels), k))
    member[np.arange(len(labels)), labels] = weights
    sums, sizes = distances @ member, member.sum(axis=0)
    here = np.arange(len(labels))
    own_size = sizes[labels]
    inner = sums[here, labels] / np.maximum(own_size - 1, 1)
    others = np.divide(sums, sizes, out=np.full_like(sums, np.inf), where=sizes > 0)
    others[here, labels] = np.inf
    outer = others.min(axis=1)
    larger = np.maximum(inner, outer)
    apart = (own_size > 1) & (larger > 0) & np.isfinite(outer)
    widths = np.divide(outer - inner, larger, out=np.zeros(len(labels)), where=apart)
    return float((widths * weights).sum() / weights.sum())


def adjusted_rand(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """How alike two groupings of the same points are: 1 the same, about 0 by chance (Hubert and Arabie 1985)."""
    n = len(first)
    if n < 2:
        return 1.0
    table = np.zeros((int(first.max()) + 1, int(second.max()) + 1))
    np.add.at(table, (first, second), 1)
    together = _pairs(table).sum()
    rows, columns = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    chance = rows * columns / (n * (n - 1) / 2)
    most = (rows + columns) / 2
    return 1.0 if most == chance else float((together - chance) / (most - chance))


def _pairs(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return counts * (counts - 1) / 2


def _join(
    points: NDArray[np.float64], weights: NDArray[np.float64], dice: Random
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Base clusters: their centres, weights, and the base of each point."""
    if len(points) <= BASE_FROM:
        return points, weights, np.arange(len(points))
    different, place = np.unique(points, axis=0, return_inverse=True)
    labels = place.reshape(-1).astype(np.int64)
    if len(different) > BASES:
        labels = k_means(points, weights, BASES, dice, starts=1, rounds=_BASE_ROUNDS)
        labels = np.unique(labels, return_inverse=True)[1].reshape(-1).astype(np.int64)
    k = int(labels.max()) + 1
    return (
        _centres(points, weights, labels, k),
        np.bincount(labels, weights, k).astype(float),
        labels,
    )


def _lloyd(
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    centres: NDArray[np.float64],
    rounds: int,
) -> tuple[NDArray[np.int64], float]:
    k = len(centres)
    labels, far = _nearest(points, centres)
    for _round in range(rounds):
        centres = _centres(points, weights, labels, k)
        sizes = np.bincount(labels, minlength=k)
        for empty in np.flatnonzero(sizes == 0):
            centres[empty] = points[np.argmax(far)]
            far[np.argmax(far)] = 0
        again, far = _nearest(points, centres)
        if np.array_equal(again, labels):
            break
        labels = again
    return labels, float((far * weights).sum())


def _seeds(
    points: NDArray[np.float64], weights: NDArray[np.float64], k: int, dice: Random
) -> NDArray[np.float64]:
    chosen = [_draw(weights, dice)]
    far = _distances(points, points[chosen])[:, 0] ** 2
    while len(chosen) < k:
        chosen.append(_draw(weights * far, dice))
        far = np.minimum(far, _distances(points, points[chosen[-1:]])[:, 0] ** 2)
    return points[chosen].copy()


def _draw(chances: NDArray[np.float64], dice: Random) -> int:
    """A place, drawn in proportion to the chances; never one without a chance."""
    summed = np.cumsum(chances)
    place = int(np.searchsorted(summed, dice.random() * summed[-1], side="right"))
    return min(place, int(np.flatnonzero(chances)[-1]))


def _centres(
    points: NDArray[np.float64], weights: NDArray[np.float64], labels: NDArray[np.int64], k: int
) -> NDArray[np.float64]:
    size = np.maximum(np.bincount(labels, weights, k), 1e-300)
    return np.stack(
        [np.bincount(labels, weights * points[:, axis], k) / size for axis in (0, 1)], axis=1
    )


def _nearest(
    points: NDArray[np.float64], centres: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The nearest centre of each point (the first where two are as near), and the squared distance."""
    labels, far = np.empty(len(points), np.int64), np.empty(len(points))
    for first in range(0, len(points), _CHUNK):
        part = slice(first, first + _CHUNK)
        squared = _squared(points[part], centres)
        labels[part] = squared.argmin(axis=1)
        far[part] = squared.min(axis=1)
    return labels, far


def _squared(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    across, up = a[:, :1] - b[:, 0], a[:, 1:] - b[:, 1]
    return across * across + up * up


def _distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt(_squared(a, b))


def _largest_first(
    labels: NDArray[np.int64], weights: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.int64]:
    """The same groups, numbered by size, then from left to right; empty numbers fall away."""
    k = int(labels.max()) + 1
    size, centre = np.bincount(labels, weights, k), _centres(points, weights, labels, k)
    order = sorted(range(k), key=lambda each: (-size[each], centre[each, 0], centre[each, 1]))
    number = np.empty(k, np.int64)
    number[order] = np.arange(k)
    return number[labels]
