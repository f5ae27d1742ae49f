"""How far scores lie apart, what a finished evaluation needs, which criteria hold, how one stands."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.campaigns.rules import CRITERIA
from ideas_app.campaigns.rules.settings import is_criterion
from ideas_app.evaluations.models import Cost, Duration, Feasibility, Law
from ideas_app.evaluations.rules import (
    GAP,
    SCORES,
    USUAL,
    Findings,
    Standing,
    Tally,
    criteria_of,
    faults_of,
    faults_of_scores,
    parts_apart,
    spread_of,
    tally_of,
)
from tests.evaluations.scenes import findings

some_scores = st.dictionaries(st.integers(1, 20), st.sampled_from(SCORES), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(some_scores)
def test_a_spread_says_what_was_given_and_names_whoever_stands_apart(
    scores: dict[int, int],
) -> None:
    spread = spread_of(scores)
    assert spread is not None
    values = scores.values()
    assert spread.least == min(values) <= spread.median <= max(values) == spread.greatest
    assert 2 * sum(value < spread.median for value in values) <= spread.count == len(scores)
    assert 2 * sum(value > spread.median for value in values) <= spread.count
    assert spread.differs == (spread.greatest - spread.least >= GAP) == bool(spread.apart)
    closest = min((abs(scores[one] - spread.median) for one in spread.apart), default=Fraction(9))
    assert all(abs(scores[one] - spread.median) < closest for one in set(scores) - spread.apart)


@settings(max_examples=40, deadline=None)
@given(some_scores, st.randoms())
def test_a_spread_asks_neither_for_order_nor_for_names(scores: dict[int, int], rng: object) -> None:
    people = list(scores)
    rng.shuffle(people)  # type: ignore[attr-defined]
    spread = spread_of(scores)
    assert spread_of({person: scores[person] for person in people}) == spread
    turned = spread_of({person: 6 - score for person, score in scores.items()})
    assert spread is not None
    assert turned is not None
    assert (6 - turned.median, turned.apart) == (spread.median, spread.apart)


@pytest.mark.parametrize(
    ("scores", "median", "apart"),
    [
        ((3,), 3, ()),
        ((3, 4), Fraction(7, 2), ()),
        ((2, 4), 3, (0, 1)),
        ((4, 4, 5, 1), 4, (3,)),
        ((1, 5, 3), 3, (0, 1)),
    ],
)
def test_neighbours_agree_and_the_odd_one_is_named(
    scores: tuple[int, ...], median: object, apart: tuple[int, ...]
) -> None:
    spread = spread_of(dict(enumerate(scores)))
    assert spread is not None
    assert (spread.median, spread.apart) == (median, frozenset(apart))


def test_no_scores_have_no_spread() -> None:
    assert spread_of({}) is None


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "안 됨"}, "reason"),
        ({"feasibility": None}, "feasibility"),
        ({"cost": None}, "cost"),
        ({"duration": None}, "duration"),
        ({"law": None}, "law"),
        ({"department": " "}, "department"),
        ({"law": Law.ORDINANCE}, "law_note"),
        ({"law": Law.UNCLEAR, "law_note": " "}, "law_note"),
        ({"cost_note": "원" * 151}, "cost_note"),
        ({"department": "👨‍👩‍👧‍👦" * 20}, "department"),
    ],
)
def test_nothing_is_closed_while_something_is_missing(
    left_out: dict[str, object], field: str
) -> None:
    assert [fault.field for fault in faults_of(findings(**left_out), closing=True)] == [field]


def test_a_draft_may_lack_anything_and_a_whole_one_nothing() -> None:
    assert faults_of(Findings(), closing=False) == []
    assert faults_of(findings(), closing=True) == []
    assert faults_of(findings(law=Law.ORDINANCE, law_note="청년 기본 조례"), closing=True) == []


def test_whoever_cannot_tell_contradicts_nobody() -> None:
    one = findings(cost=Cost.UNDER_10M, department="청년정책과")
    assert parts_apart([one]) == parts_apart([]) == ()
    same = replace(one, department=" 청년 정책과", duration=Duration.UNCLEAR, law=Law.UNCLEAR)
    assert parts_apart([one, same]) == ()
    other = replace(one, cost=Cost.UNDER_50M, feasibility=Feasibility.NOT, department="교통과")
    assert parts_apart([one, same, other]) == ("feasibility", "department", "cost")


def test_a_campaign_chooses_its_criteria_or_writes_one() -> None:
    assert [one.key for one in criteria_of(())] == list(USUAL)
    own = "섬 주민|아무도 못 씀|조금 씀|모두가 씀"
    chosen = criteria_of(["reach", own, "reach", "no such thing", "half|done"])
    assert [one.key for one in chosen] == ["reach", "섬주민"]
    assert chosen[1].anchors == ("아무도 못 씀", "조금 씀", "모두가 씀")
    assert [one.key for one in criteria_of(["no such thing"])] == list(USUAL)
    assert [one.key for one in criteria_of(CRITERIA)] == list(CRITERIA), "each key has its words"
    assert all(map(is_criterion, (*CRITERIA, own)))
    assert not any(map(is_criterion, ("no such thing", "half|done", "a||b|c", "")))


@pytest.mark.parametrize("wrong", [{}, {"need": 0}, {"need": 6}])
def test_every_criterion_needs_a_score_of_one_to_five(wrong: dict[str, int]) -> None:
    criteria = criteria_of(["need", "effect"])
    faults = faults_of_scores({"effect": 5, **wrong}, criteria)
    assert [fault.field for fault in faults] == ["need"]
    assert faults_of_scores({"need": 1, "effect": 5}, criteria) == []


def test_two_of_four_count_neither_who_declined_nor_who_is_not_asked_any_more() -> None:
    standings = [*[Standing.CLOSED] * 2, Standing.SCORED, Standing.REOPENED]
    gone = [Standing.DECLINED, Standing.TAKEN_BACK]
    assert tally_of([*standings, *gone]) == Tally(done=2, asked=4)
    assert tally_of([]).left == 0
