"""Laws that hold for every profile, found or refuted by random ones; and edges by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.shortlists.rules import (
    Ballots,
    Completion,
    Phase,
    Rule,
    TallyError,
    audit,
    compare,
    list_below_minimum,
    margins,
    shortlist,
)

QUICK = settings(max_examples=60, deadline=None, database=None, derandomize=True)
IDEAS = tuple("ABCDEFGH")
WAYS = [(Rule.MES, c) for c in Completion] + [(r, Completion.NONE) for r in Rule if r != Rule.MES]

profiles = st.lists(st.sets(st.sampled_from(IDEAS)), max_size=24)
seats = st.integers(1, len(IDEAS))
ways = st.sampled_from(WAYS)


def count(lists, ideas=IDEAS):
    return Ballots.from_lists(ideas, lists)


def facts(result):
    """What must not change when only the number of equal ballots does."""
    return result.winners, result.ties


@QUICK
@given(profiles, seats, ways, st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_does_not_matter(lists, k, way, dice):
    shuffled = dice.sample(lists, len(lists))
    assert shortlist(count(lists), k, *way) == shortlist(count(shuffled), k, *way)


@QUICK
@given(profiles, seats, ways)
def test_three_copies_of_every_ballot_elect_the_same_in_the_same_order(lists, k, way):
    assert facts(shortlist(count(lists), k, *way)) == facts(shortlist(count(lists * 3), k, *way))


@QUICK
@given(profiles, seats, ways)
def test_merged_and_unmerged_ballots_give_the_same_result(lists, k, way):
    merged = count(lists)
    rows = tuple(tuple(sorted(map(IDEAS.index, names))) for names in reversed(lists) if names)
    unmerged = Ballots(IDEAS, rows, (1,) * len(rows), empty=merged.empty)
    assert shortlist(unmerged, k, *way) == shortlist(merged, k, *way)
    assert unmerged.digest == merged.digest


@QUICK
@given(profiles, st.integers(2, len(IDEAS)))
def test_one_seat_more_only_adds_for_phragmen_seqpav_and_approval(lists, k):
    for rule in (Rule.PHRAGMEN, Rule.SEQPAV, Rule.SATISFACTION, Rule.APPROVAL):
        longer, shorter = shortlist(count(lists), k, rule), shortlist(count(lists), k - 1, rule)
        assert longer.winners[: k - 1] == shorter.winners


@QUICK
@given(profiles, seats, st.sampled_from(Completion))
def test_equal_shares_never_violate_ejr_plus(lists, k, completion):
    b = count(lists)
    assert audit(b, shortlist(b, k, Rule.MES, completion).winners, k).ejr_plus


@QUICK
@given(profiles, seats, ways)
def test_an_idea_that_nobody_approves_is_never_listed(lists, k, way):
    b = count(lists)
    result = shortlist(b, k, *way)
    approved = {idea for names in lists for idea in names}
    assert set(result.winners) <= approved
    if way[1] != Completion.NONE or way[0] != Rule.MES:
        assert result.short == max(0, k - len(approved))
    assert len(set(result.winners)) == len(result.winners) == k - result.short


@QUICK
@given(profiles, st.integers(1, 4), ways, st.sets(st.sampled_from(IDEAS), max_size=4))
def test_an_excluded_idea_counts_as_if_it_had_never_been_on_a_ballot(lists, k, way, barred):
    b = count(lists)
    result = shortlist(b, k, *way, excluded=barred)
    without = shortlist(b.without(barred), k, *way)
    assert (result.winners, result.rounds) == (without.winners, without.rounds)
    assert (result.n, result.empty) == (without.n, without.empty)


@QUICK
@given(profiles, st.integers(2, 6), ways, st.sets(st.sampled_from(IDEAS), max_size=2))
def test_forced_ideas_come_first_and_once(lists, k, way, forced):
    result = shortlist(count(lists), k, *way, forced=forced)
    assert result.winners[: len(forced)] == tuple(sorted(forced)) or not result.n
    assert len(set(result.winners)) == len(result.winners) <= k
    for entry in result.rounds:
        assert (entry.phase is Phase.FORCED) == (entry.idea in forced)
        assert forced.isdisjoint(entry.tied)


@QUICK
@given(profiles, seats, ways)
def test_scores_are_exact_and_weigh_as_many_free_voters_as_they_say(lists, k, way):
    for entry in shortlist(count(lists), k, *way).rounds:
        assert type(entry.score) is type(entry.effective_votes) is Fraction
        assert entry.leaders[0].idea == entry.idea
        assert all(leader.effective_votes <= entry.effective_votes for leader in entry.leaders)
        assert entry.supporters == sum(entry.idea in names for names in lists)
        if way[0] not in {Rule.SATISFACTION, Rule.APPROVAL} and not entry.already_served:
            assert entry.effective_votes == entry.supporters or way[1] == Completion.APPROVAL


@QUICK
@given(profiles, st.integers(1, 5), ways)
def test_with_the_missing_votes_an_idea_is_in_and_with_one_fewer_it_is_not(lists, k, way):
    b = count(lists)
    result = shortlist(b, k, *way)
    found = margins(b, result)
    assert set(found) == set(IDEAS) - set(result.winners)
    for idea, margin in found.items():
        if margin.votes_short is None:
            assert way == (Rule.MES, Completion.NONE)
            continue
        enough = shortlist(count(lists + [{idea}] * margin.votes_short), k, *way)
        too_few = shortlist(count(lists + [{idea}] * (margin.votes_short - 1)), k, *way)
        assert enough.winners[margin.round - 1] == idea
        assert set(margin.displaces) == set(result.winners) - set(enough.winners)
        assert idea not in too_few.winners


def list_camps(people, k):
    """Disjoint camps, each with k ideas of its own that all its people approve."""
    camps = [[f"{camp}{number}" for number in range(k)] for camp in range(len(people))]
    lists = [camp for camp, size in zip(camps, people, strict=True) for _ in range(size)]
    return Ballots.from_lists([idea for camp in camps for idea in camp], lists)


@pytest.mark.parametrize("rule", [Rule.PHRAGMEN, Rule.SEQPAV, Rule.MES])
@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((60, 40), (9, 6)),
        ((53, 24, 23), (8, 4, 3)),
        ((47, 16, 15, 12, 10), (8, 2, 2, 2, 1)),
    ],
)
def test_disjoint_camps_get_the_seats_of_dhondt(rule, people, expected):
    winners = shortlist(list_camps(people, 15), 15, rule).winners
    assert (
        tuple(sum(idea[0] == str(camp) for idea in winners) for camp in range(len(people)))
        == expected
    )


def test_a_tie_goes_to_the_idea_that_stands_first_and_is_recorded():
    result = shortlist(count([{"A"}, {"B"}, {"C"}, {"C"}], "BAC"), 2, Rule.APPROVAL)
    assert result.winners == ("C", "B")
    (tie,) = result.ties
    assert (tie.round, tie.chosen, tie.tied, tie.decisive) == (2, "B", ("B", "A"), True)


def test_a_tie_between_two_that_both_get_in_is_not_decisive():
    (tie,) = shortlist(count([{"A"}, {"B"}], "AB"), 2, Rule.PHRAGMEN).ties
    assert not tie.decisive


def test_without_ballots_every_rule_leaves_all_seats_empty():
    for way in WAYS:
        result = shortlist(count([set(), set()]), 3, *way)
        assert (result.winners, result.short, result.n, result.empty) == ((), 3, 0, 2)


def test_supporters_of_a_forced_idea_have_paid_for_it():
    lists = [{"A", "B"}] * 5 + [{"C"}] * 5
    assert shortlist(count(lists), 1, Rule.PHRAGMEN).winners == ("A",)
    forced = shortlist(count(lists), 2, Rule.MES, forced=["B"])
    assert forced.winners == ("B", "C")
    assert [entry.phase for entry in forced.rounds] == [Phase.FORCED, Phase.RULE]


def test_what_supporters_of_a_forced_idea_cannot_pay_is_waived():
    result = shortlist(
        count([{"A"}] + [{"B"}] * 3 + [{"C"}] * 3), 2, Rule.MES, forced=["A", "H"][:1]
    )
    assert result.winners == ("A", "B")
    # a single purse holds 2/7 of the price 1: 5/7 are missing
    assert result.rounds[0].score == Fraction(5, 7)
    assert result.rounds[0].effective_votes == 1


def test_the_minimum_is_met_by_reaching_it_to_the_vote():
    b = count([{"A"}] * 97 + [{"B"}] * 3 + [{"A", "C"}] * 2 + [set()] * 9)
    assert list_below_minimum(b, Fraction(300, 102)) == tuple("CDEFGH")
    assert list_below_minimum(b, 3) == tuple("BCDEFGH")


def test_compare_puts_the_ideas_on_which_rules_disagree_first():
    table = compare(count([{"A", "B"}] * 6 + [{"C"}] * 4), 2, [Rule.APPROVAL, Rule.MES])
    assert table.rows == (("B", (2, None)), ("C", (None, 2)), ("A", (1, 1)))


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("k_out_of_range", {"k": 0}),
        ("k_out_of_range", {"k": 9}),
        ("k_out_of_range", {"k": 8, "excluded": ["A"]}),
        ("k_out_of_range", {"k": 1, "forced": ["A", "B"]}),
        ("forced_and_excluded", {"k": 2, "forced": ["A"], "excluded": ["A"]}),
        ("unknown_idea", {"k": 2, "forced": ["Z"]}),
        ("unknown_idea", {"k": 2, "excluded": ["Z"]}),
        ("unknown_rule", {"k": 2, "rule": "lottery"}),
        ("unknown_rule", {"k": 2, "completion": "lottery"}),
    ],
)
def test_a_question_that_cannot_be_answered_has_a_code(code, asked):
    with pytest.raises(TallyError) as caught:
        shortlist(count([{"A"}]), **asked)
    assert caught.value.code == code
