"""The figures of ideas: by hand, and what must hold for any counts."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.opinion.rules import Votes, priority
from ideas_app.opinion.rules import statistics as stats

FEW = settings(max_examples=50, deadline=None)
COUNTS = st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))


def arrays(*numbers: float) -> list[np.ndarray]:
    return [np.array([float(number)]) for number in numbers]


def test_the_formulas_by_hand() -> None:
    s, n, s_out, n_out = 15, 56, 24, 71
    assert stats.probability(*arrays(s, n))[0] == pytest.approx(16 / 58)
    assert stats.z_of_half(*arrays(s, n))[0] == pytest.approx(2 * sqrt(57) * (16 / 57 - 0.5))
    pooled = (16 + 25) / (57 + 72)
    spread = sqrt(pooled * (1 - pooled) * (1 / 57 + 1 / 72))
    expected = (16 / 57 - 25 / 72) / spread
    assert stats.z_of_two(*arrays(s, n, s_out, n_out))[0] == pytest.approx(expected)
    agree, passed = 21 / 33, 6 / 33
    wanted = (agree * (1 - passed) * 1.5 * (1 + 8 * 2**-6.2)) ** 2
    assert priority(*arrays(20, 5, 31, 0.5))[0] == pytest.approx(wanted)


def test_where_everybody_agrees_the_groups_do_not_differ() -> None:
    assert stats.z_of_two(*arrays(10, 10, 20, 20))[0] == 0


@FEW
@given(COUNTS)
def test_shares_lie_within_bounds_and_add_up(counts: tuple[int, int, int]) -> None:
    agree, disagree, _passed = counts
    n = sum(counts)
    p = [stats.probability(*arrays(count, n))[0] for count in counts]
    assert all(0 < each < 1 for each in p)
    assert sum(p) == pytest.approx((n + 3) / (n + 2))
    assert (p[0] > p[1]) == (agree > disagree)


@FEW
@given(COUNTS, st.floats(0, 3))
def test_what_is_far_out_comes_earlier_and_what_is_passed_over_later(
    counts: tuple[int, int, int], extremity: float
) -> None:
    agree, _disagree, passed = counts
    n = sum(counts)

    def rank(agreeing: float, passing: float, votes: float, far: float) -> float:
        return float(priority(*arrays(agreeing, passing, votes, far))[0])

    here = rank(agree, passed, n, extremity)
    assert here > 0
    assert rank(agree, passed, n, extremity + 1) > here
    assert rank(agree + 1, passed, n + 1, extremity) > rank(agree, passed + 1, n + 1, extremity)


def two_groups() -> tuple[Votes, np.ndarray]:
    """Twelve people: on `a` the groups differ, on `b` all agree, on `c` too few voted."""
    rows = [([0, 1], [1, 1])] * 12 + [([0, 1], [-1, 1])] * 11 + [([1, 2], [1, -1])]
    votes = Votes.from_rows(["a", "b", "c"], rows)
    return votes, np.array([0] * 12 + [1] * 12)[votes.places]


def test_lists_name_what_unites_and_what_divides() -> None:
    votes, labels = two_groups()
    lines = stats.idea_lines(votes, np.zeros(3), labels)
    a, b, c = lines
    assert stats.consensus_of(lines) == ["b"]
    assert stats.divisive_of(lines) == ["a"]
    assert stats.rejected_of(lines) == ["c"]
    assert stats.stands_out(lines, 0) == [stats.Notable("a", "agree")]
    assert stats.stands_out(lines, 1) == [stats.Notable("a", "disagree")]
    assert a.divisive == pytest.approx(13 / 14 - 1 / 13, abs=1e-6)
    assert c.divisive is None
    assert b.consensus == pytest.approx((13 / 14) ** 2, abs=1e-6)
    assert a.groups[0].r_agree == pytest.approx((13 / 14) / (1 / 13), abs=1e-6)
    assert (a.everybody.votes, a.everybody.agree, a.everybody.disagree) == (23, 12, 11)


def test_without_groups_only_the_whole_is_told() -> None:
    votes, _labels = two_groups()
    lines = stats.idea_lines(votes, np.zeros(3), np.full(24, -1))
    assert all(line.groups == () and line.consensus is line.divisive is None for line in lines)


@FEW
@given(
    st.lists(
        st.lists(st.sampled_from([-1, 0, 1, None]), min_size=4, max_size=4),
        min_size=1,
        max_size=30,
    )
)
def test_the_groups_together_are_everybody(table: list[list[int | None]]) -> None:
    rows = [
        (
            [column for column, vote in enumerate(row) if vote is not None],
            [vote for vote in row if vote is not None],
        )
        for row in table
    ]
    votes = Votes.from_rows(list("abcd"), rows)
    labels = np.arange(votes.people) % 2
    for line in stats.idea_lines(votes, np.zeros(4), labels):
        for what in ("votes", "agree", "disagree"):
            assert sum(getattr(part, what) for part in line.groups) == getattr(line.everybody, what)
        if line.divisive is not None:
            assert 0 <= line.divisive < 1


def test_an_idea_that_few_have_seen_comes_first() -> None:
    ranks = [float(priority(*arrays(n * 0.6, 0, n, 0.2))[0]) for n in (5, 10, 20, 40)]
    assert ranks == sorted(ranks, reverse=True)
