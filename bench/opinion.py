"""Times the opinion map on drawn votes: `make bench-opinion`. Never run by CI.

Each size runs in a process of its own, so the peak memory is that of its votes and of the map.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time

import numpy as np

from ideas_app.opinion.rules import Votes, opinion_map

SIZES = {"small": (1_000, 100, 30), "city": (10_000, 500, 30), "large": (100_000, 1_000, 30)}
"""People, ideas, votes of each."""
SEED = 20_251_117
AGREES = ((0.85, 0.25, 0.6), (0.25, 0.85, 0.6))
"""How likely each of two camps agrees with each third of the ideas."""


def draw_votes(people: int, ideas: int, each: int) -> Votes:
    """Two camps that differ about two thirds of the ideas."""
    dice = np.random.default_rng(SEED)
    rows = []
    for _person in range(people):
        camp = AGREES[int(dice.integers(2))]
        columns = dice.choice(ideas, each, replace=False)
        likely = np.array([camp[int(column) % 3] for column in columns])
        rows.append((columns.tolist(), np.where(dice.random(each) < likely, 1, -1).tolist()))
    return Votes.from_rows([f"i{number}" for number in range(ideas)], rows)


def measure(name: str) -> None:
    """Draws the votes of a size and tells what their map cost."""
    people, ideas, each = SIZES[name]
    votes = draw_votes(people, ideas, each)
    begun = time.perf_counter()
    found = opinion_map(votes)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sizes = [group.size for group in found.groups or ()]
    print(
        f"{name:<6} {people:>8,} people x {ideas:>5,} ideas  {seconds:6.1f} s  {memory:>5,} MiB  "
        f"groups {sizes or found.why_none}, silhouette {found.silhouette}, stability {found.stability}"
    )


def main() -> None:
    """Measures the sizes that are named, or the first two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["small", "city"], metavar="|".join(SIZES))
    context = multiprocessing.get_context("spawn")
    for name in parser.parse_args().sizes:
        process = context.Process(target=measure, args=(name,))
        process.start()
        process.join()


if __name__ == "__main__":
    main()
