"""Every number in the explanations, derived again from the lines of the ballot file and nothing else.

The file is read with `str.split`; supporters, served people, weights and margins are counted here by
plain loops over people. The kernel only says which list came out, never why.
"""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from ideas_app.shortlists.rules import Ballots, analyse, shortlist

IDEAS = tuple(f"i{number}" for number in range(9))
SEATS = 4


def draw_file(seed: int) -> str:
    dice = random.Random(seed)
    lists = []
    for _ in range(60):
        camp = dice.choice((IDEAS[:4], IDEAS[3:6], IDEAS[5:8]))
        lists.append({dice.choice(camp) for _ in range(3)})
    b = Ballots.from_lists(IDEAS, lists).with_meta(seats=SEATS, rule="phragmen")
    return b.to_pb().decode()


def people_of(text: str) -> list[set[str]]:
    """One set of ideas for each line of votes."""
    lines = text.split("\nVOTES\n")[1].strip().split("\n")[1:]
    return [set(line.split(";")[1].split(",")) for line in lines]


def carry(people: list[set[str]], seats: int) -> list[tuple[str, dict[str, Fraction]]]:
    """Sequential Phragmén, person by person: the winner of each round and all new loads."""
    loads = [Fraction(0)] * len(people)
    rounds: list[tuple[str, dict[str, Fraction]]] = []
    for _ in range(seats):
        taken = {idea for idea, _loads in rounds}
        offers = {}
        for idea in IDEAS:
            mine = [loads[i] for i, ticks in enumerate(people) if idea in ticks]
            if mine and idea not in taken:
                offers[idea] = (1 + sum(mine)) / len(mine)
        best = min(offers, key=lambda idea: (offers[idea], IDEAS.index(idea)))
        loads = [offers[best] if best in people[i] else load for i, load in enumerate(loads)]
        rounds.append((best, offers))
    return rounds


def winners_of(people: list[set[str]]) -> list[str]:
    return [idea for idea, _loads in carry(people, SEATS)]


def told_by(seed: int) -> tuple[list[set[str]], dict[str, dict[str, dict[str, object]]]]:
    text = draw_file(seed)
    found = analyse(Ballots.from_pb(text), SEATS, "phragmen", "none")
    sentences = {
        idea: {one["key"]: one["values"] for one in told}
        for idea, told in found["sentences"].items()
    }
    return people_of(text), sentences


@pytest.mark.parametrize("seed", range(12))
def test_the_numbers_of_a_listed_idea_are_those_of_the_file(seed: int) -> None:
    people, sentences = told_by(seed)
    rounds = carry(people, SEATS)
    for rank, (idea, offers) in enumerate(rounds, start=1):
        before = {winner for winner, _loads in rounds[: rank - 1]}
        supporters = [ticks for ticks in people if idea in ticks]
        served = sum(bool(ticks & before) for ticks in supporters)
        told = sentences[idea]
        if served:
            expected = {
                "rank": rank,
                "votes": len(supporters),
                "served": served,
                "effective": plain(1 / offers[idea]),
            }
            assert told["chosen_shared"] == expected
        else:
            assert told["chosen_full"] == {"rank": rank, "votes": len(supporters)}
        rest = {one: load for one, load in offers.items() if one != idea}
        rival = min(rest, key=lambda one: (rest[one], IDEAS.index(one)))
        assert told["ahead_of"] == {"idea": rival, "effective": plain(1 / rest[rival])}
        level = [one for one in rest if rest[one] == offers[idea]]
        assert told.get("won_tie", {"ideas": []}) == {"ideas": level}


@pytest.mark.parametrize("seed", range(12))
def test_the_numbers_of_an_idea_left_out_are_those_of_the_file(seed: int) -> None:
    people, sentences = told_by(seed)
    rounds = carry(people, SEATS)
    listed = [idea for idea, _loads in rounds]
    votes = {idea: sum(idea in ticks for ticks in people) for idea in IDEAS}
    for idea in set(IDEAS) - set(listed):
        told = sentences[idea]
        weaker = sum(votes[winner] < votes[idea] for winner in listed)
        if not votes[idea]:
            assert "no_votes" in told
        elif weaker:
            assert told["more_votes"] == {"votes": votes[idea], "ideas": weaker}
        else:
            last = plain(1 / rounds[-1][1][listed[-1]])
            assert told["few_votes"] == {"votes": votes[idea], "last_effective": last}
        check_served(people, listed, idea, told)
        check_margin(people, listed, idea, told)


def check_served(
    people: list[set[str]], listed: list[str], idea: str, told: dict[str, dict[str, object]]
) -> None:
    if "supporters_served" not in told:
        return
    supporters = [ticks for ticks in people if idea in ticks]
    least = told["supporters_served"]["at_least"]
    assert isinstance(least, int)
    served = sum(len(ticks & set(listed)) >= least for ticks in supporters)
    share = Fraction(served, len(supporters))
    assert told["supporters_served"]["share"] == plain(share)
    assert share >= Fraction(1, 2)


def check_margin(
    people: list[set[str]], listed: list[str], idea: str, told: dict[str, dict[str, object]]
) -> None:
    """So many more ballots put it on the list, one fewer does not."""
    short = told["votes_short"]["people"]
    assert isinstance(short, int)
    there = winners_of([*people, *[{idea}] * short])
    assert idea in there
    assert idea not in winners_of([*people, *[{idea}] * (short - 1)])
    gone = [winner for winner in listed if winner not in there]
    assert told["votes_short"]["displaces"] == gone


def test_the_shares_of_close_calls_are_those_of_the_resampling() -> None:
    text = draw_file(3)
    found = analyse(Ballots.from_pb(text), SEATS, "phragmen", "none")
    assert found["runs"] == 200
    total = sum(Fraction(share) for share in found["stability"].values())
    assert total == SEATS  # every run fills every seat
    for idea, told in found["sentences"].items():
        shares = [one["values"]["share"] for one in told if one["key"].startswith("close_")]
        assert shares in ([], [found["stability"][idea]])
        assert bool(shares) == (found["firmness"][idea] == "close")


def test_the_plain_count_here_and_the_kernel_elect_the_same() -> None:
    for seed in range(12):
        text = draw_file(seed)
        kernel = shortlist(Ballots.from_pb(text), SEATS, "phragmen").winners
        assert winners_of(people_of(text)) == list(kernel)


def plain(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
