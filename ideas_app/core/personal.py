"""The register of what the rooms keep of people: each says so itself in its role file `personal`.

A room tells what it holds (how the person reads it, how long it is kept, what becomes of it when the person
leaves), in which columns no more than an account's number stands, and how it forgets. Download, preview and
deletion are worked out from this register alone, so that nobody keeps a second list. A test walks every table:
a column that leads to an account or to a person on the rosters and that no room speaks for is a fault.

Must not know any room, table or language.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flask_babel import LazyString

    Rows = Iterable[Mapping[str, Any]]

Kind: TypeAlias = Literal["text", "int", "date", "datetime", "bool", "phone"]


class Texts(StrEnum):
    """What somebody who leaves wants for their published ideas and comments."""

    STAY = "stay"
    """They stay without a name."""
    GO = "go"
    """They go, but for ideas that others have built upon."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of what a person reads: the key of its value, what it is called, the kind of value."""

    key: str
    title: LazyString
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Holding:
    """One list of things that a room keeps of a person."""

    key: str
    """Also the name of its file."""
    title: LazyString
    columns: tuple[Column, ...]
    read: Callable[[int], Rows]
    """The rows of one account, oldest first, plain values by the columns' keys."""
    kept: LazyString
    """How long it is kept while the account stands."""
    leaving: LazyString
    """What becomes of it when the person leaves."""
    places: tuple[str, ...] = ()
    """The columns (`table.column`) that lead to the person."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Columns that hold the number of an account and nothing else of it.

    The row of somebody who left is emptied, so that such a number names nobody; `why` says what it is for.
    """

    places: tuple[str, ...]
    why: str


@dataclass(slots=True)
class Leaving:
    """Somebody who leaves, while the rooms forget them from the ground up."""

    account_id: int
    nickname: str
    texts: Texts
    gone: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By kind of thing, the ids of what was emptied: rooms above forget what they hold about it."""


@dataclass(frozen=True, slots=True)
class Balance:
    """One line of the preview: how many there are, and how many stay by either choice, without a name."""

    title: LazyString
    total: int
    stay: int
    """How many stay where texts stay."""
    go: int
    """How many stay where texts go."""
    why: LazyString | str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What one room declared."""

    name: str
    holdings: tuple[Holding, ...] = ()
    traces: tuple[Trace, ...] = ()
    forget: Callable[[Leaving], None] | None = None
    preview: Callable[[int], Iterable[Balance]] | None = None


_rooms: dict[str, Room] = {}
_withdrawals: dict[str, Callable[[int], None]] = {}


def declare(room: Room) -> None:
    """Registers what a room keeps; the rooms forget in the order in which they were declared."""
    _rooms[room.name] = room


def rooms() -> list[Room]:
    """What every room declared, from the ground up."""
    return list(_rooms.values())


def holdings() -> list[Holding]:
    """Everything that is kept of people, from the ground up."""
    return [holding for room in _rooms.values() for holding in room.holdings]


def places() -> list[str]:
    """Every column that some room speaks for."""
    named = [place for holding in holdings() for place in holding.places]
    return named + [place for room in rooms() for trace in room.traces for place in trace.places]


def preview(account_id: int) -> list[Balance]:
    """What would stay and go if a person left now; lines of things there are none of are left out."""
    asked = [room.preview(account_id) for room in rooms() if room.preview is not None]
    return [line for lines in asked for line in lines if line.total]


def forget(leaving: Leaving) -> None:
    """Has every room forget somebody, within the caller's transaction: all of them or none."""
    for room in rooms():
        if room.forget is not None:
            room.forget(leaving)


def on_withdrawal(kind: str, act: Callable[[int], None]) -> None:
    """Registers what ends at once when a person (by account id) takes a consent of this kind back."""
    _withdrawals[kind] = act


def withdraw(account_id: int, kind: str) -> None:
    """Ends what depended on a consent, within the caller's transaction."""
    act = _withdrawals.get(kind)
    if act is not None:
        act(account_id)
