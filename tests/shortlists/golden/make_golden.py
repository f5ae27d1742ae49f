"""Writes the golden vectors that tests/shortlists/test_rules_golden.py compares the kernel with.

The judge is abcvoting (exact fractions, lowest index on ties), installed apart because it pulls in
about a gigabyte; it is no dependency of this project:

    python -m venv ../judge && ../judge/bin/pip install abcvoting
    PYTHONPATH=. ../judge/bin/python tests/shortlists/golden/make_golden.py
    PYTHONPATH=. ../judge/bin/python tests/shortlists/golden/make_golden.py --compare 2000

The second call rewrites the files; the third writes nothing, runs the kernel against the judge on
that many other random profiles and prints the number of differences. The committed files were
written with abcvoting 2.19.2 (gmpy2 2.3.2, Python 3.11); a newer one should give the same.

What one must know of the judge:
* its default arithmetic is float: ask for standard-fractions, and for resolute approval and SAV;
* it counts voters without approvals into N, we do not: they are left out of its profile;
* it fills a list with ideas that nobody approves, we never do: such ideas are left out as well;
* its lists are sets; the order of election, with prices and loads, is only in the details that its
  private functions return. They are used here for Phragmén and for equal shares.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from abcvoting import abcrules, properties
from abcvoting.preferences import Profile

from ideas_app.shortlists.rules import Ballots, audit, shortlist, to_plain

HERE = Path(__file__).parent
EXACT = {"algorithm": "standard-fractions", "resolute": True}
JUDGES = {
    "approval": lambda p, k: abcrules.compute_av(p, k, resolute=True),
    "satisfaction": lambda p, k: abcrules.compute_sav(p, k, resolute=True),
    "seqpav": lambda p, k: abcrules.compute_seqpav(p, k, resolute=True),
    "phragmen": lambda p, k: abcrules.compute_seqphragmen(p, k, **EXACT),
    "mes/phragmen": lambda p, k: abcrules.compute_equal_shares(
        p, k, completion="seqphragmen", **EXACT
    ),
    "mes/approval": lambda p, k: abcrules.compute_equal_shares(p, k, completion="av", **EXACT),
    "mes/none": lambda p, k: abcrules.compute_equal_shares(p, k, completion=None, **EXACT),
}


def judge(size: int, ballots: list[list[int]], k: int) -> dict[str, Any]:
    """The judge's sorted list for each rule, and its word on the list of mes/phragmen."""
    voters = [ballot for ballot in ballots if ballot]
    used = sorted({idea for ballot in voters for idea in ballot})
    place = {idea: number for number, idea in enumerate(used)}
    seats = min(k, len(used))
    if not voters:
        return {"lists": {name: [] for name in JUDGES}, "coverage": "0/1", "mean": "0/1"}
    profile = Profile(len(used))
    profile.add_voters([[place[idea] for idea in ballot] for ballot in voters])
    lists = {
        # With fewer approved ideas than seats the budget would differ: then only the set counts,
        # and only rules that fill every seat have one that is known, all approved ideas.
        name: sorted(used[place] for place in next(iter(run(profile, seats))))
        for name, run in JUDGES.items()
        if seats == k or name != "mes/none"
    }
    said: dict[str, Any] = {"lists": lists}
    chosen = lists["mes/phragmen"]
    got = [len(set(chosen) & set(ballot)) for ballot in voters]
    for name, value in (
        ("coverage", Fraction(sum(map(bool, got)), len(voters))),
        ("mean", Fraction(sum(got), len(voters))),
    ):
        said[name] = f"{value.numerator}/{value.denominator}"
    if seats == k:
        said["rounds"] = tell_rounds(profile, k, used)
        for name in ("approval", "mes/phragmen"):
            committee = {place[idea] for idea in lists[name]}
            said[f"guarantees {name}"] = [
                properties.check_JR(profile, committee),
                properties.check_EJR_plus(profile, committee),
            ]
    return said


def tell_rounds(profile: Profile, k: int, used: list[int]) -> dict[str, list[Any]]:
    """Winners in order of election, each with its exact load or price."""
    _, loads = abcrules._seqphragmen_resolute(profile, k, "standard-fractions")
    _, shares = abcrules._equal_shares_algorithm(profile, k, "standard-fractions", resolute=True)
    filled = shares.get("phragmen_phase", {"next_cand": [], "max_load": []})
    return {
        "phragmen": tell_pairs(loads["next_cand"], loads["max_load"], used),
        "mes/phragmen": tell_pairs(shares["next_cand"], shares["cost"], used)
        + tell_pairs(filled["next_cand"], filled["max_load"], used),
    }


def tell_pairs(places: list[int], scores: list[Fraction], used: list[int]) -> list[Any]:
    """[idea, "n/d"] each."""
    return [
        [used[place], f"{score.numerator}/{score.denominator}"]
        for place, score in zip(places, map(Fraction, scores), strict=True)
    ]


def draw_profile(dice: random.Random) -> tuple[int, list[list[int]], int]:
    """A small profile of one of several kinds: uniform, tied, camps, popular ideas, bullet votes."""
    size = dice.randint(1, 12)
    voters = dice.randint(0, 30)
    kind = dice.choice(("uniform", "tied", "camps", "popular", "bullet"))
    ballots: list[list[int]] = []
    camps = [dice.sample(range(size), dice.randint(1, size)) for _ in range(3)]
    for _ in range(voters):
        if kind == "uniform":
            ballot = dice.sample(range(size), dice.randint(0, min(size, 6)))
        elif kind == "tied":
            ballot = [(len(ballots) + step) % size for step in range(min(size, 2))]
        elif kind == "camps":
            ballot = [idea for idea in dice.choice(camps) if dice.random() < 0.8]
        elif kind == "popular":
            ballot = [idea for idea in range(size) if dice.random() < 1 / (idea + 1.5)]
        else:
            ballot = [dice.randrange(size)] if dice.random() < 0.7 else []
        ballots.append(sorted(ballot))
    if dice.random() < 0.3:  # equal ballots
        ballots += ballots[: len(ballots) // 2]
    return size, ballots, dice.randint(1, size)


def draw_city(dice: random.Random, voters: int, size: int) -> list[list[int]]:
    """A realistic ballot: popularity falls like 1/rank, districts favour their own ideas."""
    home = [dice.randrange(6) for _ in range(size)]
    order = dice.sample(range(size), size)
    ballots = []
    for _ in range(voters):
        own = dice.randrange(6)
        if dice.random() < 0.02:
            ballots.append([])
            continue
        weight = [(4 if home[i] == own else 1) / (order[i] + 5) for i in range(size)]
        wanted = dice.randint(3, 10)
        ballots.append(sorted(set(dice.choices(range(size), weight, k=wanted))))
    return ballots


def tell_kernel(size: int, ballots: list[list[int]], k: int) -> dict[str, Any]:
    """What the kernel says, in the shape of `judge`."""
    b = Ballots.from_lists(map(str, range(size)), [[str(i) for i in row] for row in ballots])
    lists, rounds, said = {}, {}, {}
    for name in JUDGES:
        rule, _, completion = name.partition("/")
        result = shortlist(b, k, rule, completion or "phragmen")
        lists[name] = [int(i) for i in result.winners]
        rounds[name] = [[int(r.idea), to_plain(r.score)] for r in result.rounds]
    figures = audit(b, [str(i) for i in lists["mes/phragmen"]], k)
    for name in ("coverage", "mean"):
        value = getattr(figures, name)
        said[name] = f"{value.numerator}/{value.denominator}"
    for name in ("approval", "mes/phragmen"):
        found = audit(b, [str(i) for i in lists[name]], k)
        said[f"guarantees {name}"] = [found.jr, found.ejr_plus]
    said["rounds"] = {name: rounds[name] for name in ("phragmen", "mes/phragmen")}
    return {"lists": {name: sorted(found) for name, found in lists.items()}, **said}


def tell(*words: object) -> None:
    """A line for whoever runs this."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


def count_differences(count: int, seed: int) -> int:
    """Runs kernel and judge on `count` random profiles; each differing figure counts once."""
    dice = random.Random(seed)
    differences = 0
    for number in range(count):
        size, ballots, k = draw_profile(dice)
        expected, found = judge(size, ballots, k), tell_kernel(size, ballots, k)
        for name in expected["lists"]:
            if expected["lists"][name] != found["lists"][name]:
                differences += 1
                tell(number, name, size, k, ballots, expected["lists"][name], found["lists"][name])
        for name in expected.keys() - {"lists"}:
            if expected[name] != found[name]:
                differences += 1
                tell(number, name, size, k, ballots, expected[name], found[name])
    return differences


def write(name: str, profiles: list[tuple[int, list[list[int]], int]]) -> None:
    """One profile a line, so that a change shows as a small diff."""
    lines = [
        json.dumps(
            {"ideas": size, "k": k, "ballots": ballots, **judge(size, ballots, k)},
            separators=(",", ":"),
        )
        for size, ballots, k in profiles
    ]
    (HERE / name).write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


def main() -> None:
    """Write the vectors, or with --compare count differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compare", type=int, default=0)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    if asked.compare:
        found = count_differences(asked.compare, asked.seed)
        tell(f"{asked.compare} profiles, {found} differences")
        return
    dice = random.Random(2025)
    write("random.json", [draw_profile(dice) for _ in range(360)])
    cities = [(voters, size, k) for voters, size in ((620, 40), (400, 90)) for k in (5, 15)]
    cities.append((1_500, 163, 15))
    write("city.json", [(size, draw_city(dice, voters, size), k) for voters, size, k in cities])


if __name__ == "__main__":
    main()
