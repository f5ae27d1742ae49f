"""Ballots as the kernel takes them: ideas in tie order, equal ballots merged to weights.

Must not know who voted, when, or from which group: nothing of that may reach the published file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from itertools import takewhile
from operator import lt
from typing import TYPE_CHECKING, Literal

from ideas_app.shortlists.rules.errors import TallyError
from ideas_app.shortlists.rules.pabulib import (
    META_ORDER,
    SECTIONS,
    clean_text,
    decode_pabulib,
    find_id_fault,
    order_meta,
    read_pabulib,
    write_pabulib,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Self

    from ideas_app.shortlists.rules.pabulib import PabulibContent


@dataclass(frozen=True, slots=True)
class Ballots:
    """Approval ballots over ideas, anonymous.

    `ideas`: ids; their order is the tie order. `rows`: ascending positions in `ideas`, never
    empty. `weights`: how many ballots say the same, positive integers. `empty`: ballots without an
    approval, reported but never in N. `titles`: one per idea, or none at all. `meta`: what else the
    file says in META (seats, rule, completion, description ...), brought into canonical order.

    Raises `TallyError`: bad_format, bad_weight, duplicate_idea_id, duplicate_in_ballot,
    unknown_idea.
    """

    ideas: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    weights: tuple[int, ...]
    empty: int = 0
    titles: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "meta", order_meta(self.meta))
        object.__setattr__(self, "titles", tuple(clean_text(title) for title in self.titles))
        _check_ideas(self.ideas, self.titles)
        _check_rows(self.rows, len(self.ideas))
        _check_weights(self.weights, len(self.rows), self.empty)
        for key, _ in self.meta:
            if not key or key.lower() in SECTIONS:
                raise TallyError("bad_format", f"META cannot have a key {key!r}.")

    @classmethod
    def from_lists(
        cls,
        ideas: Iterable[str],
        lists: Iterable[Collection[str]],
        *,
        unknown: Literal["error", "drop"] = "error",
        titles: Mapping[str, str] | None = None,
    ) -> Self:
        """Ballots from lists of approved ids, merged; `ideas` comes in tie order.

        An id that is not among `ideas` is an error, or with `unknown="drop"` left out. Raises
        `TallyError` whose `line` is the number of the ballot.
        """
        known = tuple(ideas)
        position = {idea: place for place, idea in enumerate(known)}
        rows: Counter[tuple[int, ...]] = Counter()
        for number, names in enumerate(lists, start=1):
            if unknown == "error" and not position.keys() >= set(names):
                message = "A ballot names an idea that is not in the list."
                raise TallyError("unknown_idea", message, line=number)
            row = tuple(sorted(position[name] for name in names if name in position))
            if len(set(row)) != len(row):
                message = "A ballot names an idea twice."
                raise TallyError("duplicate_in_ballot", message, line=number)
            rows[row] += 1
        empty = rows.pop((), 0)
        return cls(
            known,
            *_sort_counted(rows),
            empty=empty,
            titles=tuple(titles.get(idea, "") for idea in known) if titles else (),
        )

    @classmethod
    def from_pb(cls, source: str | bytes, *, canonical: bool = False) -> Self:
        """Ballots of a Pabulib file, merged; the order of its projects is the tie order.

        With `canonical=True` the file must be, byte for byte, what `to_pb` writes: otherwise
        `not_canonical` with the first line that differs. Raises `TallyError` (also bad_format,
        duplicate_idea_id, duplicate_in_ballot, unknown_idea), with the line where there is one.
        """
        text = decode_pabulib(source)
        found = cls.from_content(read_pabulib(text))
        if canonical:
            line = find_changed_line(text.encode(), found.to_pb())
            if line is not None:
                message = "The file is not in canonical form: a count or a line has been changed."
                raise TallyError("not_canonical", message, line=line)
        return found

    @classmethod
    def from_content(cls, content: PabulibContent) -> Self:
        """Ballots of what was read from a file. Raises `TallyError` as `from_pb`, without lines."""
        return cls(
            tuple(content.ideas),
            *_sort_counted(content.rows),
            empty=content.empty,
            titles=tuple(content.titles),
            meta=tuple(content.meta.items()),
        )

    @property
    def count(self) -> int:
        """Ballots with at least one approval."""
        return sum(self.weights)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical file, in hexadecimal."""
        return hashlib.sha256(self.to_pb()).hexdigest()

    @property
    def approvals(self) -> dict[str, int]:
        """How many ballots approve each idea, in tie order."""
        counts = [0] * len(self.ideas)
        for row, weight in zip(self.rows, self.weights, strict=True):
            for position in row:
                counts[position] += weight
        return dict(zip(self.ideas, counts, strict=True))

    def find_meta(self, key: str) -> str | None:
        """The value of a META key that the ballots carry, or None."""
        return dict(self.meta).get(key)

    @property
    def incompatible(self) -> tuple[tuple[str, str], ...]:
        """Pairs of ideas that cannot stand on one list, as META says: "i3,i7 i5,i9".

        Read only in files that also say the seats: in other people's the key means something else.
        Raises `TallyError`: bad_format for what is no pair, unknown_idea.
        """
        said = self.find_meta("incompatible") if self.find_meta("seats") else None
        return read_pairs(said, self.ideas) if said else ()

    def with_meta(self, **entries: object) -> Self:
        """A copy whose META says this too: seats, rule, completion, description, unit ..."""
        added = {key: str(value) for key, value in entries.items()}
        return replace(self, meta=tuple((dict(self.meta) | added).items()))

    def merged(self) -> Self:
        """A copy in canonical form: equal ballots joined, sorted by content."""
        rows: Counter[tuple[int, ...]] = Counter()
        for row, weight in zip(self.rows, self.weights, strict=True):
            rows[row] += weight
        found, weights = _sort_counted(rows)
        return replace(self, rows=found, weights=weights)

    def without(self, excluded: Collection[str]) -> Self:
        """A copy without these ideas. Ballots that lose their last approval count as empty."""
        check_known(self.ideas, excluded)
        excluded = frozenset(excluded)
        kept = [place for place, idea in enumerate(self.ideas) if idea not in excluded]
        new = {old: place for place, old in enumerate(kept)}
        rows: Counter[tuple[int, ...]] = Counter()
        for row, weight in zip(self.rows, self.weights, strict=True):
            rows[tuple(new[place] for place in row if place in new)] += weight
        empty = self.empty + rows.pop((), 0)
        found, weights = _sort_counted(rows)
        said = dict(self.meta)
        left = [pair for pair in self.incompatible if excluded.isdisjoint(pair)]
        if self.incompatible:
            said["incompatible"] = write_pairs(left)
        return replace(
            self,
            meta=tuple((key, value) for key, value in said.items() if value),
            ideas=tuple(self.ideas[place] for place in kept),
            titles=tuple(self.titles[place] for place in kept) if self.titles else (),
            rows=found,
            weights=weights,
            empty=empty,
        )

    def to_pb(self) -> bytes:
        """The canonical Pabulib file: the same ballots give the same bytes on any machine.

        Budget = the seats in META, without them the number of ideas. Ballots are sorted by content,
        so the file says nothing about who voted first.
        """
        whole = self.merged()
        said = dict(self.meta)
        said |= {
            "num_projects": str(len(self.ideas)),
            "num_votes": str(self.count),
            "budget": said.get("seats", str(len(self.ideas))),
            "vote_type": "approval",
            "empty": str(self.empty),
        }
        first = [(key, said.pop(key)) for key in META_ORDER if key in said]
        titles = self.titles or ("",) * len(self.ideas)
        counts = self.approvals
        return write_pabulib(
            first + sorted(said.items()),
            [(i, counts[i], title) for i, title in zip(self.ideas, titles, strict=True)],
            zip(whole.rows, whole.weights, strict=True),
        )


def tie_order(round_id: object, idea_ids: Iterable[str]) -> tuple[str, ...]:
    """The ids in the order that breaks ties: SHA-256 of "round:idea", ascending.

    Fixed as soon as the round has its name, so nobody can choose a position: a lot drawn in
    advance that anyone can draw again.
    """

    def draw(idea: str) -> str:
        return hashlib.sha256(f"{round_id}:{idea}".encode()).hexdigest()

    return tuple(sorted(idea_ids, key=draw))


def write_pairs(pairs: Iterable[Collection[str]]) -> str:
    """Pairs of ids as META holds them: each sorted, in sorted order, whoever named them how."""
    return " ".join(sorted({",".join(sorted(pair)) for pair in pairs}))


def read_pairs(said: str, ideas: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The pairs that `write_pairs` has written. Raises `TallyError`: bad_format, unknown_idea."""
    pairs = []
    for part in said.split():
        one, comma, other = part.partition(",")
        if not comma or "," in other or one == other:
            raise TallyError("bad_format", f"{part!r} is no pair of ideas.")
        check_known(ideas, (one, other))
        pairs.append((one, other))
    return tuple(pairs)


def find_changed_line(found: bytes, expected: bytes) -> int | None:
    """The first line, from 1, in which the bytes differ; None if they are the same."""
    if found == expected:
        return None
    pairs = zip(found.split(b"\n"), expected.split(b"\n"), strict=False)
    return 1 + len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def check_known(ideas: Collection[str], asked: Iterable[str]) -> None:
    """Raises `TallyError` unknown_idea unless every id asked for stands among the ideas."""
    known = set(ideas)
    for idea in asked:
        if idea not in known:
            raise TallyError("unknown_idea", f"There is no idea {idea}.")


def _sort_counted(
    rows: Counter[tuple[int, ...]],
) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    found = tuple(sorted(rows))
    return found, tuple(map(rows.__getitem__, found))


def _check_ideas(ideas: tuple[str, ...], titles: tuple[str, ...]) -> None:
    if len(set(ideas)) != len(ideas):
        raise TallyError("duplicate_idea_id", "Two ideas have the same id.")
    if titles and len(titles) != len(ideas):
        raise TallyError("bad_format", "There must be one title for each idea.")
    for idea in ideas:
        fault = find_id_fault(idea)
        if fault:
            raise TallyError("bad_format", fault)


def _check_rows(rows: tuple[tuple[int, ...], ...], size: int) -> None:
    for number, row in enumerate(rows, start=1):
        if not row:
            raise TallyError("bad_format", "Empty ballots are counted in `empty`.", line=number)
        if not all(map(lt, row, row[1:])):
            if len(set(row)) != len(row):
                message = "A ballot names an idea twice."
                raise TallyError("duplicate_in_ballot", message, line=number)
            raise TallyError("bad_format", "The positions of a row must ascend.", line=number)
        if row[0] < 0 or row[-1] >= size:
            raise TallyError("unknown_idea", "A ballot names an unknown idea.", line=number)


def _check_weights(weights: tuple[int, ...], rows: int, empty: int) -> None:
    if len(weights) != rows:
        raise TallyError("bad_weight", "There must be one weight for each row.")
    for number, weight in enumerate((*weights, empty + 1), start=1):
        if type(weight) is not int or weight < 1:
            raise TallyError("bad_weight", "A weight is a positive integer.", line=number)
