"""How firmly each idea stands: the list of many resampled ballot boxes. Must not know texts."""

from __future__ import annotations

import struct
from collections import Counter
from enum import StrEnum
from fractions import Fraction
from itertools import chain, repeat
from random import Random
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.election import pose, run_election
from ideas_app.shortlists.rules.electorate import Electorate
from ideas_app.shortlists.rules.results import Completion, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ideas_app.shortlists.rules.ballots import Ballots


class Firmness(StrEnum):
    """A word for the page: `close` asks people to decide, `out` is clearly off the list."""

    SAFE = "safe"
    LIKELY = "likely"
    CLOSE = "close"
    OUT = "out"


def stability(  # noqa: PLR0913 - the question of a count, and how to draw
    b: Ballots,
    k: int,
    rule: Rule | str = Rule.MES,
    *,
    seed: int,
    runs: int = 200,
    completion: Completion | str = Completion.PHRAGMEN,
    excluded: Collection[str] = (),
    forced: Collection[str] = (),
    tell: Callable[[int, int], None] | None = None,
) -> dict[str, Fraction]:
    """Share of `runs` resamplings in which each eligible idea is on the list, in tie order.

    Each run draws as many ballots as there are, with replacement. Publish the seed: the same seed
    gives the same shares on any machine. `tell(done, all)` is called after each run. Raises `TallyError` as
    `shortlist`.
    """
    election = pose(b.merged(), k, rule, completion, excluded, forced)
    # merged: which ballots a draw hits must not depend on how the caller had them in memory
    electorate = Electorate.of(b.merged(), election.excluded)
    owners = list(chain.from_iterable(map(repeat, range(len(electorate.rows)), electorate.weights)))
    dice = Random(seed)  # noqa: S311 - must be repeatable by anyone, nothing is secret here
    listed: Counter[int] = Counter()
    for done in range(1, runs + 1):
        sample = electorate.reweighted(draw_weights(dice, owners, len(electorate.rows)))
        listed.update(run_election(sample, election).chosen)
        if tell:
            tell(done, runs)
    return {b.ideas[idea]: Fraction(listed[idea], runs) for idea in electorate.eligible}


def draw_weights(dice: Random, owners: list[int], rows: int) -> list[int]:
    """Draw len(owners) ballots with replacement; how often each row was hit.

    `owners[ballot]` is the ballot's row. Only raw 32-bit words of the generator are used (little
    endian, those that would favour some ballots thrown away): what `random` makes of them may
    change between versions of Python, the words may not.
    """
    size = len(owners)
    weights = [0] * rows
    left = size
    while left:
        words = struct.unpack(f"<{left}I", dice.getrandbits(32 * left).to_bytes(4 * left, "little"))
        fair = 2**32 // size * size
        hits = [owners[word % size] for word in words if word < fair]
        for row, count in Counter(hits).items():
            weights[row] += count
        left -= len(hits)
    return weights


def judge_firmness(
    *, is_listed: bool, share: Fraction, votes_short: int | None, n: int
) -> Firmness:
    """Listed: safe from 90 %, likely from 75 %, else close. Off the list: close or out.

    Off the list it is close when listed in more than a quarter of the runs, or short by at most 5
    votes or half a per cent of the n ballots.
    """
    if is_listed:
        if share >= Fraction(9, 10):
            return Firmness.SAFE
        return Firmness.LIKELY if share >= Fraction(3, 4) else Firmness.CLOSE
    if share > Fraction(1, 4):
        return Firmness.CLOSE
    near = votes_short is not None and votes_short <= max(Fraction(5), Fraction(n, 200))
    return Firmness.CLOSE if near else Firmness.OUT
