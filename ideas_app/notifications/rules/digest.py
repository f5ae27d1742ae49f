"""How notices are grouped by idea, in the inbox and in the daily mail, and where the mail ends. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

T = TypeVar("T")

SUBJECTS_SHOWN = 10
LINES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Bundle(Generic[T]):
    """What happened to one thing, newest first."""

    key: Hashable
    items: list[T] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """One idea of a digest: its newest notices, and how many more there are."""

    items: list[T]
    more: int


@dataclass(frozen=True, slots=True)
class Digest(Generic[T]):
    """A daily mail: the ideas with the newest notices, and how many notices on others it leaves out."""

    lines: list[Line[T]]
    more: int

    @property
    def total(self) -> int:
        """Every notice that it stands for."""
        return self.more + sum(len(line.items) + line.more for line in self.lines)


def bundle(notices: Iterable[T], key: Callable[[T], Hashable]) -> list[Bundle[T]]:
    """Notices, newest first, by the thing they are about; the thing with the newest comes first.

    A notice about nothing in particular (key None) stands alone.
    """
    bundles: list[Bundle[T]] = []
    known: dict[Hashable, Bundle[T]] = {}
    for notice in notices:
        about = key(notice)
        if about is None or about not in known:
            bundles.append(Bundle(about))
            known[about] = bundles[-1]
            bundles[-1].items.append(notice)
        else:
            known[about].items.append(notice)
    return bundles


def arrange(
    notices: Iterable[T],
    key: Callable[[T], Hashable],
    *,
    subjects: int = SUBJECTS_SHOWN,
    lines: int = LINES_SHOWN,
) -> Digest[T]:
    """The digest of notices given newest first: at most so many ideas, each with at most so many lines."""
    bundles = bundle(notices, key)
    shown = [
        Line(each.items[:lines], max(len(each.items) - lines, 0)) for each in bundles[:subjects]
    ]
    return Digest(shown, sum(len(each.items) for each in bundles[subjects:]))
