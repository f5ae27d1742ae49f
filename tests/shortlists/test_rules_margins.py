"""Margins on two cities of invented voters, each verified by counting again at j and at j - 1."""

from __future__ import annotations

import random
from functools import cache

import pytest

from ideas_app.shortlists.rules import Ballots, Result, Rule, margins, recount, shortlist

SEATS = 8


@cache
def city(name: str) -> Ballots:
    """Voters who lean to the ideas of their own quarter and to what everybody likes."""
    voters, ideas, quarters = {"small": (220, 18, 3), "large": (700, 30, 5)}[name]
    dice = random.Random(name)
    homes = [dice.randrange(quarters + 1) for _ in range(ideas)]
    lists = []
    for _ in range(voters):
        quarter = dice.randrange(quarters)
        weights = [
            (5 if home == quarter else 2 if home == quarters else 0.4) / (place % 7 + 1)
            for place, home in enumerate(homes)
        ]
        ticks = dice.choices(range(ideas), weights, k=dice.randint(0, 8))
        lists.append({f"i{tick}" for tick in ticks})
    return Ballots.from_lists([f"i{number}" for number in range(ideas)], lists)


def with_singles(b: Ballots, idea: str, votes: int) -> Ballots:
    row = (b.ideas.index(idea),)
    return Ballots(b.ideas, (*b.rows, row), (*b.weights, votes)) if votes else b


def count(b: Ballots, rule: Rule) -> Result:
    return shortlist(b, SEATS, rule)


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("name", ["small", "large"])
def test_every_excluded_idea_is_in_with_the_missing_votes_and_out_with_one_fewer(
    name: str, rule: Rule
) -> None:
    b = city(name)
    result = count(b, rule)
    found = margins(b, result)
    assert found.keys() == set(b.ideas) - set(result.winners)
    for idea, margin in found.items():
        assert margin.votes_short is not None
        now = count(with_singles(b, idea, margin.votes_short), rule)
        before = count(with_singles(b, idea, margin.votes_short - 1), rule)
        assert idea in now.winners
        assert idea not in before.winners
        assert set(margin.displaces) == set(result.winners) - set(now.winners)
        assert margin.round == now.winners.index(idea) + 1


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("name", ["small", "large"])
def test_a_recount_of_the_canonical_file_is_the_count(name: str, rule: Rule) -> None:
    b = city(name)
    result = count(b, rule)
    said = {"seats": SEATS, "rule": rule.value, "completion": result.completion.value}
    content = b.with_meta(**said).to_pb()
    again = recount(content)
    assert again.result == result
    assert again.changed_line is None
    assert recount(Ballots.from_pb(content).to_pb()).digest == again.digest
