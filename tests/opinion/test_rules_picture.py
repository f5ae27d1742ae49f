"""The picture never shows anybody alone, and what is kept tells nothing of a person."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ideas_app.opinion.rules import draw, opinion_map, public_plain
from tests.opinion.planted import camps, matrix, noise


@pytest.mark.parametrize("people", [60, 300])
def test_hexagons_hold_at_least_five_and_nobody_is_lost(people: int) -> None:
    _camp, rows = camps(people, 20, 12)
    found = opinion_map(matrix(rows, 20))
    picture = draw(found)
    assert picture.cells
    assert all(cell.people >= 5 for cell in picture.cells)
    assert sum(cell.people for cell in picture.cells) + picture.undrawn == people
    assert {cell.group for cell in picture.cells} == {0, 1}
    assert [name[0] for name in picture.names] == [0, 1]


def test_hexagons_do_not_overlap() -> None:
    picture = draw(opinion_map(matrix(noise(300, 20, 12), 20)))
    middles = np.array([(cell.x, cell.y) for cell in picture.cells])
    gaps = np.hypot(*(middles[:, None, axis] - middles[None, :, axis] for axis in (0, 1)))
    np.fill_diagonal(gaps, np.inf)
    assert gaps.min() >= picture.width * 0.999


def test_few_people_are_no_picture() -> None:
    picture = draw(opinion_map(matrix(camps(4, 10, 10)[1], 10)))
    assert (picture.cells, picture.undrawn) == ((), 4)


def test_what_is_kept_holds_no_place_no_member_and_no_small_number() -> None:
    _camp, rows = camps(80, 20, 12)
    kept = public_plain(opinion_map(matrix(rows, 20)))
    text = json.dumps(kept)
    assert "members" not in text
    assert "coordinates" not in text
    assert "labels" not in text
    assert all(cell[2] >= 5 for cell in kept["picture"]["cells"])
    few = public_plain(opinion_map(matrix(rows[:4], 20)))
    assert few["people"] is None
    assert few["clustered"] is None
    assert few["ideas"] == {}
    assert few["picture"]["cells"] == []
    assert few["picture"]["undrawn"] is None


def test_a_share_of_fewer_than_ten_is_not_kept() -> None:
    _camp, rows = camps(80, 20, 12)
    thin = [([*columns, 20], [*votes, 1]) for columns, votes in rows[:12]] + rows[12:]
    kept = public_plain(opinion_map(matrix(thin, 21)))
    assert kept["ideas"]["i20"]["percent"] is not None
    assert None in kept["ideas"]["i20"]["groups"]
