"""The map against a computation of its own, on votes whose groups are known, and on votes without any."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.opinion.rules import MapError, Votes, WhyNone, opinion_map, to_plain
from ideas_app.opinion.rules.clustering import adjusted_rand, find_groups, silhouette
from tests.opinion.planted import Rows, camps, dense, matrix, noise

FEW = settings(max_examples=25, deadline=None)


def reference(rows: Rows, ideas: int) -> np.ndarray:
    """Mean imputation, centring, SVD, Polis' scaling: by another way than the rules."""
    votes = dense(rows, ideas)
    filled = np.where(np.isnan(votes), np.nanmean(votes, axis=0), votes)
    centred = filled - filled.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    own = (~np.isnan(votes)).sum(axis=1)
    return centred @ axes.T * np.sqrt(ideas / own)[:, None]  # type: ignore[no-any-return]


@pytest.mark.parametrize(("people", "ideas", "each"), [(80, 14, 9), (300, 40, 12), (60, 60, 30)])
def test_places_are_those_of_another_computation(people: int, ideas: int, each: int) -> None:
    _camp, rows = camps(people, ideas, each)
    found, wanted = opinion_map(matrix(rows, ideas)).coordinates, reference(rows, ideas)
    for axis in (0, 1):
        sign = np.sign((found[:, axis] * wanted[:, axis]).sum())
        assert np.abs(found[:, axis] - sign * wanted[:, axis]).max() < 1e-3


@pytest.mark.parametrize("people", [60, 250, 2400])
def test_two_planted_camps_are_found(people: int) -> None:
    camp, rows = camps(people, 24, 12)
    found = opinion_map(matrix(rows, 24))
    assert found.groups is not None
    assert len(found.groups) == 2
    assert adjusted_rand(camp, found.labels) >= 0.8
    assert sum(group.size for group in found.groups) == people
    for number, group in enumerate(found.groups):
        assert list(group.members) == np.flatnonzero(found.labels == number).tolist()
    assert all(int(idea[1:]) < 12 for idea in found.divisive[:8])


@pytest.mark.parametrize("seed", range(4))
def test_noise_has_no_groups(seed: int) -> None:
    found = opinion_map(matrix(noise(300, 30, 15, seed), 30))
    assert found.groups is None
    assert found.why_none in {WhyNone.UNSTABLE, WhyNone.OVERLAP}
    assert set(found.labels.tolist()) == {-1}
    assert found.divisive == ()


def test_thirty_people_have_no_groups_however_far_apart_they_stand() -> None:
    _camp, rows = camps(30, 20, 20)
    found = opinion_map(matrix(rows, 20))
    assert found.groups is None
    assert found.why_none is WhyNone.FEW_PEOPLE
    assert found.coordinates.shape == (30, 2)


def test_who_said_little_is_placed_but_in_no_group() -> None:
    _camp, rows = camps(80, 20, 12)
    rows += [([0, 1, 2, 3, 4, 5], [1] * 6)]
    found = opinion_map(matrix(rows, 20))
    assert (found.people, found.clustered) == (81, 80)
    assert found.labels[80] == -1
    assert np.abs(found.coordinates[80]).sum() > 0


def test_a_handful_far_off_is_never_a_group_of_its_own() -> None:
    _camp, rows = camps(120, 20, 20)
    odd = [(list(range(20)), [1] * 10 + [-1] * 10)] * 9
    found = opinion_map(matrix(rows + odd, 20))
    sizes = [group.size for group in found.groups or ()]
    assert all(size >= 10 for size in sizes)


def test_groups_too_small_are_told_as_such() -> None:
    most = [(list(range(10)), [1] * 10)] * 95
    found = opinion_map(matrix(most + [(list(range(10)), [-1] * 10)] * 9, 10))
    assert found.groups is None
    assert found.why_none is WhyNone.SMALL_GROUP


def test_where_all_agree_there_is_nothing_to_tell_apart() -> None:
    found = opinion_map(matrix([(list(range(8)), [1] * 8)] * 70, 8))
    assert found.why_none is WhyNone.NO_DIFFERENCE
    assert not found.coordinates.any()
    assert len(found.consensus) == 8
    assert [axis.share for axis in found.axes] == [0, 0]


@pytest.mark.parametrize("ideas", [0, 1])
def test_a_matrix_of_nothing_or_of_one_idea_still_has_an_answer(ideas: int) -> None:
    found = opinion_map(matrix([([], [])] * 3, ideas))
    assert found.why_none is WhyNone.FEW_PEOPLE
    assert found.coordinates.tolist() == [[0, 0]] * 3


def test_the_same_votes_give_the_same_bytes() -> None:
    _camp, rows = camps(70, 14, 9)
    texts = {json.dumps(to_plain(opinion_map(matrix(rows, 14)))) for _time in range(2)}
    assert len(texts) == 1


def test_the_order_of_people_decides_nothing() -> None:
    _camp, rows = camps(70, 14, 9)
    order = np.random.default_rng(3).permutation(70)
    one, two = (opinion_map(matrix(each, 14)) for each in (rows, [rows[place] for place in order]))
    assert one.digest == two.digest
    assert np.array_equal(one.coordinates[order], two.coordinates)
    assert np.array_equal(one.labels[order], two.labels)


def test_one_changed_vote_changes_the_digest() -> None:
    _camp, rows = camps(20, 8, 8)
    before = matrix(rows, 8).digest
    rows[4][1][0] = 0 if rows[4][1][0] else 1
    assert matrix(rows, 8).digest != before


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (([0, 0], [1, 1]), "duplicate_vote"),
        (([5], [1]), "unknown_idea"),
        (([-1], [1]), "unknown_idea"),
        (([1], [300]), "bad_value"),
    ],
)
def test_impossible_votes_are_refused(row: tuple[list[int], list[int]], code: str) -> None:
    with pytest.raises(MapError) as fault:
        Votes.from_rows(["a", "b"], [row])
    assert fault.value.code == code


def test_two_ideas_of_one_name_are_refused() -> None:
    with pytest.raises(MapError, match="twice"):
        Votes.from_rows(["a", "a"], [])


LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=40)


@FEW
@given(LABELS, st.permutations(range(5)))
def test_a_grouping_is_itself_under_any_names(labels: list[int], names: list[int]) -> None:
    first, renamed = np.array(labels), np.array([names[label] for label in labels])
    assert adjusted_rand(first, renamed) == pytest.approx(1)


@FEW
@given(LABELS, st.randoms(use_true_random=False))
def test_likeness_is_mutual_and_at_most_one(labels: list[int], dice: object) -> None:
    first = np.array(labels)
    second = np.array(dice.sample(labels, len(labels)))  # type: ignore[attr-defined]
    here, there = adjusted_rand(first, second), adjusted_rand(second, first)
    assert here == pytest.approx(there)
    assert here <= 1 + 1e-9


def test_a_point_of_weight_two_counts_as_two_people() -> None:
    places = np.array([[0.0, 0], [1, 0], [5, 1], [6, 0], [6, 2]])
    labels, weights = np.array([0, 0, 1, 1, 1]), np.array([2.0, 1, 1, 3, 1])
    twice = np.repeat(np.arange(5), weights.astype(int))

    def distances(points: np.ndarray) -> np.ndarray:
        return np.hypot(*(points[:, None, axis] - points[None, :, axis] for axis in (0, 1)))  # type: ignore[no-any-return]

    weighted = silhouette(distances(places), weights, labels)
    spelled = silhouette(distances(places[twice]), np.ones(8), labels[twice])
    assert weighted == pytest.approx(spelled)


def test_groups_are_numbered_by_size() -> None:
    import random

    points = np.array([[0.0, 0]] * 3 + [[9, 9]] * 5 + [[0.1, 0]] * 3)
    found = find_groups(points, np.ones(11), [2], random.Random(1))[0]
    assert found.labels.tolist() == [0] * 3 + [1] * 5 + [0] * 3
