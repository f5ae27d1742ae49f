"""The plane of the map: the two directions in which votes differ most, and where people stand on it.

Must not know groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.later import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ideas_app.opinion.rules.votes import Votes
else:
    np = later("numpy")

DIGITS = 6
"""Decimals of what is returned: far finer than the figures mean, coarse enough to be the same everywhere."""
_TIE = 1e-9
_NOTHING = 1e-12


@dataclass(frozen=True)
class Plane:
    """Where everybody stands; all lengths are those of the votes' people and ideas."""

    coordinates: NDArray[np.float64]
    """(people, 2), rounded to `DIGITS`."""
    loadings: NDArray[np.float64]
    """(ideas, 2): how much agreeing with an idea moves a person along each axis."""
    shares: tuple[float, float]
    """The part of all difference between people that each axis shows, from 0 to 1."""
    extremity: NDArray[np.float64]
    """(ideas,): how far from the middle somebody stands who agreed with this idea alone."""


def project(votes: Votes, weights: NDArray[np.float64] | None = None) -> Plane:
    """The plane of mean-imputed, centred votes, each person counted by weight (1 where none is given).

    With X the centred matrix (unsaid = 0): C = X'X / (n - 1), the two leading eigenvectors V; the
    largest loading of each is positive; a person stands at X V sqrt(m / own votes), m being the number
    of ideas, so that who said little is not drawn to the middle. An axis without any difference is 0.
    Source: Small et al. 2021; the scaling is Polis' "sparsity aware projection", extremity its length
    of an idea's own projection.
    """
    m = len(votes.ideas)
    weight = np.ones(votes.people) if weights is None else weights
    means = votes.means(weight)
    covariance = np.zeros((m, m))
    for people, block in votes.centred_blocks(means):
        covariance += block.T @ (block * weight[people, None])
    covariance /= max(weight.sum() - 1, 1)
    loadings, strengths = _leading(covariance)
    scale = np.sqrt(m / np.maximum(votes.own, 1))
    coordinates = np.zeros((votes.people, 2))
    for people, block in votes.centred_blocks(means):
        coordinates[people] = block @ loadings * scale[people, None]
    total = float(np.trace(covariance))
    return Plane(
        coordinates=np.round(coordinates, DIGITS) + 0.0,
        loadings=loadings,
        shares=tuple(
            round(each / total, DIGITS) if total > _NOTHING else 0.0 for each in strengths
        ),  # type: ignore[arg-type]  # two strengths
        extremity=np.abs(1 - means) * np.sqrt(m) * np.hypot(loadings[:, 0], loadings[:, 1]),
    )


def _leading(covariance: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[float]]:
    """The two leading eigenvectors as columns, and their eigenvalues; zeros where there is no difference."""
    m = len(covariance)
    loadings, strengths = np.zeros((m, 2)), [0.0, 0.0]
    if not m:
        return loadings, strengths
    values, vectors = np.linalg.eigh(covariance)
    for axis in range(min(2, m)):
        strength, vector = float(values[-1 - axis]), vectors[:, -1 - axis]
        if strength <= _NOTHING:
            continue
        size = np.abs(vector)
        largest = np.flatnonzero(size >= size.max() - _TIE)[0]
        loadings[:, axis] = vector * np.sign(vector[largest])
        strengths[axis] = strength
    return loadings, strengths
