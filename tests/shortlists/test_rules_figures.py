"""Audit, stability and explanations: every figure derived again by plain counting."""

import random
from collections import Counter
from fractions import Fraction

import pytest

from ideas_app.shortlists.rules import (
    SENTENCES,
    Ballots,
    Firmness,
    Rule,
    TallyError,
    audit,
    explain,
    judge_firmness,
    margins,
    shortlist,
    stability,
    to_plain,
)

IDEAS = tuple(f"i{number}" for number in range(20))


def draw_town(seed=3, voters=180):
    dice = random.Random(seed)
    lists = []
    for _ in range(voters):
        own = dice.randrange(3)
        wanted = dice.choices(range(20), [1 / (i + 3) + (i % 3 == own) / 3 for i in range(20)], k=6)
        lists.append({IDEAS[i] for i in wanted} if dice.random() > 0.03 else set())
    return lists


TOWN = draw_town()
BALLOTS = Ballots.from_lists(IDEAS, TOWN)


def test_a_group_of_a_seats_size_without_anything_is_reported():
    b = Ballots.from_lists("ABC", [{"A"}] * 6 + [{"B"}] * 3 + [{"C"}])
    found = audit(b, ["A", "C"], 2)
    assert (found.jr, found.ejr_plus, found.violations) == (True, True, ())
    found = audit(b, ["B", "C"], 2)
    assert not found.jr
    assert to_plain(found.violations) == [{"idea": "A", "level": 1, "people": 6}]


def test_a_large_group_with_too_little_violates_only_ejr_plus():
    b = Ballots.from_lists("ABCD", [{"A", "B"}] * 8 + [{"C"}] * 1 + [{"D"}] * 1)
    found = audit(b, ["A", "C"], 2)
    assert (found.jr, found.ejr_plus) == (True, True)
    found = audit(b, ["A", "C", "D"], 3)
    assert (found.jr, found.ejr_plus) == (True, False)
    assert to_plain(found.violations) == [{"idea": "B", "level": 2, "people": 8}]


def test_coverage_mean_and_histogram_are_plain_counts():
    winners = shortlist(BALLOTS, 6).winners
    got = Counter(len(set(winners) & names) for names in TOWN if names)
    found = audit(BALLOTS, winners, 6)
    assert found.histogram == tuple(got[i] for i in range(max(got) + 1))
    assert found.coverage == 1 - Fraction(got[0], got.total())
    assert found.mean == Fraction(sum(i * people for i, people in got.items()), got.total())


def test_an_audit_of_nothing_is_zero_and_violates_nothing():
    found = audit(Ballots.from_lists("A", [[]]), [], 1)
    assert (found.n, found.coverage, found.mean, found.ejr_plus) == (0, 0, 0, True)


def test_an_audit_refuses_what_is_not_on_the_ballot():
    with pytest.raises(TallyError):
        audit(BALLOTS, ["x"], 3)
    with pytest.raises(TallyError):
        audit(BALLOTS, [], 0)


def test_stability_is_repeatable_from_its_seed():
    shares = stability(BALLOTS, 6, runs=40, seed=7)
    assert shares == stability(BALLOTS, 6, runs=40, seed=7)
    assert shares != stability(BALLOTS, 6, runs=40, seed=8)
    assert sum(shares.values()) == 6
    assert tuple(shares) == IDEAS


def test_stability_gives_these_very_shares_on_any_machine():
    b = Ballots.from_lists("ABCD", [{"A"}] * 5 + [{"B"}] * 4 + [{"C"}] * 4 + [{"A", "D"}])
    shares = stability(b, 2, Rule.APPROVAL, runs=50, seed=2025)
    assert to_plain(shares) == {"A": "47/50", "B": "31/50", "C": "21/50", "D": "1/50"}


def test_stability_does_not_depend_on_how_the_ballots_lie_in_memory():
    rows = tuple(tuple(sorted(map(IDEAS.index, names))) for names in reversed(TOWN) if names)
    loose = Ballots(IDEAS, rows, (1,) * len(rows))
    assert stability(loose, 5, runs=5, seed=1) == stability(BALLOTS, 5, runs=5, seed=1)


def test_an_excluded_idea_has_no_stability_and_a_forced_one_is_always_in():
    shares = stability(BALLOTS, 5, runs=5, seed=1, excluded=["i0"], forced=["i19"])
    assert "i0" not in shares
    assert shares["i19"] == 1


@pytest.mark.parametrize(
    ("is_listed", "share", "votes_short", "firmness"),
    [
        (True, Fraction(9, 10), None, Firmness.SAFE),
        (True, Fraction(89, 100), None, Firmness.LIKELY),
        (True, Fraction(75, 100), None, Firmness.LIKELY),
        (True, Fraction(74, 100), None, Firmness.CLOSE),
        (False, Fraction(26, 100), None, Firmness.CLOSE),
        (False, Fraction(1, 4), 6, Firmness.OUT),
        (False, Fraction(0), 5, Firmness.CLOSE),
    ],
)
def test_close_calls_follow_their_thresholds(is_listed, share, votes_short, firmness):
    found = judge_firmness(is_listed=is_listed, share=share, votes_short=votes_short, n=620)
    assert found == firmness


def explained(rule, k=6, **asked):
    result = shortlist(BALLOTS, k, rule, **asked)
    found = margins(BALLOTS, result)
    shares = stability(BALLOTS, k, rule, runs=20, seed=1, **asked)
    return result, found, shares, explain(BALLOTS, result, found, shares)


@pytest.mark.parametrize("rule", Rule)
def test_sentences_have_the_values_that_their_templates_name(rule):
    *_, told = explained(rule, excluded=["i3"], forced=["i19"])
    assert set(told) == set(IDEAS)
    for sentences in told.values():
        assert sentences
        for sentence in sentences:
            assert tuple(sentence.values) == SENTENCES[sentence.key]


def votes_for(idea):
    return sum(idea in names for names in TOWN)


def test_the_numbers_about_listed_ideas_can_be_counted_on_the_ballots():
    result, _, shares, told = explained(Rule.MES)
    top = sorted(IDEAS, key=lambda idea: -votes_for(idea))[:6]
    for rank, idea in enumerate(result.winners, start=1):
        said = {sentence.key: sentence.values for sentence in told[idea]}
        earlier = set(result.winners[: rank - 1])
        served = sum(idea in names and not names.isdisjoint(earlier) for names in TOWN)
        choice = said["chosen_shared" if served else "chosen_full"]
        assert (choice["rank"], choice["votes"]) == (rank, votes_for(idea))
        assert choice.get("served", 0) == served
        assert ("missing_in_top" in said) == (idea not in top)
        assert ("close_in" in said) == (shares[idea] < Fraction(3, 4))


def test_the_numbers_about_ideas_left_out_can_be_counted_on_the_ballots():
    result, found, _, told = explained(Rule.MES)
    listed = set(result.winners)
    for idea in set(IDEAS) - listed:
        said = {sentence.key: sentence.values for sentence in told[idea]}
        weaker = sum(votes_for(winner) < votes_for(idea) for winner in listed)
        assert said.get("more_votes", {"ideas": 0})["ideas"] == weaker
        if "supporters_served" in said:
            share, at_least = said["supporters_served"].values()
            has = sum(idea in names and len(names & listed) >= at_least for names in TOWN)
            assert share == Fraction(has, votes_for(idea)) >= Fraction(1, 2)
        short = said["votes_short"]
        assert short == {"people": found[idea].votes_short, "displaces": found[idea].displaces}


def test_the_nearest_margins_are_those_of_all_margins():
    for rule in (Rule.PHRAGMEN, Rule.SEQPAV, Rule.SATISFACTION, Rule.APPROVAL):
        result = shortlist(BALLOTS, 6, rule)
        every = margins(BALLOTS, result)
        assert list(margins(BALLOTS, result, nearest=3).items()) == list(every.items())[:3]


def test_results_hold_no_floats():
    for rule in Rule:
        result, found, shares, told = explained(rule)
        to_plain((result, found, shares, told, audit(BALLOTS, result.winners, 6)))
    with pytest.raises(TypeError):
        to_plain(0.5)
