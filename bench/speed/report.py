"""The report: one table of goals, then what the figures were made of. Must not measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.speed.goals import judge, show
from bench.speed.machine import describe
from bench.speed.turns import cpu, rate, ratio

if TYPE_CHECKING:
    from bench.speed.goals import Line
    from bench.speed.measures import Findings
    from bench.speed.turns import Result


def table_of(lines: list[Line]) -> list[str]:
    """The goals, a line each."""
    rows = ["| # | goal | figure | needed | |", "|---|---|---|---|---|"]
    for line in lines:
        figure = "-" if line.figure is None else show(line.figure, line.goal.unit)
        where = f": [profile](../docs/performance.md#{line.goal.told_at})" if line.is_missed else ""
        rows.append(
            f"| {line.goal.number} | {line.goal.what} | {figure} | {line.goal.needs} | {line.verdict}{where} |"
        )
    return rows


def write_report(
    found: Findings,
    *,
    engine: str,
    version: str,
    command: str,
    date: str,
    minutes: float,
    front: str = "",
) -> str:
    """The whole report as Markdown. `front`: what `make bench-front` found, as Markdown."""
    lines = judge(found.figures)
    missed = sum(line.is_missed for line in lines)
    unmeasured = sum(line.figure is None for line in lines)
    facts = [("date", date), ("command", f"`{command}`"), ("database", version), *describe()]
    facts += [("took", f"{minutes:.0f} min"), ("others on the cores meanwhile", _foreign(found))]
    parts = [
        f"# Speed, measured on {engine}",
        "",
        "Written by `make bench`; what each line means stands in [docs/performance.md](../docs/performance.md).",
        f"{len(lines) - missed - unmeasured} goals met, {missed} missed, {unmeasured} not measured in this run.",
        "",
        *(f"* {name}: {value}" for name, value in facts),
        "",
        "## Goals",
        "",
        *table_of(lines),
    ]
    if found.results:
        parts += ["", "## Service and bare application, in turns", "", *_turns(found.results)]
    if found.growth:
        parts += [
            "",
            "## CPU a request as the city grows (ms of server and database)",
            "",
            *_growth(found),
        ]
    if front:
        parts += ["", "## Pages on a phone", "", front.strip()]
    parts += ["", "## Notes", "", *(f"* {note}" for note in found.notes), ""]
    return "\n".join(parts)


def _foreign(found: Findings) -> str:
    turns = [turn.foreign for result in found.results.values() for turn in result.turns]
    turns += [
        turn.foreign
        for _title, sizes in found.growth
        for result in sizes.values()
        for turn in result.turns
    ]
    if not turns:
        return "not measured"
    middle = sorted(turns)[len(turns) // 2]
    words = "" if middle < 0.3 else ": take the figures again when the machine is quiet"
    return f"{middle:.1f} of the cores in the middle, {max(turns):.1f} at most{words}"


def _turns(results: dict[str, Result]) -> list[str]:
    rows = [
        "Medians of the turns; the last two columns are medians of the ratio within a round.",
        "",
        "| | req/s | p50 ms | p99 ms | longest ms | CPU ms | kB | req/s of R or V | CPU of R or V |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for key, result in results.items():
        to = results["V" if result.probe.writes else "R"]
        beside = (
            "| 100 % | 1.0x"
            if key in {"R", "V"}
            else f"| {100 * ratio(result, to, rate):.0f} % | {ratio(result, to, cpu):.1f}x"
        )
        rows.append(
            f"| {result.probe.title} | {result.median(rate):,.0f} | {result.median(lambda one: one.p50):.1f} "
            f"| {result.median(lambda one: one.p99):.1f} | {result.longest:.0f} | {result.median(cpu):.2f} "
            f"| {result.median(lambda one: one.kilobytes):.1f} {beside} |"
        )
    return rows


def _growth(found: Findings) -> list[str]:
    sizes = sorted(found.growth[0][1])
    rows = [
        "| | " + " | ".join(f"{size:,} ideas" for size in sizes) + " | most to least |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for title, results in found.growth:
        cells = " | ".join(f"{results[size].median(cpu):.2f}" for size in sizes)
        grown = ratio(results[sizes[-1]], results[sizes[0]], cpu)
        rows.append(f"| {title} | {cells} | {grown:.2f}x |")
    return rows
