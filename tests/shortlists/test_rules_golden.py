"""The kernel against an independent judge: lists, order, exact prices and loads, guarantees.

The vectors are written by golden/make_golden.py, which says how.
"""

import json
from pathlib import Path

import pytest

from ideas_app.shortlists.rules import Ballots, audit, shortlist, to_plain

GOLDEN = Path(__file__).parent / "golden"


def load(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def ballots_of(vector):
    lists = [[str(idea) for idea in row] for row in vector["ballots"]]
    return Ballots.from_lists(map(str, range(vector["ideas"])), lists)


def elect(vector, name):
    rule, _, completion = name.partition("/")
    return shortlist(ballots_of(vector), vector["k"], rule, completion or "phragmen")


@pytest.mark.parametrize("name", ["random.json", "city.json"])
def test_every_rule_lists_what_the_judge_lists(name):
    for vector in load(name):
        for rule, expected in vector["lists"].items():
            winners = sorted(map(int, elect(vector, rule).winners))
            assert winners == expected, (rule, vector["k"], vector["ballots"])


@pytest.mark.parametrize("name", ["random.json", "city.json"])
def test_rounds_come_in_the_judges_order_with_its_exact_prices_and_loads(name):
    for vector in load(name):
        for rule, expected in vector.get("rounds", {}).items():
            rounds = elect(vector, rule).rounds
            assert [[int(r.idea), to_plain(r.score)] for r in rounds] == expected, vector


@pytest.mark.parametrize("name", ["random.json", "city.json"])
def test_coverage_mean_and_guarantees_are_the_judges(name):
    for vector in load(name):
        b = ballots_of(vector)
        for rule in ("approval", "mes/phragmen"):
            found = audit(b, elect(vector, rule).winners, vector["k"])
            expected = vector.get(f"guarantees {rule}", [found.jr, found.ejr_plus])
            assert [found.jr, found.ejr_plus] == expected, (rule, vector)
        assert [to_plain(found.coverage), to_plain(found.mean)] == [
            vector["coverage"],
            vector["mean"],
        ]


def test_the_vectors_cover_ties_empty_ballots_equal_ballots_and_short_lists():
    vectors = load("random.json")
    assert len(vectors) >= 300
    assert sum(bool(elect(vector, "mes").ties) for vector in vectors) > 100
    assert sum([] in vector["ballots"] for vector in vectors) > 30
    assert sum(ballots_of(vector).count > len(ballots_of(vector).rows) for vector in vectors) > 100
    assert sum(elect(vector, "mes").short > 0 for vector in vectors) > 10
