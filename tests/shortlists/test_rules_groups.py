"""What groups of voters get from a list, and that no small group can be had from what is shown."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.shortlists.rules import Voter, find_least, group_tables

NAMES = ("age", "tie", "course")
AGES, TIES, COURSE = (None, "a", "b", "c"), (None, "x", "y"), ("no", "yes")
Groups = tuple[str | None, ...]


def voters_of(sizes: dict[Groups, int]) -> list[Voter]:
    """So many voters of each combination; every other one chose what is on the list."""
    return [
        Voter(frozenset({"A", "B"} if number % 2 else {"C"}), groups)
        for groups, count in sizes.items()
        for number in range(count)
    ]


def tables_of(sizes: dict[Groups, int], names: tuple[str, ...] = NAMES) -> list[dict[str, Any]]:
    return group_tables(voters_of(sizes), {"ours": {"A", "B"}, "top": {"C"}}, names)


def test_a_table_tells_what_each_list_gives_to_each_group() -> None:
    (table,) = tables_of({("a",): 30, ("b",): 11}, ("age",))
    assert table == {
        "name": "age",
        "hidden": False,
        "lines": [
            {"group": "a", "people": 30, "ours": [15, 30], "top": [15, 15]},
            {"group": "b", "people": 11, "ours": [5, 10], "top": [6, 6]},
        ],
    }


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 50, "b": 40, "c": 9}, ["a"]),  # b hides, too, so that c cannot be subtracted
        ({"a": 50, "b": 5, "c": 5}, ["a"]),  # together they are 10
        ({"a": 50, "b": 5, "c": 4}, []),  # together they are 9
        ({"a": 50, "b": 40, None: 3}, ["a"]),
        ({"a": 50, "b": 40, "c": 9, None: 12}, ["a", None]),  # who did not say hides nobody
        ({"a": 10, "b": 10}, ["a", "b"]),
        ({"a": 9}, []),
    ],
)
def test_small_groups_and_what_gives_them_away_are_not_even_named(
    sizes: dict[str | None, int], shown: list[str | None]
) -> None:
    (table,) = tables_of({(group,): count for group, count in sizes.items()}, ("age",))
    assert [line["group"] for line in table["lines"]] == shown
    assert table["hidden"] == (len(shown) < len(sizes))


def test_a_group_within_another_of_all_but_a_few_is_hidden_because_of_the_few() -> None:
    sizes: dict[Groups, int] = {("a", "yes"): 30, ("a", "no"): 4, ("b", "no"): 60}
    age, course = tables_of(sizes, ("age", "course"))
    assert [line["group"] for line in age["lines"]] == ["a", "b"]
    assert course == {"name": "course", "hidden": True, "lines": []}


def test_the_least_represented_group_is_the_one_with_the_least_share() -> None:
    voters = [Voter(frozenset("A" if n < 20 else "C"), ("a",)) for n in range(40)]
    voters += [Voter(frozenset("A" if n < 12 else "C"), ("b",)) for n in range(20)]
    voters += [Voter(frozenset("C"), (None,)) for _ in range(20)]
    tables = group_tables(voters, {"ours": {"A"}, "top": {"C"}}, ("age",))
    assert find_least(tables, "ours") == (0, "a")
    assert find_least(tables, "top") == (0, "b")
    assert find_least([], "ours") is None


def test_ballots_that_choose_nothing_count_in_no_group() -> None:
    (table,) = group_tables([Voter(frozenset(), ("a",))] * 20, {"ours": {"A"}}, ("age",))
    assert table == {"name": "age", "hidden": False, "lines": []}


# who has no account has said nothing anywhere and took part in nothing: everybody knows that
NOBODY: Groups = (None, None, "no")
KINDS = [*product(AGES[1:], TIES[1:], COURSE), NOBODY]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 14), min_size=len(KINDS), max_size=len(KINDS)))
def test_no_group_under_ten_follows_from_anything_shown(counts: list[int]) -> None:
    """A reader who adds and subtracts lines of all tables, and all voters, never gets a hidden group."""
    sizes = dict(zip(KINDS, counts, strict=True))
    known = [[1] * len(KINDS)]
    secret = []
    for place, table in enumerate(tables_of(sizes)):
        groups = {kind[place] for kind in KINDS}
        shown = {line["group"] for line in table["lines"]}
        for group in groups:
            row = [int(kind[place] == group) for kind in KINDS]
            people = sum(n for n, is_in in zip(counts, row, strict=True) if is_in)
            if group in shown:
                assert people >= 10
                known.append(row)
            elif 0 < people < 10:
                secret.append(row)
    rank = rank_of(known)
    for row in secret:
        assert rank_of([*known, row]) > rank


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_no_two_shown_groups_differ_by_a_few_people_one_within_the_other(counts: list[int]) -> None:
    kinds: list[Groups] = [("a", "yes"), ("a", "no"), ("b", "yes"), ("b", "no"), (None, "no")]
    voters = voters_of(dict(zip(kinds, counts, strict=True)))
    sets: list[frozenset[int]] = []
    for place, table in enumerate(
        group_tables(voters, {"ours": {"A"}, "top": {"C"}}, ("age", "course"))
    ):
        for line in table["lines"]:
            inside = (n for n, voter in enumerate(voters) if voter.groups[place] == line["group"])
            sets.append(frozenset(inside))
    for inner, outer in product(sets, sets):
        assert not (inner < outer and len(outer) - len(inner) < 10)


def rank_of(rows: list[list[int]]) -> int:
    """The number of independent rows, by exact elimination."""
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(left[0])):
        pivot = next((row for row in left[rank:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left = [
            *left[:rank],
            pivot,
            *(
                [a - b * row[column] / pivot[column] for a, b in zip(row, pivot, strict=True)]
                for row in left[rank:]
            ),
        ]
        rank += 1
    return rank
