"""Ideas that cannot stand on one list: laws for every profile, margins counted again, the file's word."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.shortlists.rules import (
    Ballots,
    Completion,
    Rule,
    TallyError,
    audit,
    explain,
    margins,
    recount,
    shortlist,
    stability,
)
from ideas_app.shortlists.rules.ballots import write_pairs

QUICK = settings(max_examples=60, deadline=None, database=None, derandomize=True)
IDEAS = tuple("ABCDEFGH")
WAYS = [(Rule.MES, c) for c in Completion] + [(r, Completion.NONE) for r in Rule if r != Rule.MES]

profiles = st.lists(st.sets(st.sampled_from(IDEAS)), max_size=24)
pairs = st.sets(
    st.lists(st.sampled_from(IDEAS), min_size=2, max_size=2, unique=True).map(tuple), max_size=4
)
seats = st.integers(1, len(IDEAS))
ways = st.sampled_from(WAYS)


def count(lists, found, k, ideas=IDEAS):
    return Ballots.from_lists(ideas, lists).with_meta(seats=k, incompatible=write_pairs(found))


def clashes(winners, found):
    return [pair for pair in found if set(pair) <= set(winners)]


@QUICK
@given(profiles, pairs, seats, ways)
def test_two_that_exclude_each_other_are_never_on_one_list(lists, found, k, way):
    assert not clashes(shortlist(count(lists, found, k), k, *way).winners, found)


@QUICK
@given(profiles, pairs, seats, ways)
def test_pairs_that_do_not_meet_on_the_list_change_nothing(lists, found, k, way):
    free = shortlist(count(lists, (), k), k, *way)
    if not any(set(pair) & set(free.winners) for pair in found):
        assert shortlist(count(lists, found, k), k, *way).winners == free.winners


@QUICK
@given(profiles, pairs, seats, ways)
def test_the_first_round_is_that_of_the_free_count_and_the_later_one_of_a_pair_gives_way(
    lists, found, k, way
):
    free = shortlist(count(lists, (), k), k, *way).winners
    bound = shortlist(count(lists, found, k), k, *way).winners
    together = 0
    while together < len(free) and not clashes(free[: together + 1], found):
        together += 1
    assert bound[:together] == free[:together]


@QUICK
@given(profiles, pairs, seats, st.sampled_from(Completion))
def test_equal_shares_keep_ejr_plus_for_all_that_could_stand_beside_the_list(
    lists, found, k, completion
):
    b = count(lists, found, k)
    assert audit(b, shortlist(b, k, Rule.MES, completion).winners, k).ejr_plus


@pytest.mark.parametrize("rule", Rule)
def test_margins_hold_when_counted_again_at_the_number_and_one_below(rule: Rule) -> None:
    dice = random.Random("pairs")
    lists = [dice.sample(IDEAS, dice.randint(1, 4)) for _ in range(90)]
    b = count(lists, {("A", "B"), ("B", "C"), ("D", "H")}, 4)
    result = shortlist(b, 4, rule)
    for idea, margin in margins(b, result).items():
        assert margin.votes_short is not None
        for votes, is_in in ((margin.votes_short, True), (margin.votes_short - 1, False)):
            more = count([*lists, *[[idea]] * votes], {("A", "B"), ("B", "C"), ("D", "H")}, 4)
            assert (idea in shortlist(more, 4, rule).winners) is is_in


def test_a_barred_idea_gets_its_sentence_and_leaves_its_seat_to_others() -> None:
    b = count([["A", "B"]] * 5 + [["B"]] + [["C"]] * 2, {("A", "B")}, 3)
    result = shortlist(b, 3, Rule.APPROVAL)
    assert result.winners == ("B", "C")
    assert result.short == 1
    told = explain(b, result)["A"]
    assert (told[0].key, told[0].values) == ("incompatible", {"idea": "B"})
    assert stability(b, 3, Rule.APPROVAL, seed=1, runs=5)["A"] < 1


def test_the_file_says_the_pairs_and_a_recount_keeps_them() -> None:
    b = count([["A", "B"]] * 5 + [["C"]], {("B", "A")}, 3).with_meta(
        rule="mes", completion="phragmen"
    )
    assert b"incompatible;A,B\n" in b.to_pb()
    again = recount(b.to_pb())
    assert again.result == shortlist(b, 3)
    assert again.changed_line is None
    assert not clashes(again.result.winners, [("A", "B")])
    without = b.without(["B"])
    assert without.incompatible == ()
    assert b"incompatible" not in without.to_pb()


@pytest.mark.parametrize(
    ("said", "code"),
    [("A", "bad_format"), ("A,B,C", "bad_format"), ("A,A", "bad_format"), ("A,Z", "unknown_idea")],
)
def test_a_pair_that_is_none_is_refused(said: str, code: str) -> None:
    b = Ballots.from_lists(IDEAS, [["A"]]).with_meta(seats=2, incompatible=said)
    with pytest.raises(TallyError) as caught:
        shortlist(b, 2)
    assert caught.value.code == code


def test_other_peoples_files_may_use_the_word_for_something_else() -> None:
    b = Ballots.from_lists(IDEAS, [["A"]]).with_meta(incompatible="whatever they mean")
    assert shortlist(b, 1).winners == ("A",)


def test_two_that_exclude_each_other_cannot_both_be_forced() -> None:
    with pytest.raises(TallyError) as caught:
        shortlist(count([["A"]], {("A", "B")}, 3), 3, forced=["A", "B"])
    assert caught.value.code == "forced_incompatible"
