"""The picture of a map: hexagons that each stand for at least five people, never a point for a person.

Must not know how a hexagon is drawn on a page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from ideas_app.core.later import later

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ideas_app.opinion.rules.mapping import Map
else:
    np = later("numpy")

MIN_CELL = 5
"""People that a hexagon stands for at least; fewer are not drawn."""
_FINEST, _COARSEST = 22, 5
_WANTED = 0.85
_EDGE = 0.995
"""The part of the people who lie within the picture's frame; the few beyond it are drawn at its rim."""
ROW = sqrt(3) / 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One hexagon, its middle in units of the picture: from -1 to 1, up and to the right positive."""

    x: float
    y: float
    people: int
    group: int
    """The group of most of its people; -1 without groups."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Hexagons with a corner on top, `width` of the picture from edge to edge."""

    width: float
    cells: tuple[Cell, ...]
    names: tuple[tuple[int, float, float], ...]
    """Each group that is drawn, and where its name stands: the middle of its hexagons."""
    undrawn: int
    """People who stand in hexagons of fewer than five."""


def draw(found: Map) -> Picture:
    """The people with enough votes as hexagons, as fine as most of them can be drawn."""
    points, labels = found.coordinates[found.settled], found.labels[found.settled]
    if not len(points):
        return Picture(1.0, (), (), 0)
    reach = float(np.quantile(np.abs(points), _EDGE)) or 1.0
    placed = np.clip(points / reach, -1, 1)
    picture = Picture(1.0, (), (), len(points))
    for across in range(_FINEST, _COARSEST - 1, -1):
        picture = _bin(placed, labels, 2 / across)
        if picture.undrawn <= (1 - _WANTED) * len(points):
            break
    return picture


def _bin(points: NDArray[np.float64], labels: NDArray[np.int64], width: float) -> Picture:
    cells: dict[tuple[int, int], Counter[int]] = {}
    for (x, y), label in zip(points.tolist(), labels.tolist(), strict=True):
        cells.setdefault(_cell_of(x, y, width), Counter())[label] += 1
    drawn, undrawn = [], 0
    for (column, row), counts in sorted(cells.items()):
        people = counts.total()
        if people < MIN_CELL:
            undrawn += people
            continue
        group = min(counts, key=lambda each: (-counts[each], each))
        x, y = _middle(column, row, width)
        drawn.append(Cell(round(x, 4) + 0.0, round(y, 4) + 0.0, people, group))
    return Picture(round(width, 4), tuple(drawn), _names(drawn), undrawn)


def _names(cells: list[Cell]) -> tuple[tuple[int, float, float], ...]:
    """The mean of each group's hexagons, weighted by people; a group without any has none."""
    names = []
    for group in sorted({cell.group for cell in cells if cell.group >= 0}):
        own = [cell for cell in cells if cell.group == group]
        people = sum(cell.people for cell in own)
        x = sum(cell.x * cell.people for cell in own) / people
        y = sum(cell.y * cell.people for cell in own) / people
        names.append((group, round(x, 4) + 0.0, round(y, 4) + 0.0))
    return tuple(names)


def _cell_of(x: float, y: float, width: float) -> tuple[int, int]:
    """The hexagon with the nearest middle: rows lie `ROW` widths apart, odd ones shifted by half."""
    near = round(y / (width * ROW))
    best: tuple[float, tuple[int, int]] | None = None
    for row in (near - 1, near, near + 1):
        column = round(x / width - row % 2 / 2)
        at = _middle(column, row, width)
        far = ((x - at[0]) ** 2 + (y - at[1]) ** 2, (column, row))
        best = far if best is None or far < best else best
    assert best is not None  # noqa: S101  # three rows were looked at
    return best[1]


def _middle(column: int, row: int, width: float) -> tuple[float, float]:
    return (column + row % 2 / 2) * width, row * width * ROW
