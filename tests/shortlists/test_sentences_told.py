"""Every sentence of the explanations, read as people read it: its numbers are those of the ballots.

Elections small enough to be counted here by plain loops over sets of ideas; the explainer is asked for
its text only. A key that no scene below brings up fails the last test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from ideas_app.shortlists.queries import tell
from ideas_app.shortlists.rules import (
    SENTENCES,
    Ballots,
    explain,
    margins,
    shortlist,
    stability,
    to_plain,
    write_pairs,
)
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

SEED = 5
RUNS = 40
TITLES = {name: f"제안 {name.upper()}" for name in "abcdefgh"}


@dataclass(frozen=True)
class Scene:
    """Ballots as letters with their number, and how they are counted."""

    camps: dict[str, int]
    seats: int
    rule: str
    completion: str = "none"
    options: dict[str, Any] = field(default_factory=dict)
    ideas: str = "abcdefg"
    rivals: tuple[str, ...] = ()
    """Pairs of letters that cannot stand on one list."""

    @property
    def people(self) -> list[set[str]]:
        return [set(ticks) for ticks, count in self.camps.items() for _ in range(count)]

    @property
    def ballots(self) -> Ballots:
        b = Ballots.from_lists(self.ideas, self.people)
        if not self.rivals:
            return b
        return b.with_meta(seats=self.seats, incompatible=write_pairs(self.rivals))

    def rival_of(self, idea: str, listed: Iterable[str]) -> str | None:
        """The idea of a list beside which this one cannot stand."""
        return next(
            (one for one in listed for pair in self.rivals if {one, idea} == set(pair)), None
        )

    @property
    def voters(self) -> list[set[str]]:
        """Those who approve something that can be elected."""
        banned = set(self.options.get("excluded", ()))
        return [ticks - banned for ticks in self.people if ticks - banned]

    def votes(self, idea: str) -> int:
        return sum(idea in ticks for ticks in self.people)

    def with_more(self, idea: str, count: int) -> Scene:
        """The same with so many more people who choose only this idea."""
        return replace(self, camps={**self.camps, idea: self.camps.get(idea, 0) + count})


SCENES = {
    "equal shares": Scene({"abc": 60, "d": 25, "bd": 5, "e": 2, "ef": 8}, 3, "mes", "phragmen"),
    "filled by votes": Scene({"ab": 40, "cd": 30, "e": 12, "f": 11}, 3, "mes", "approval"),
    "by hand": Scene(
        {"ab": 30, "bc": 20, "d": 9, "e": 3},
        3,
        "phragmen",
        options={"forced": ["d"], "excluded": ["e"]},
    ),
    "votes": Scene({"ab": 30, "bc": 20, "d": 20, "e": 19}, 2, "approval"),
    "points": Scene({"abc": 30, "d": 12, "e": 11}, 2, "satisfaction"),
    "level": Scene({"a": 10, "b": 10, "c": 10, "d": 4}, 2, "phragmen"),
    "empty seats": Scene({"a": 50, "b": 9, "c": 8}, 3, "mes"),
    "exclude each other": Scene(
        {"ab": 40, "b": 6, "cd": 20, "c": 3, "e": 4}, 3, "mes", "phragmen", rivals=("ab", "cd")
    ),
}


def told_in(scene: Scene) -> dict[str, dict[str, dict[str, Any]]]:
    """By idea and key the values as they are stored with a round."""
    b = scene.ballots
    result = shortlist(b, scene.seats, scene.rule, scene.completion, **scene.options)
    near = margins(b, result)
    shares = stability(
        b,
        scene.seats,
        scene.rule,
        seed=SEED,
        runs=RUNS,
        completion=scene.completion,
        **scene.options,
    )
    return {
        idea: {one.key: to_plain(one.values) for one in sentences}
        for idea, sentences in explain(b, result, near, shares).items()
    }


@dataclass(frozen=True)
class Step:
    """A seat as it is given away here: the winner, and what each idea that could have it weighed."""

    winner: str
    weights: dict[str, Fraction]

    @property
    def runner_up(self) -> str | None:
        rest = [idea for idea in self.weights if idea != self.winner]
        return max(rest, key=lambda idea: self.weights[idea], default=None)


def count_by_hand(scene: Scene) -> list[Step]:
    """The list, person by person, with no idea merged, sorted or scaled."""
    steps: list[Step] = []
    voters = scene.voters
    purse = Fraction(scene.seats, len(voters)) if scene.rule == "mes" else Fraction(0)
    left = [purse] * len(voters)  # what each has left; for phragmen less than nothing is a load
    has_ended = scene.rule != "mes"
    while len(steps) < scene.seats:
        taken = {step.winner for step in steps}
        forced = [idea for idea in scene.options.get("forced", ()) if idea not in taken]
        open_to = {
            idea: [place for place, ticks in enumerate(voters) if idea in ticks]
            for idea in (forced[:1] or scene.ideas)
            if idea not in taken and not scene.rival_of(idea, taken)
        }
        prices = {
            idea: price
            for idea, mine in open_to.items()
            if mine
            and (price := _price(scene, [left[place] for place in mine], has_ended)) is not None
        }
        if not prices and not has_ended and scene.completion != "none":
            has_ended = True
            continue
        if not prices:
            break
        # a newcomer with a whole purse pays 1/n of a seat that n of them buy
        weights = {
            idea: _weigh(
                scene, voters, idea, price + purse * (has_ended and scene.rule == "mes"), has_ended
            )
            for idea, price in prices.items()
        }
        winner = max(weights, key=lambda idea: weights[idea])
        steps.append(Step(winner, weights))
        for place in open_to[winner]:
            if has_ended:
                left[place] = -prices[winner]
            else:
                left[place] -= min(left[place], prices[winner])
    return steps


def _price(scene: Scene, left: list[Fraction], has_ended: bool) -> Fraction | None:
    """Before the end of equal shares the least q for which all paying at most q bring 1 together, if
    there is one; after it, and for Phragmén, the load that all of them come to.
    """
    if has_ended:
        return (1 - sum(left)) / len(left)
    paid, rest = Fraction(0), len(left)
    for own in sorted(left):
        if (1 - paid) / rest <= own:
            return (1 - paid) / rest
        paid, rest = paid + own, rest - 1
    return None


def _weigh(
    scene: Scene, voters: list[set[str]], idea: str, price: Fraction, has_ended: bool
) -> Fraction:
    if scene.rule == "satisfaction":
        return sum((Fraction(1, len(ticks)) for ticks in voters if idea in ticks), Fraction(0))
    if scene.rule == "approval" or (has_ended and scene.completion == "approval"):
        return Fraction(scene.votes(idea))
    return 1 / price


def told_numbers(scene: Scene, idea: str, key: str, values: dict[str, Any]) -> dict[str, Any]:
    """What the sentence must hold by the count of this file: numbers, and ideas by name."""
    steps = count_by_hand(scene)
    listed = [step.winner for step in steps]
    mine = [ticks for ticks in scene.people if idea in ticks]
    place = listed.index(idea) if idea in listed else len(listed)
    told: dict[str, Any] = {"rank": place + 1, "votes": len(mine)}
    told["idea"] = scene.rival_of(idea, listed)
    if idea in listed:
        step, before = steps[place], set(listed[:place])
        told["points"] = told["effective"] = step.weights[idea]
        told["served"] = sum(bool(ticks & before) for ticks in mine)
        if key == "ahead_of":
            told["idea"], told["effective"] = step.runner_up, step.weights[step.runner_up or ""]
    if key == "won_tie":
        weights = steps[place].weights
        told["ideas"] = [one for one in weights if weights[one] == weights[idea] and one != idea]
    if key == "lost_tie":
        lost = [step for step in steps if step.weights.get(idea) == step.weights[step.winner]]
        told["idea"] = lost[-1].winner
    if key == "more_votes":
        told["ideas"] = sum(scene.votes(winner) < len(mine) for winner in listed)
    if key == "supporters_served":
        told["at_least"] = values["at_least"]
        has = sum(len(ticks & set(listed)) >= values["at_least"] for ticks in mine)
        assert 2 * has >= len(mine)
        told["share"] = Fraction(has, len(mine))
    if key == "few_votes":
        told["last_effective"] = steps[-1].weights[listed[-1]]
    if key.startswith("votes_short"):
        told |= _try_more(scene, idea, listed)
    if key in {"close_in", "close_out"}:
        told["share"] = stability(
            scene.ballots, scene.seats, scene.rule, seed=SEED, runs=RUNS,
            completion=scene.completion, **scene.options,
        )[idea]  # fmt: skip
    return {name: told[name] for name in SENTENCES[key]}


def _try_more(scene: Scene, idea: str, listed: list[str]) -> dict[str, Any]:
    """One more ballot for it alone at a time, until it is in."""
    for people in range(1, 200):
        there = [step.winner for step in count_by_hand(scene.with_more(idea, people))]
        if idea in there:
            return {"people": people, "displaces": [one for one in listed if one not in there]}
    pytest.fail(f"{idea} never comes in")


@cache
def told_of(name: str) -> dict[str, dict[str, dict[str, Any]]]:
    return told_in(SCENES[name])


def test_every_sentence_that_the_explainer_knows_comes_up_here() -> None:
    keys = {key for name in SCENES for told in told_of(name).values() for key in told}
    assert keys == set(SENTENCES)


@pytest.mark.parametrize("name", SCENES)
def test_the_list_counted_by_hand_is_the_list(name: str) -> None:
    scene = SCENES[name]
    found = shortlist(scene.ballots, scene.seats, scene.rule, scene.completion, **scene.options)
    assert [step.winner for step in count_by_hand(scene)] == list(found.winners)


@pytest.mark.parametrize("name", SCENES)
def test_every_value_is_what_the_ballots_give_and_stands_in_both_texts(
    app: Flask, name: str
) -> None:
    scene = SCENES[name]
    with app.test_request_context():
        for idea, told in told_of(name).items():
            for key, values in told.items():
                counted = told_numbers(scene, idea, key, values)
                assert to_plain(counted) == values, (idea, key)
                for lang in ("ko", "en"):
                    with speaking(lang):
                        text = str(tell(key, values, TITLES))
                    # exactly these numbers and names: none is missing, none was made up
                    assert numbers_in(text) == sorted(map(written, numbers_of(counted))), text
                    assert titles_in(text) == names_of(counted), text


def numbers_of(counted: dict[str, Any]) -> list[int | Fraction]:
    """The numbers that the sentence says; a share as per cent."""
    return [
        value * 100 if name == "share" else value
        for name, value in counted.items()
        if isinstance(value, int | Fraction)
    ]


def names_of(counted: dict[str, Any]) -> list[str]:
    named = [value for value in counted.values() if isinstance(value, str)]
    lists = [value for value in counted.values() if isinstance(value, list)]
    return [TITLES[one] for one in (*named, *(each for many in lists for each in many))]


def titles_in(text: str) -> list[str]:
    return re.findall("“([^”]*)”", text)


def numbers_in(text: str) -> list[str]:
    """The numbers as they stand in a sentence, without those of titles."""
    return sorted(re.findall(r"\d[\d,]*(?:\.\d+)?", re.sub("“[^”]*”", "", text)))


def written(value: int | Fraction) -> str:
    """An exact number as people read it: one decimal at most, halves up, rounded here once more."""
    tenths = (value * 20 + 1) // 2
    return f"{tenths // 10:,}" + (f".{tenths % 10}" if tenths % 10 else "")
