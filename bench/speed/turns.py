"""Alternating turns: every probe for some seconds, round after round, and what came out in the middle.

What others use of the machine meets all probes alike; a turn that was disturbed is taken again while patience lasts.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.speed.load import CONNECTIONS, press
from bench.speed.machine import drain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.speed.load import Slice, Target
    from bench.speed.machine import Patience

DISTURBED = 0.5
"""Cores that others used in a turn, from which on it is taken again."""
WARM_UP = 1.0


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that is asked for, of one server."""

    key: str
    title: str
    target: Target
    script: str
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """All turns of a probe."""

    probe: Probe
    turns: list[Slice]

    def median(self, read: Callable[[Slice], float]) -> float:
        """The middle of the turns."""
        return statistics.median(read(one) for one in self.turns)

    @property
    def tail(self) -> float:
        """How many times the middle answer the slowest of a hundred took: the middle of the turns."""
        return self.median(lambda one: one.p99 / max(one.p50, 0.001))

    @property
    def longest(self) -> float:
        """Milliseconds of the longest answer of all turns."""
        return max(one.longest for one in self.turns)

    @property
    def refused(self) -> int:
        """Requests that were not answered, or not with what was asked for."""
        return sum(one.refused for one in self.turns)

    @property
    def answered(self) -> int:
        """Requests that were answered."""
        return sum(one.requests for one in self.turns)


def ratio(result: Result, to: Result, read: Callable[[Slice], float]) -> float:
    """The middle over the rounds of one probe's figure to another's in the same round."""
    pairs = zip(result.turns, to.turns, strict=True)
    return statistics.median(read(one) / max(read(other), 1e-9) for one, other in pairs)


def rate(one: Slice) -> float:
    """Requests a second."""
    return one.rate


def cpu(one: Slice) -> float:
    """Milliseconds of processor time a request, of server and database."""
    return one.cpu


def take_turns(
    probes: Sequence[Probe], *, rounds: int, seconds: float, patience: Patience
) -> dict[str, Result]:
    """Every probe once a round, after a warm-up of each."""
    for probe in probes:
        _turn(probe, WARM_UP)
    results = {probe.key: Result(probe, []) for probe in probes}
    for number in range(1, rounds + 1):
        for probe in probes:
            patience.wait()
            taken = _turn(probe, seconds)
            if taken.foreign > DISTURBED and patience.left > 0:
                patience.left -= seconds
                patience.wait()
                taken = _turn(probe, seconds)
            results[probe.key].turns.append(taken)
        print(f"  round {number} of {rounds}: {_line(results)}", flush=True)
    return results


def _turn(probe: Probe, seconds: float) -> Slice:
    taken = press(probe.target, probe.script, seconds, writes=probe.writes)
    drain(probe.target.roots())
    if probe.writes:
        probe.target.acknowledged += taken.requests - taken.refused
        probe.target.cut_off += CONNECTIONS
    return taken


def _line(results: dict[str, Result]) -> str:
    return ", ".join(f"{key} {one.turns[-1].rate:.0f}/s" for key, one in results.items())
