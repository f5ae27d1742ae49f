"""`flask opinion map`: the opinion map of a file of votes. No logic of its own; needs no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ideas_app.opinion.rules import AGREE, MIN_VOTES, MapError, opinion_map, read_matrix, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ideas_app.opinion.rules import Map

WORDS = {
    "few_people": "fewer than 50 people gave at least 7 votes",
    "no_difference": "nobody differs from the others",
    "small_group": "one of the groups would be smaller than 10 people or 5 %",
    "overlap": "the groups would run into one another (silhouette under 0.25)",
    "unstable": "other groups come out when people are drawn anew (adjusted Rand under 0.6)",
}
_TOP = 5

group = click.Group("opinion", help="Where people stand to one another by their votes.")
groups = (group,)


@group.command("map", epilog="Example: flask opinion map votes.csv --json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def map_file(file: Path, as_json: bool) -> None:
    """Draw the opinion map of a CSV file: rows are people, columns ideas, cells 1 (agrees), -1
    (disagrees), 0 (passes) or empty. The first line names the ideas; a first column with names of
    people is recognised.
    """
    try:
        matrix = read_matrix(file.read_bytes())
    except OSError as fault:
        raise click.ClickException(f"{file}: {fault.strerror}") from fault
    except MapError as fault:
        place = f", line {fault.line}" if fault.line else ""
        raise click.ClickException(f"{file}{place}: {fault} ({fault.code})") from fault
    found = opinion_map(matrix.votes, _progress())
    if as_json:
        told = to_plain(found)
        if matrix.people is not None:
            told["names"] = list(matrix.people)
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("\n".join(_tell(found)))


def _tell(found: Map) -> Iterator[str]:
    yield (
        f"{found.people} people, {len(found.ideas)} ideas; "
        f"{found.clustered} gave at least {MIN_VOTES} votes"
    )
    if found.groups is None:
        yield f"no clear groups: {WORDS[str(found.why_none)]}"
    for number, each in enumerate(found.groups or ()):
        own = [
            notable.idea if notable.stance == AGREE else f"not {notable.idea}"
            for notable in each.stands_out[:_TOP]
        ]
        told = ", ".join(own) or "nothing of its own"
        yield f"group {chr(ord('A') + number)}: {each.size} people; stands out for {told}"
    yield f"most agree with: {', '.join(found.consensus[:_TOP]) or 'nothing'}"
    if found.groups is not None:
        yield f"the groups differ most on: {', '.join(found.divisive[:_TOP]) or 'nothing'}"
    if found.silhouette is not None:
        again = "" if found.stability is None else f", stability {found.stability:.3f}"
        yield f"silhouette {found.silhouette:.3f}{again}"
    yield f"sha256 {found.digest}"


def _progress() -> Callable[[int, int], None] | None:
    """Tells on stderr how far the map is, on a terminal only."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        filled = 30 * done // total
        bar = "#" * filled + "-" * (30 - filled)
        click.echo(f"\r[{bar}] {done} of {total} steps", nl=done == total, err=True)

    return tell
