"""What the commands share: the options of a count, and a count in lines of text.

Must not know where the ballots come from.
"""

from __future__ import annotations

import functools
import json
import sys
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click

from ideas_app.shortlists.rules import Ballots, Completion, Rule, tell_recount
from ideas_app.shortlists.rules.verifier import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ideas_app.shortlists.rules import Recount

_RULES = click.Choice([rule.value for rule in Rule])
_COMPLETIONS = click.Choice([completion.value for completion in Completion])


@dataclass(frozen=True)
class Asked:
    """The options that every count shares; None where nothing was said."""

    seats: int | None
    rule: str | None
    completion: str | None
    as_json: bool


def question(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that every count shares, as one argument named `asked`."""

    @functools.wraps(command)
    def run(**given: Any) -> None:
        asked = Asked(**{each.name: given.pop(each.name) for each in fields(Asked)})
        command(asked=asked, **given)

    options = (
        click.option("--seats", type=click.IntRange(min=1), help="Length of the list."),
        click.option("--rule", type=_RULES, help="How ideas are elected."),
        click.option("--completion", type=_COMPLETIONS, help="Seats that equal shares leave over."),
        click.option("--json", "as_json", is_flag=True, help="Print for machines."),
    )
    return functools.reduce(lambda inner, option: option(inner), reversed(options), run)


def titles_of(b: Ballots) -> dict[str, str]:
    """The title of each idea; nothing where the file has none."""
    return dict(zip(b.ideas, b.titles, strict=True)) if b.titles else {}


def list_notes(found: Recount) -> list[str]:
    """What a reader of the answer must know: what was read as something else, a changed file."""
    notes = [WORDS["en"][code].removeprefix("note: ") for code in found.adapted]
    if found.changed_line is not None:
        notes.append(
            "this file is not in the form in which shortlists are published "
            f"(first in line {found.changed_line}); a published file never looks like this"
        )
    return notes


def print_json(answer: dict[str, Any]) -> None:
    """For machines: one object on one line."""
    click.echo(json.dumps(answer, ensure_ascii=False))


def print_count(found: Recount, *, as_json: bool, **more: Any) -> None:
    """The list with its figures."""
    if as_json:
        print_json(tell_recount(found) | {"notes": list_notes(found)} | more)
    else:
        click.echo("\n".join(_tell_count(found)))
        print_notes(found)


def print_notes(found: Recount) -> None:
    """The notes, one a line on stderr."""
    for note in list_notes(found):
        click.echo(f"note: {note}", err=True)


def tell_question(found: Recount) -> str:
    """What was counted, in one line."""
    result = found.result
    completed = f", completed by {result.completion}" if result.rule is Rule.MES else ""
    return f"{result.k} seats, {result.rule}{completed}; {result.n} ballots, {result.empty} empty"


def _tell_count(found: Recount) -> Iterator[str]:
    result, figures, titles = found.result, found.audit, titles_of(found.ballots)
    votes = found.ballots.approvals
    yield tell_question(found)
    for place, idea in enumerate(result.winners, start=1):
        yield f"{place:3}  {idea:8} {votes[idea]:6}  {titles.get(idea, '')}".rstrip()
    if result.short:
        yield f"{result.short} seats stay empty"
    guarantees = f"JR {'yes' if figures.jr else 'no'}, EJR+ {'yes' if figures.ejr_plus else 'no'}"
    yield (
        f"{figures.covered} of {figures.n} voters have at least one; "
        f"mean {float(figures.mean):.2f}; {guarantees}"
    )
    yield f"sha256 {found.digest}"


def progress(what: str) -> Callable[[int, int], None] | None:
    """Tells on stderr how far a long count is, on a terminal only."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, total: int) -> None:
        filled = 30 * done // max(total, 1)
        bar = "#" * filled + "-" * (30 - filled)
        click.echo(f"\r[{bar}] {done} of {total} {what}", nl=done == total, err=True)

    return tell
