"""Order, bounds and summaries of a ballot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ideas_app.campaigns.rules import CampaignRules
from ideas_app.votes.rules import Bounds, find_fault, summary_of, voter_key, voter_order


@dataclass(frozen=True)
class Line:
    id: int


LINES = [Line(number) for number in range(40)]


def test_a_voter_sees_the_same_order_at_every_look():
    assert voter_order("aa", LINES) == voter_order("aa", list(reversed(LINES)))


def test_two_voters_see_different_orders():
    assert voter_order("aa", LINES) != voter_order("bb", LINES)


def test_the_order_loses_no_line():
    assert sorted(line.id for line in voter_order("aa", LINES)) == list(range(40))


def test_no_line_is_favoured_by_its_number():
    firsts = {voter_order(str(voter), LINES)[0].id for voter in range(400)}
    assert len(firsts) == 40


def test_ticks_within_the_bounds_are_fine():
    assert find_fault([1, 2, 3], range(40), Bounds(2, 4)) is None


def test_a_fault_says_how_many_are_too_many(app):
    with app.test_request_context("/?lang=en"):
        fault = find_fault(range(12), range(40), Bounds(5, 10))
        assert fault is not None
        assert fault.code == "too_many"
        assert str(fault.message) == "You ticked 12. At most 10 fit: take 2 away."


def test_a_fault_says_how_many_are_missing(app):
    with app.test_request_context("/?lang=en"):
        fault = find_fault([1], range(40), Bounds(5, 10))
        assert fault is not None
        assert str(fault.message) == "You ticked 1. At least 5 are needed: choose 4 more."


def test_a_line_of_another_ballot_is_a_fault():
    fault = find_fault([1, 99], range(40), Bounds(1, 4))
    assert fault is not None
    assert fault.code == "not_on_ballot"


def test_a_line_ticked_twice_counts_once():
    assert find_fault([1, 1, 1], range(40), Bounds(1, 1)) is None


def test_an_empty_ballot_is_never_within_the_bounds():
    assert find_fault([], range(40), Bounds.of(CampaignRules(), 0)) is not None


def test_bounds_shrink_to_what_the_voter_can_tick():
    assert Bounds.of(CampaignRules(), 3) == Bounds(3, 3)
    assert Bounds.of(CampaignRules(), 40) == Bounds(5, 10)


def test_a_summary_is_the_first_sentence_without_marks():
    assert summary_of("**막차**를 늦춰 주세요. 그리고 더 자주요.") == "막차를 늦춰 주세요."


@given(st.text(max_size=400))
def test_a_summary_is_short_and_on_one_line(source):
    summary = summary_of(source)
    assert "\n" not in summary
    assert len(summary) < 2000


NAMES = st.text("가나다라마바사 ", min_size=2, max_size=6).filter(str.strip)
BIRTHS = st.dates(date(1960, 1, 1), date(2015, 1, 1))


@given(NAMES, BIRTHS, st.integers(1, 99))
def test_a_key_knows_the_same_person_however_the_name_is_spaced(name, born_on, campaign_id):
    key = voter_key(b"secret", campaign_id, name, born_on)
    assert key == voter_key(b"secret", campaign_id, " ".join(name), born_on)
    assert re.fullmatch("[0-9a-f]{64}", key)


@given(NAMES, BIRTHS, st.integers(1, 99))
def test_a_key_says_nothing_elsewhere(name, born_on, campaign_id):
    key = voter_key(b"secret", campaign_id, name, born_on)
    others = {
        voter_key(b"secret", campaign_id + 1, name, born_on),
        voter_key(b"another", campaign_id, name, born_on),
        voter_key(b"secret", campaign_id, name + "아", born_on),
        voter_key(b"secret", campaign_id, name, born_on.replace(year=born_on.year - 1, day=1)),
    }
    assert len(others | {key}) == 5
