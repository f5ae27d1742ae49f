"""The matrix of votes: people by ideas, only what was said, in an order of its own.

Must not know what is computed from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from ideas_app.core.later import later
from ideas_app.opinion.rules.errors import MapError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray
else:
    np = later("numpy")

VERSION = "opinion-map 1"
"""Part of the digest: a change of the arithmetic must not find the results of the old one."""
BLOCK = 2048
"""People that are spread out to a dense matrix at a time: memory stays small."""


@dataclass(frozen=True)
class Votes:
    """Votes of people on ideas: 1 agrees, -1 disagrees, 0 passes; what was not said is not there.

    People lie sorted by what they said, so that neither the order of a file nor the numbers of
    accounts decide anything; `places[i]` is the row, as given, of the person who lies at i.
    """

    ideas: tuple[str, ...]
    starts: NDArray[np.int64]
    """Person i said `columns[starts[i]:starts[i + 1]]`."""
    columns: NDArray[np.int32]
    values: NDArray[np.int8]
    places: NDArray[np.int64]

    @classmethod
    def from_rows(
        cls, ideas: Sequence[str], rows: Iterable[tuple[Sequence[int], Sequence[int]]]
    ) -> Votes:
        """The matrix of rows, each the columns that a person voted on and the votes.

        Raises `MapError` (duplicate_idea, unknown_idea, duplicate_vote, bad_value).
        """
        if len(set(ideas)) < len(ideas):
            raise MapError("duplicate_idea", "an idea stands in the matrix twice")
        sorted_rows = []
        for place, (columns, values) in enumerate(rows):
            said, votes = np.asarray(columns, np.int64), np.asarray(values, np.int64)
            order = np.argsort(said, kind="stable")
            said, votes = said[order], votes[order]
            _check(said, votes, len(ideas), place)
            sorted_rows.append(
                (said.astype(">i4").tobytes(), votes.astype(np.int8).tobytes(), place)
            )
        sorted_rows.sort()
        lengths = [len(votes) for _said, votes, _place in sorted_rows]
        return cls(
            ideas=tuple(ideas),
            starts=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
            columns=np.frombuffer(b"".join(row[0] for row in sorted_rows), ">i4").astype(np.int32),
            values=np.frombuffer(b"".join(row[1] for row in sorted_rows), np.int8),
            places=np.array([row[2] for row in sorted_rows], np.int64),
        )

    @property
    def people(self) -> int:
        """How many rows there are, those without a vote too."""
        return len(self.places)

    @cached_property
    def own(self) -> NDArray[np.int64]:
        """How many votes each person gave."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The person of each vote."""
        return np.repeat(np.arange(self.people), self.own)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the ideas in their order and of what was said, whoever said it."""
        summed = sha256(json.dumps([VERSION, *self.ideas]).encode())
        for part in (self.own.astype(">i8"), self.columns.astype(">i4"), self.values):
            summed.update(part.tobytes())
        return summed.hexdigest()

    def take(self, people: NDArray[np.int64]) -> Votes:
        """The same matrix with only these people, in the given order."""
        lengths = self.own[people]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        picks = np.arange(starts[-1]) + np.repeat(self.starts[people] - starts[:-1], lengths)
        return Votes(
            self.ideas, starts, self.columns[picks], self.values[picks], self.places[people]
        )

    def means(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean vote on each idea over those who gave one, people counted by weight."""
        weight = weights[self.rows]
        size = len(self.ideas)
        total = np.bincount(self.columns, weight * self.values, size)
        given = np.bincount(self.columns, weight, size)
        return np.divide(total, given, out=np.zeros(size), where=given > 0)

    def centred_blocks(
        self, means: NDArray[np.float64]
    ) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """Stretches of people and their dense rows: each vote less the idea's mean, 0 where none was
        given, which is what filling in the mean and centring would give.
        """
        for first in range(0, self.people, BLOCK):
            last = min(first + BLOCK, self.people)
            said = slice(self.starts[first], self.starts[last])
            columns = self.columns[said]
            block = np.zeros((last - first, len(self.ideas)))
            block[self.rows[said] - first, columns] = self.values[said] - means[columns]
            yield slice(first, last), block


def _check(said: NDArray[np.int64], votes: NDArray[np.int64], ideas: int, place: int) -> None:
    if not len(said):
        return
    if said[0] < 0 or said[-1] >= ideas:
        raise MapError("unknown_idea", f"row {place} votes on an idea that is not in the matrix")
    if (said[1:] == said[:-1]).any():
        raise MapError("duplicate_vote", f"row {place} votes twice on one idea")
    if (np.abs(votes) > 1).any():
        raise MapError("bad_value", f"row {place} has a vote that is not 1, -1 or 0")
