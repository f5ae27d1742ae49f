"""Times every rule of the kernel on synthetic ballots: `make bench-shortlist`. Never run by CI.

Each rule runs in a process of its own that is forked with the ballots in memory, so the peak memory
is that of the ballots and of this rule. The judge of the tests, abcvoting (exact fractions), is timed
beside on a size that it can do. It is no dependency and pulls in about a gigabyte: install it apart.

    python3 -m venv ../judge && ../judge/bin/pip install abcvoting
    PYTHONPATH=. ../judge/bin/python bench/shortlist.py judge
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import random
import resource
import sys
import time
from collections import Counter
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules import Ballots, Rule, audit, shortlist

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

SEATS = 15
SIZES = {"city": (66_045, 163, 5), "million": (1_000_000, 2_000, 10)}
"""Voters, ideas, approvals of a voter at the mean."""
JUDGED = ((2_000, 100, 6), (10_000, 163, 5))
"""What the judge can do in reasonable time."""
SEED = 20_251_117


def draw_lists(voters: int, ideas: int, mean: int) -> Counter[tuple[int, ...]]:
    """Ballots as they come: a few ideas that many like, each voter leaning to one of ten camps."""
    dice = random.Random(SEED)
    shares = [1 / (place + 8) ** 0.8 for place in range(ideas)]
    homes = [dice.randrange(10) for _ in range(ideas)]
    bounds = [
        list(
            accumulate(
                share * (6 if home == camp else 1)
                for share, home in zip(shares, homes, strict=True)
            )
        )
        for camp in range(10)
    ]
    rows: Counter[tuple[int, ...]] = Counter()
    for _ in range(voters):
        size = dice.randint(1, 2 * mean - 1)
        picked = dice.choices(range(ideas), cum_weights=bounds[dice.randrange(10)], k=size)
        rows[tuple(sorted(set(picked)))] += 1
    return rows


def make_ballots(voters: int, ideas: int, mean: int) -> Ballots:
    """The drawn ballots as the kernel takes them."""
    rows = sorted(draw_lists(voters, ideas, mean).items())
    return Ballots(
        tuple(f"i{number}" for number in range(ideas)),
        tuple(row for row, _ in rows),
        tuple(weight for _, weight in rows),
    )


def measure(work: Callable[[Ballots], object], ballots: Ballots) -> tuple[float, int]:
    """Seconds of the work alone, and peak memory in MiB of a process that does it."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_measure_here, args=(work, ballots, sending))
    process.start()
    sending.close()
    try:
        seconds, kib = receiving.recv()
    finally:
        process.join()
    return seconds, kib // 1024


def _measure_here(work: Callable[[Ballots], object], ballots: Ballots, sending: Connection) -> None:
    started = time.perf_counter()
    work(ballots)
    seconds = time.perf_counter() - started
    sending.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def list_works() -> dict[str, Callable[[Ballots], object]]:
    """What is timed, by its name in the table."""
    works: dict[str, Callable[[Ballots], object]] = {
        rule.value: partial(shortlist, k=SEATS, rule=rule) for rule in Rule
    }
    works["audit of a list"] = lambda b: audit(b, b.ideas[:SEATS], SEATS)
    works["write the file"] = lambda b: b.to_pb()
    works["write and read it"] = lambda b: Ballots.from_pb(b.to_pb())
    return works


def print_kernel(name: str) -> None:
    """The table of one size."""
    voters, ideas, _ = SIZES[name]
    print(f"\n{voters:,} ballots x {ideas:,} ideas, {SEATS} seats, Python {sys.version.split()[0]}")
    print(f"{'':20}{'seconds':>10}{'peak MiB':>10}", flush=True)
    ballots = make_ballots(*SIZES[name])
    for title, work in list_works().items():
        seconds, memory = measure(work, ballots)
        print(f"{title:20}{seconds:>10.2f}{memory:>10,}", flush=True)


def print_judge() -> None:
    """Ours beside abcvoting, on sizes that it can do; whether the lists are equal."""
    if importlib.util.find_spec("abcvoting") is None:
        print("\nabcvoting is not installed here: no comparison. To have one, install it apart:")
        print("    python3 -m venv ../judge && ../judge/bin/pip install abcvoting")
        print("    PYTHONPATH=. ../judge/bin/python bench/shortlist.py judge")
        return
    for size in JUDGED:
        _print_beside(size)


def _print_beside(size: tuple[int, int, int]) -> None:
    from abcvoting import abcrules
    from abcvoting.preferences import Profile

    ballots = make_ballots(*size)
    profile = Profile(len(ballots.ideas))
    for row, weight in zip(ballots.rows, ballots.weights, strict=True):
        profile.add_voters([row] * weight)
    exact = {"algorithm": "standard-fractions", "resolute": True}
    shares = partial(abcrules.compute_equal_shares, profile, SEATS, **exact)
    judges: dict[tuple[Rule, str], Callable[[], object]] = {
        (Rule.MES, "phragmen"): partial(shares, completion="seqphragmen"),
        (Rule.MES, "approval"): partial(shares, completion="av"),
        (Rule.MES, "none"): partial(shares, completion=None),
        (Rule.PHRAGMEN, "none"): partial(abcrules.compute_seqphragmen, profile, SEATS, **exact),
        (Rule.SEQPAV, "none"): partial(abcrules.compute_seqpav, profile, SEATS, resolute=True),
        (Rule.SATISFACTION, "none"): partial(abcrules.compute_sav, profile, SEATS, resolute=True),
        (Rule.APPROVAL, "none"): partial(abcrules.compute_av, profile, SEATS, resolute=True),
    }
    print(f"\n{size[0]:,} ballots x {size[1]:,} ideas, {SEATS} seats, beside abcvoting (exact)")
    print(f"{'':20}{'ours':>10}{'abcvoting':>11}{'times':>8}  same list", flush=True)
    for (rule, completion), judge in judges.items():
        started = time.perf_counter()
        ours = {int(idea[1:]) for idea in shortlist(ballots, SEATS, rule, completion).winners}
        between = time.perf_counter()
        theirs = set(next(iter(judge())))  # type: ignore[call-overload]
        mine, its = between - started, time.perf_counter() - between
        name = f"{rule}/{completion}" if rule is Rule.MES else rule
        same = "yes" if ours == theirs else "NO"
        print(f"{name:20}{mine:>9.3f}s{its:>10.2f}s{its / mine:>8.0f}  {same}", flush=True)


def main() -> None:
    """The tables asked for, all of them without a word."""
    parser = argparse.ArgumentParser(description=__doc__)
    known = [*SIZES, "judge"]
    parser.add_argument("sizes", nargs="*", help=f"{', '.join(known)}; all without a word")
    asked = parser.parse_args().sizes or known
    for name in asked:
        if name not in known:
            parser.error(f"there is no size {name}")
    for name in asked:
        print_judge() if name == "judge" else print_kernel(name)


if __name__ == "__main__":
    main()
