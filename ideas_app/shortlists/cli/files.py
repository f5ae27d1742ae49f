"""Commands that count a Pabulib file from anywhere. Must not know the database or the application."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ideas_app.shortlists import rules
from ideas_app.shortlists.cli.printing import (
    Asked,
    list_notes,
    print_count,
    print_json,
    print_notes,
    progress,
    question,
    tell_question,
    titles_of,
)
from ideas_app.shortlists.rules import Recount, TallyError, seed_of, tell_recount, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_RUNS = 100_000


@click.command(
    "recount", epilog="Example: flask shortlist recount ideas-2025-1.pb --seats 15 --rule mes"
)
@click.argument("file", type=FILE)
@question
def recount(file: Path, asked: Asked) -> None:
    """Count a Pabulib file again; what is not given is what the file says of itself, else 15 seats
    by equal shares, completed by Phragmén.
    """
    with telling_faults(file):
        found = _recount(file, asked)
    print_count(found, as_json=asked.as_json)


@click.command(
    "margins",
    epilog="Example: flask shortlist margins ideas-2025-1.pb --rule phragmen --nearest 10",
)
@click.argument("file", type=FILE)
@question
@click.option("--nearest", type=click.IntRange(min=1), help="Only so many that missed by least.")
def margins(file: Path, asked: Asked, nearest: int | None) -> None:
    """How many more ballots for it alone would have put each idea on the list, and in place of
    which one. The rest as for recount.
    """
    with telling_faults(file):
        found = _recount(file, asked)
        missed = rules.margins(found.ballots, found.result, nearest, tell=progress("ideas"))
    titles, votes = titles_of(found.ballots), found.ballots.approvals
    if asked.as_json:
        rows = [
            {"idea": idea, "title": titles.get(idea, ""), "votes": votes[idea]} | to_plain(margin)
            for idea, margin in missed.items()
        ]
        print_json(_head(found) | {"margins": rows})
        return
    click.echo(tell_question(found))
    for idea, margin in missed.items():
        short = "never in" if margin.votes_short is None else f"{margin.votes_short} short"
        instead = f"  in place of {', '.join(margin.displaces)}" if margin.displaces else ""
        click.echo(
            f"{idea:8} {votes[idea]:6}  {short:>14}{instead}  {titles.get(idea, '')}".rstrip()
        )
    click.echo(f"sha256 {found.digest}")
    print_notes(found)


@click.command(
    "stability", epilog="Example: flask shortlist stability ideas-2025-1.pb --runs 200 --seed 7"
)
@click.argument("file", type=FILE)
@question
@click.option(
    "--runs", type=click.IntRange(1, MOST_RUNS), default=200, show_default=True, help="Resamplings."
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Of the draw; else taken from the ballots' digest."
)
def stability(file: Path, asked: Asked, runs: int, seed: int | None) -> None:
    """In which share of resampled ballot boxes each idea is on the list. The same seed gives the
    same shares everywhere. The rest as for recount.
    """
    with telling_faults(file):
        found = _recount(file, asked)
        result = found.result
        sown = seed_of(found.ballots.digest) if seed is None else seed
        shares = rules.stability(
            found.ballots,
            result.k,
            result.rule,
            seed=sown,
            runs=runs,
            completion=result.completion,
            tell=progress("runs"),
        )
    order = sorted(shares, key=lambda idea: (idea not in result.winners, -shares[idea]))
    titles = titles_of(found.ballots)
    if asked.as_json:
        rows = [
            {
                "idea": idea,
                "title": titles.get(idea, ""),
                "listed": idea in result.winners,
                "share": shares[idea].numerator / shares[idea].denominator,
                "share_exact": to_plain(shares[idea]),
            }
            for idea in order
        ]
        print_json(_head(found) | {"runs": runs, "seed": sown, "stability": rows})
        return
    click.echo(f"{tell_question(found)}; {runs} runs, seed {sown}")
    for idea in order:
        mark = "*" if idea in result.winners else " "
        click.echo(f"{mark} {idea:8} {float(shares[idea]):7.1%}  {titles.get(idea, '')}".rstrip())
    click.echo(f"sha256 {found.digest}")
    print_notes(found)


@contextmanager
def telling_faults(file: Path) -> Iterator[None]:
    """Within this block a file that cannot be read or counted ends the command in one line."""
    try:
        yield
    except OSError as fault:
        raise click.ClickException(f"{file}: {fault.strerror}") from fault
    except TallyError as fault:
        place = f", line {fault.line}" if fault.line else ""
        raise click.ClickException(f"{file}{place}: {fault} ({fault.code})") from fault


def _recount(file: Path, asked: Asked) -> Recount:
    return rules.recount(file.read_bytes(), asked.seats, asked.rule, asked.completion)


def _head(found: Recount) -> dict[str, Any]:
    told = tell_recount(found)
    kept = ("rule", "completion", "seats", "ballots", "empty", "winners", "digest", "canonical")
    return {key: told[key] for key in kept} | {"notes": list_notes(found)}
