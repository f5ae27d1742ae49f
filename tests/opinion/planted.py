"""Votes with and without groups in them, drawn from a seed."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from ideas_app.opinion.rules import Votes

Rows = list[tuple[list[int], list[int]]]


def camps(people: int, ideas: int, each: int, seed: int = 7) -> tuple[NDArray[np.int64], Rows]:
    """Two camps that disagree about the first half of the ideas: who is in which, and the votes."""
    dice = np.random.default_rng(seed)
    camp = dice.integers(0, 2, people)
    agrees = np.full((2, ideas), 0.6)
    agrees[0, : ideas // 2], agrees[1, : ideas // 2] = 0.9, 0.1
    return camp, draw(dice, agrees[camp], each)


def noise(people: int, ideas: int, each: int, seed: int = 7) -> Rows:
    """Everybody draws from the same chances."""
    dice = np.random.default_rng(seed)
    return draw(dice, np.tile(dice.uniform(0.3, 0.7, ideas), (people, 1)), each)


def draw(dice: np.random.Generator, agrees: NDArray[np.float64], each: int) -> Rows:
    rows = []
    for chances in agrees:
        columns = dice.choice(len(chances), each, replace=False)
        passes = dice.random(each) < 0.1
        votes = np.where(dice.random(each) < chances[columns], 1, -1)
        rows.append((columns.tolist(), np.where(passes, 0, votes).tolist()))
    return rows


def matrix(rows: Rows, ideas: int) -> Votes:
    return Votes.from_rows([f"i{number}" for number in range(ideas)], rows)


def dense(rows: Rows, ideas: int) -> NDArray[np.float64]:
    """The same with NaN where nothing was said."""
    found = np.full((len(rows), ideas), np.nan)
    for place, (columns, votes) in enumerate(rows):
        found[place, columns] = votes
    return found


def csv_of(rows: Rows, ideas: int, *, names: bool = False, end: str = "\n") -> bytes:
    """The same as a file."""
    file = io.StringIO()
    head = [f"i{number}" for number in range(ideas)]
    file.write(",".join(["person", *head] if names else head) + end)
    for place, row in enumerate(dense(rows, ideas)):
        cells = ["" if np.isnan(vote) else str(int(vote)) for vote in row]
        file.write(",".join([f"p{place}", *cells] if names else cells) + end)
    return file.getvalue().encode()
