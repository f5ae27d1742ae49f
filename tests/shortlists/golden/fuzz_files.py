"""Draws Pabulib files in the styles of real cities and counts each one here and by the judge.

The judge is abcvoting, installed apart as make_golden.py says:

    PYTHONPATH=. ../judge/bin/python tests/shortlists/golden/fuzz_files.py --files 500

For every file and each of the seven rules and completions the winners of `recount` are compared with
the judge's, which is given the ballots as they were drawn, not as our reader understood them. Prints
each difference, exits 1 on any.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ideas_app.shortlists.rules import TallyError, recount
from tests.shortlists.golden.make_golden import JUDGES, judge, tell

NAMES = (
    *(
        "Zielone torowisko",
        'Kino "pod chmurką"',
        "Ławki; kosze",
        "Bankjes in 't park",
        "Spielplatz",
    ),
    *(
        "Éclairage : chemin piéton-vélo",
        "META",
        "a, b; c",
        "자전거 길",
        "Moestuin\nvoor ouderen",
        "",
    ),
)


@dataclass
class Drawn:
    """A file with what it means: ids in the file's order, ballots as positions among them."""

    style: str
    content: bytes
    ids: list[str]
    ballots: list[list[int]]


def cell(dice: random.Random, text: str) -> str:
    """The text as a cell, in quotation marks where it must be, and now and then where it need not."""
    if any(sign in text for sign in ';"\n') or dice.random() < 0.1:
        return '"' + text.replace('"', '""') + '"'
    return text


def draw_ids(dice: random.Random, style: str, count: int) -> list[str]:
    """Ids as the city writes them, in no order of their numbers."""
    prefix = {"zurich": "P", "lodz": "W"}.get(style, "")
    return [f"{prefix}{number}" for number in dice.sample(range(1, 2_500), count)]


def draw_ballots(dice: random.Random, count: int, voters: int) -> list[list[int]]:
    """Tie-rich ballots in the order of preference, empty ones among them."""
    camps = [dice.sample(range(count), dice.randint(1, count)) for _ in range(3)]
    ballots = []
    for _ in range(voters):
        camp = dice.choice(camps) if dice.random() < 0.8 else list(range(count))
        ballots.append(dice.sample(camp, dice.randint(0, min(len(camp), 6))))
    return ballots + ballots[: dice.choice((0, 0, len(ballots) // 2))]


def meta_lines(dice: random.Random, style: str, voters: int, count: int) -> list[tuple[str, str]]:
    """META of a city; what a reader can do without is missing now and then."""
    kinds = {"zurich": "cumulative", "toulouse": "scoring", "lodz": "ordinal"}
    kind = kinds.get(style, dice.choice(("approval", "approval", "Approval")))
    lines = [
        ("description", dice.choice(("District PB", "PB; part 2", 'the "green" one'))),
        ("country", "Poland"),
        ("unit", style.title()),
        ("instance", "2023"),
        ("num_projects", str(count)),
        ("num_votes", str(voters)),
        ("budget", dice.choice(("100000", "100000", "3", "100000,50"))),
        ("rule", dice.choice(("greedy", "unknown", "equalshares"))),
        ("date_begin", "15.06.2022"),
        ("max_length", "15"),
        ("language", "polish"),
        ("edition", "9"),
        ("comment", "#1: a project; #2: another"),
    ]
    kept = [line for line in lines if dice.random() < 0.8]
    place = dice.randint(0, len(kept))
    return [*kept[:place], ("vote_type", kind), *kept[place:]]


def draw_file(dice: random.Random, style: str) -> Drawn:
    """One file of a style."""
    count = dice.randint(1, 18)
    ids = draw_ids(dice, style, count)
    ballots = draw_ballots(dice, count, dice.randint(1, 60))
    meta = meta_lines(dice, style, len(ballots), count)
    kind = dict(meta)["vote_type"].lower()
    lower = style == "lodz" and dice.random() < 0.5
    heads = [word.lower() if lower else word for word in ("META", "PROJECTS", "VOTES")]
    lines = [heads[0], "key;value", *(f"{key};{cell(dice, value)}" for key, value in meta)]
    lines += [*gap(dice), heads[1], *gap(dice), *draw_projects(dice, style, ids)]
    lines += [*gap(dice), heads[2], *gap(dice)]
    with_points = kind in ("cumulative", "scoring") and dice.random() < 0.8
    lines += draw_votes(dice, ids, ballots, with_points=with_points)
    if style == "zurich":  # every line filled up to the same number of cells, as spreadsheets do
        lines = [line if "\n" in line else line + ";;" for line in lines]
    text = "\n".join(lines) + dice.choice(("", "\n", "\n\n"))
    if style == "amsterdam" or dice.random() < 0.2:
        text = text.replace("\n", "\r\n")
    mark = b"\xef\xbb\xbf" if style == "amsterdam" or dice.random() < 0.2 else b""
    return Drawn(style, mark + text.encode(), ids, ballots)


def gap(dice: random.Random) -> list[str]:
    """An empty line, now and then."""
    return [""] if dice.random() < 0.2 else []


def draw_projects(dice: random.Random, style: str, ids: list[str]) -> list[str]:
    """The projects with columns in an order of their own; a name may run over two lines."""
    others = dice.sample(["votes", "name", "category", "selected"], dice.randint(0, 4))
    columns = ["project_id", "cost", *others]
    if style == "amsterdam":
        dice.shuffle(columns)
    odd_costs = style == "amsterdam" and dice.random() < 0.3
    lines = [";".join(columns)]
    for idea in ids:
        cells = {
            "project_id": dice.choice((idea, f" {idea} ")) if style == "amsterdam" else idea,
            "cost": "1.000,00" if odd_costs else dice.choice(("28000", "1", "2500.50")),
            "votes": str(dice.randint(0, 50)),
            "name": cell(dice, dice.choice(NAMES)),
            "category": dice.choice(("urban greenery,environmental protection", "None", "")),
            "selected": dice.choice("01"),
        }
        lines.append(";".join(cells[column] for column in columns))
    return lines


def draw_votes(
    dice: random.Random, ids: list[str], ballots: list[list[int]], *, with_points: bool
) -> list[str]:
    """The ballots with columns about the voter that a reader must not need."""
    columns = ["voter_id", *dice.sample(["age", "sex", "voting_method", "neighborhood"], 2), "vote"]
    if with_points:
        columns.append("points")
    dice.shuffle(columns)
    joint = dice.choice((",", ",", ", ", " , "))
    lines = [";".join(columns)]
    for number, ballot in enumerate(ballots):
        vote = joint.join(ids[place] for place in ballot)
        cells = {
            "voter_id": str(number),
            "age": dice.choice(("33", "None", "")),
            "sex": dice.choice(("F", "M", "")),
            "voting_method": dice.choice(("internet", "paper; booth 3")),
            "neighborhood": dice.choice(('the "old" town', "3", "")),
            "vote": f'"{vote}"' if dice.random() < 0.1 else vote,
            "points": ",".join(str(dice.randint(1, 5)) for _ in ballot),
        }
        lines.append(
            ";".join(
                cells[column] if column == "vote" else cell(dice, cells[column])
                for column in columns
            )
        )
    return lines


def list_differences(drawn: Drawn, seats: int) -> list[str]:
    """Where the count here differs from the judge's."""
    found = []
    expected = judge(len(drawn.ids), [sorted(ballot) for ballot in drawn.ballots], seats)
    for name, winners in expected["lists"].items():
        rule, _, completion = name.partition("/")
        try:
            counted = recount(drawn.content, seats, rule, completion or None)
        except TallyError as fault:
            found.append(f"{name}: refused, line {fault.line}: {fault}")
            continue
        ours = sorted(drawn.ids.index(idea) for idea in counted.result.winners)
        if ours != winners:
            found.append(f"{name}: {ours}, the judge {winners}")
        coverage = counted.audit.coverage
        if name == "mes/phragmen" and coverage != Fraction(expected["coverage"]):
            found.append(f"coverage: {coverage}, the judge {expected['coverage']}")
    return found


def main() -> int:
    """Counts the files; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--keep", type=Path, help="write each file that differs into this folder")
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    styles = ("warsaw", "amsterdam", "zurich", "toulouse", "lodz")
    differing = 0
    for number in range(asked.files):
        drawn = draw_file(dice, styles[number % len(styles)])
        seats = dice.randint(1, len(drawn.ids))
        differences = list_differences(drawn, seats)
        if differences:
            differing += 1
            tell(number, drawn.style, f"{seats} seats", *differences)
            if asked.keep:
                (asked.keep / f"{number}-{drawn.style}.pb").write_bytes(drawn.content)
    tell(f"{asked.files} files x {len(JUDGES)} counts: {differing} files differ")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main())
