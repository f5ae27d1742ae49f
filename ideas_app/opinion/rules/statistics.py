"""Figures of each idea: over everybody, and in each group against the others.

Sources: Polis `math/stats.clj`, `math/repness.clj` and `math/conversation.clj`; red-dwarf's `stats`.
Must not know where people stand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.later import later
from ideas_app.opinion.rules.projection import DIGITS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ideas_app.opinion.rules.votes import Votes

    Figures = NDArray[np.float64]
else:
    np = later("numpy")

Z_90 = 1.2816
"""One-sided 90 %: what Polis calls significant."""
MIN_GROUP_VOTES = 10
"""An idea divides groups only if each of them gave it so many votes."""


AGREE, DISAGREE = "agree", "disagree"


@dataclass(frozen=True, slots=True)
class Notable:
    """An idea that tells a group from the others, and whether it agrees with it or disagrees."""

    idea: str
    stance: str


@dataclass(frozen=True, slots=True)
class Share:
    """How one group (or everybody) stands to one idea."""

    votes: int
    """Passes count: somebody who passes has seen the idea."""
    agree: int
    disagree: int
    p_agree: float
    z_agree: float
    p_disagree: float
    z_disagree: float
    r_agree: float | None = None
    """p_agree here divided by p_agree among the other groups; None for everybody."""
    rz_agree: float | None = None
    r_disagree: float | None = None
    rz_disagree: float | None = None


@dataclass(frozen=True, slots=True)
class IdeaLine:
    """One idea of the map."""

    id: str
    everybody: Share
    extremity: float
    priority: float
    groups: tuple[Share, ...] = ()
    consensus: float | None = None
    """Group-aware: the product of p_agree over the groups; None without groups."""
    divisive: float | None = None
    """max - min of p_agree over the groups; None without groups or with too few votes in one."""


def probability(count: Figures, votes: Figures) -> Figures:
    """(count + 1) / (votes + 2): the share that agrees, drawn to a half while few have voted."""
    return (count + 1) / (votes + 2)


def z_of_half(count: Figures, votes: Figures) -> Figures:
    """2 sqrt(n + 1) ((s + 1) / (n + 1) - 1/2): how sure it is that more than half agree."""
    return 2 * np.sqrt(votes + 1) * ((count + 1) / (votes + 1) - 0.5)


def z_of_two(count: Figures, votes: Figures, count_out: Figures, votes_out: Figures) -> Figures:
    """The z of two proportions, 1 added to each of the four numbers; 0 where everybody agrees."""
    s, n, s_out, n_out = count + 1, votes + 1, count_out + 1, votes_out + 1
    pooled = (s + s_out) / (n + n_out)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n + 1 / n_out))
    return np.divide(s / n - s_out / n_out, spread, out=np.zeros_like(spread), where=spread > 0)


def priority(agree: Figures, passed: Figures, votes: Figures, extremity: Figures) -> Figures:
    """How much is to be learned from showing an idea next (Polis' comment priority):
    [p_agree (1 - p_pass) (1 + extremity) (1 + 8 * 2^(-n/5))]^2, larger first.
    """
    importance = probability(agree, votes) * (1 - probability(passed, votes)) * (1 + extremity)
    return (importance * (1 + 8 * 2 ** (-votes / 5))) ** 2


def idea_lines(votes: Votes, extremity: Figures, labels: NDArray[np.int64]) -> list[IdeaLine]:
    """The lines of all ideas in their order. `labels`: the group of each person from 0, or -1."""
    k = int(labels.max(initial=-1)) + 1
    whole = _count(votes, np.ones(votes.people, bool))
    parts = [_count(votes, labels == group) for group in range(k)]
    everybody = _shares(whole, None)
    in_groups = [
        _shares(part, [total - one for total, one in zip(_sum(parts), part, strict=True)])
        for part in parts
    ]
    agree, disagree, given = whole
    rank = priority(agree, given - agree - disagree, given, extremity)
    lines = []
    for place, idea in enumerate(votes.ideas):
        shares = tuple(group[place] for group in in_groups)
        likely = [share.p_agree for share in shares]
        enough = shares and min(share.votes for share in shares) >= MIN_GROUP_VOTES
        lines.append(
            IdeaLine(
                id=idea,
                everybody=everybody[place],
                extremity=_round(extremity[place]),
                priority=_round(rank[place]),
                groups=shares,
                consensus=_round(math.prod(likely)) if shares else None,
                divisive=_round(max(likely) - min(likely)) if enough else None,
            )
        )
    return lines


def consensus_of(lines: list[IdeaLine]) -> list[str]:
    """Ids of ideas that most agree with: p > 1/2 and z > 1.2816 over everybody, by p * z."""
    found = [line for line in lines if _holds(line.everybody.p_agree, line.everybody.z_agree)]
    return [line.id for line in sorted(found, key=_agreement)]


def _agreement(line: IdeaLine) -> float:
    return -line.everybody.p_agree * line.everybody.z_agree


def rejected_of(lines: list[IdeaLine]) -> list[str]:
    """Ids of ideas that most disagree with, by the same rule."""
    shares = [(line.id, line.everybody.p_disagree, line.everybody.z_disagree) for line in lines]
    found = [(p * z, idea) for idea, p, z in shares if _holds(p, z)]
    return [idea for _score, idea in sorted(found, key=lambda one: -one[0])]


def divisive_of(lines: list[IdeaLine]) -> list[str]:
    """Ids of ideas on which the groups differ, those they differ on most first."""
    found = [line for line in lines if line.divisive]
    return [line.id for line in sorted(found, key=lambda line: -(line.divisive or 0))]


def stands_out(lines: list[IdeaLine], group: int) -> list[Notable]:
    """What a group agrees (or disagrees) with, surely and surely more than the others: p > 1/2, both z
    over 1.2816; by p * z * r * rz (Polis' "repness" metric), the strongest first.
    """
    found = []
    for line in lines:
        share = line.groups[group]
        for stance, p, z, r, rz in (
            (AGREE, share.p_agree, share.z_agree, share.r_agree, share.rz_agree),
            (DISAGREE, share.p_disagree, share.z_disagree, share.r_disagree, share.rz_disagree),
        ):
            if _holds(p, z) and (rz or 0) > Z_90:
                found.append((p * z * (r or 0) * (rz or 0), Notable(line.id, stance)))
    return [notable for _score, notable in sorted(found, key=lambda one: -one[0])]


def _holds(p: float, z: float) -> bool:
    return p > 0.5 and z > Z_90


def _count(votes: Votes, who: NDArray[np.bool_]) -> list[Figures]:
    """Agreeing, disagreeing and all votes of some people on each idea."""
    theirs = who[votes.rows]
    columns, values, size = votes.columns[theirs], votes.values[theirs], len(votes.ideas)
    return [
        np.bincount(columns[values == 1], minlength=size).astype(float),
        np.bincount(columns[values == -1], minlength=size).astype(float),
        np.bincount(columns, minlength=size).astype(float),
    ]


def _sum(parts: list[list[Figures]]) -> list[Figures]:
    return [np.sum([part[number] for part in parts], axis=0) for number in range(3)]


def _shares(here: list[Figures], out: list[Figures] | None) -> list[Share]:
    agree, disagree, given = here
    columns = [
        *(probability(agree, given), z_of_half(agree, given)),
        *(probability(disagree, given), z_of_half(disagree, given)),
    ]
    if out is not None:
        for count, count_out in ((agree, out[0]), (disagree, out[1])):
            columns.append(probability(count, given) / probability(count_out, out[2]))
            columns.append(z_of_two(count, given, count_out, out[2]))
    rows = np.stack(columns, axis=1) if len(agree) else np.zeros((0, len(columns)))
    return [
        Share(int(given[place]), int(agree[place]), int(disagree[place]), *map(_round, row))
        for place, row in enumerate(rows)
    ]


def _round(value: float) -> float:
    return round(float(value), DIGITS) + 0.0
