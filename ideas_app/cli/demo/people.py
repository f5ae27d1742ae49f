"""The people of the demonstration: invented persons on the rosters, and the ballots they would cast. Pure.

Names are chance combinations; several persons share one, which a roster must survive.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody on the rosters of 2025; `nickname` where the person also writes here."""

    index: int
    nickname: str | None
    name: str
    born_on: date
    phone: str
    neighbourhood: str
    tie: str
    programmes: tuple[str, ...]


def pick(rng: random.Random, weighted: list[tuple[T, float]]) -> T:
    """One item by weight, drawn with a single number, so that the order of draws stays readable."""
    mark = rng.random() * sum(weight for _item, weight in weighted)
    for item, weight in weighted:
        mark -= weight
        if mark < 0:
            return item
    return weighted[-1][0]


class _Maker:
    """Draws persons from the rule in people.yaml until every programme has its records."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.rule = document["generator"]
        self.rng = random.Random(self.rule["seed"])  # noqa: S311  # a demonstration, not a secret
        self.left = dict(self.rule["records_by_programme"])
        self.order = list(self.left)
        self.bands = {person["nickname"]: person["age_band"] for person in document["people"]}
        self.people: list[DemoPerson] = []

    def _weighted(self, key: str) -> list[tuple[str, float]]:
        return [(part["text"], part["weight"]) for part in self.rule[key]]

    def _born_on(self, nickname: str | None) -> date:
        years = list(self.rule["birth_years"]["weights"].items())
        if nickname:
            low, high = map(int, self.bands[nickname].split("-"))
            years = [(year, weight) for year, weight in years if low <= 2025 - year <= high]
        year = pick(self.rng, years)
        month, day = 1 + int(self.rng.random() * 12), 1 + int(self.rng.random() * 28)
        if nickname or year == self.rule["birth_years"]["last"]:
            month = 1 + month % 2  # before March, so that the age is reached when gathering opens
        return date(int(year), month, day)

    def add(self, nickname: str | None, programmes: list[str]) -> None:
        """One more person, drawn in the order of the fields."""
        for slug in programmes:
            self.left[slug] -= 1
        parts = ("family_names", "given_first", "given_second")
        name = "".join(pick(self.rng, self._weighted(part)) for part in parts)
        born_on = self._born_on(nickname)
        index = len(self.people)
        self.people.append(
            DemoPerson(
                index=index,
                nickname=nickname,
                name=name,
                born_on=born_on,
                phone=self.rule["phone"].format(index=index),
                neighbourhood=pick(self.rng, list(self.rule["neighbourhoods"].items())),
                tie=pick(self.rng, list(self.rule["ties"].items())),
                programmes=tuple(sorted(programmes, key=self.order.index)),
            )
        )

    def draw_programmes(self, number: int) -> list[str]:
        """So many different programmes, each with a chance by the records it still lacks."""
        chosen: list[str] = []
        while len(chosen) < number:
            open_ones = [(s, k) for s, k in self.left.items() if k > 0 and s not in chosen]
            chosen.append(pick(self.rng, open_ones))
        return chosen


def make_people(document: dict[str, Any]) -> list[DemoPerson]:
    """The persons of people.yaml: nicknamed ones first, then by falling number of programmes. Deterministic."""
    maker = _Maker(document)
    per = dict(maker.rule["participations_per_person"])
    for person in document["people"]:
        if person["programmes"]:
            maker.add(person["nickname"], person["programmes"])
            per[len(person["programmes"])] -= 1
    for number in sorted(per, reverse=True):
        for _ in range(per[number]):
            maker.add(None, maker.draw_programmes(number))
    return maker.people


def draw_ballots(document: dict[str, Any]) -> list[list[str]]:
    """The ballots of ballot_2025.yaml: a list of entry ids each, group by group. Deterministic.

    Every entry is ticked with its chance; too few ticks are filled up with the nearest misses, too many cut
    to the surest.
    """
    rng = random.Random(document["seed"])  # noqa: S311  # a demonstration, not a secret
    low, high = document["min_ticks"], document["max_ticks"]
    ballots = []
    for group in document["groups"]:
        for _ in range(group["ballots"]):
            marks = [
                (entry["approve"][group["key"]] - rng.random(), entry["entry"])
                for entry in document["entries"]
            ]
            marks.sort(reverse=True)
            sure = sum(distance > 0 for distance, _entry in marks)
            ballots.append(sorted(entry for _distance, entry in marks[: min(max(sure, low), high)]))
    return ballots
