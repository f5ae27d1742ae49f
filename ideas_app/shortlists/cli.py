"""Commands of rounds: `flask shortlist compute|recount`, `flask ballots export`. No logic of its own.

`recount` needs a file and nothing else: neither a database nor an application.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError
from ideas_app.shortlists import queries, service
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.rules import (
    DEFAULT_SEATS,
    Audit,
    Ballots,
    Completion,
    Result,
    Rule,
    TallyError,
    audit,
    shortlist,
    to_plain,
)
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from collections.abc import Callable

shortlist_group = click.Group("shortlist", help="Compute a shortlist, or count one again.")
ballots_group = click.Group("ballots", help="Ballots as files that anybody can count.")
groups = (shortlist_group, ballots_group)

_PB = click.Path(exists=True, dir_okay=False, path_type=Path)
_RULES = click.Choice([rule.value for rule in Rule])
_COMPLETIONS = click.Choice([completion.value for completion in Completion])


def _question(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every count shares."""
    options = (
        click.option("--seats", type=click.IntRange(min=1), help="Length of the list."),
        click.option("--rule", type=_RULES, help="How ideas are elected."),
        click.option("--completion", type=_COMPLETIONS, help="Seats that equal shares leave over."),
        click.option("--json", "as_json", is_flag=True, help="Print for machines."),
    )
    return functools.reduce(lambda inner, option: option(inner), reversed(options), command)


@shortlist_group.command(
    "compute",
    epilog="Example: flask shortlist compute --campaign ideas-2025 --seats 15 --rule mes --json",
)
@click.option("--campaign", "slug", required=True, help="The campaign's slug.")
@click.option("--source", type=click.Choice([source.value for source in Source]), help="Votes.")
@_question
@with_appcontext
def compute(
    slug: str,
    source: str | None,
    seats: int | None,
    rule: str | None,
    completion: str | None,
    as_json: bool,
) -> None:
    """Freeze a campaign's ballots and compute a round; what is not given is the campaign's rule."""
    try:
        with transaction():
            round_ = service.compute_round(
                SYSTEM,
                campaigns.get_campaign(slug),
                seats=seats,
                rule=rule,
                completion=completion,
                source=source,
            )
            round_id, snapshot = round_.id, round_.snapshot
    except DomainError as fault:
        raise _failure(fault) from fault
    ballots = Ballots.from_pb(snapshot, canonical=True)
    result, audited = _count(ballots, None, None, None)
    if not as_json:
        click.echo(f"round {round_id}")
    _print(ballots, result, audited, as_json=as_json, more={"round": round_id})


@shortlist_group.command(
    "recount", epilog="Example: flask shortlist recount ideas-2025-1.pb --seats 15 --rule mes"
)
@click.argument("file", type=_PB)
@_question
def recount(
    file: Path, seats: int | None, rule: str | None, completion: str | None, as_json: bool
) -> None:
    """Count a Pabulib file again; what is not given is what the file says of itself, else 15 seats
    by equal shares, completed by Phragmén.
    """
    try:
        raw = file.read_bytes()
        ballots = Ballots.from_pb(raw)
        result, audited = _count(ballots, seats, rule, completion)
    except OSError as fault:
        raise click.ClickException(f"{file}: {fault.strerror}") from fault
    except TallyError as fault:
        place = f", line {fault.line}" if fault.line else ""
        raise click.ClickException(f"{file}{place}: {fault} ({fault.code})") from fault
    is_canonical = raw == ballots.to_pb()
    _print(ballots, result, audited, as_json=as_json, more={"canonical": is_canonical})
    if not is_canonical and not as_json:
        click.echo(
            "note: this file is not in the form in which shortlists are published, so the digest is "
            "that of its content, not of the file; a published file never looks like this",
            err=True,
        )


def _failure(fault: DomainError) -> click.ClickException:
    with speaking("en"):
        return click.ClickException(str(fault.message))


def _count(
    ballots: Ballots, seats: int | None, rule: str | None, completion: str | None
) -> tuple[Result, Audit]:
    """The list that a file asks for, or that the caller asks for."""
    said_seats = ballots.find_meta("seats") or ""
    said_rule = ballots.find_meta("rule")
    said_completion = ballots.find_meta("completion")
    in_file = int(said_seats) if said_seats.isascii() and said_seats.isdigit() else DEFAULT_SEATS
    if rule is None:
        rule = said_rule if said_rule in set(Rule) else Rule.MES.value
    # the file's word on completion belongs to the file's rule: "none" after Phragmén says nothing
    if completion is None and rule == said_rule and said_completion in set(Completion):
        completion = said_completion
    result = shortlist(
        ballots,
        in_file if seats is None else seats,
        rule=rule,
        completion=completion or Completion.PHRAGMEN,
    )
    return result, audit(ballots, result.winners, result.k)


def _print(
    ballots: Ballots, result: Result, audited: Audit, *, as_json: bool, more: dict[str, Any]
) -> None:
    if as_json:
        answer = {
            "rule": result.rule,
            "completion": result.completion,
            "seats": result.k,
            "ballots": result.n,
            "empty": result.empty,
            "winners": result.winners,
            "coverage": audited.coverage,
            "mean": audited.mean,
            "jr": audited.jr,
            "ejr_plus": audited.ejr_plus,
            "digest": ballots.digest,
        }
        click.echo(json.dumps(to_plain(answer | more), ensure_ascii=False))
        return
    titles = dict(zip(ballots.ideas, ballots.titles, strict=True)) if ballots.titles else {}
    votes = ballots.approvals
    click.echo(
        f"{result.k} seats, {result.rule}, completed by {result.completion}; "
        f"{result.n} ballots, {result.empty} empty"
    )
    for place, idea in enumerate(result.winners, start=1):
        click.echo(f"{place:3}  {idea:8} {votes[idea]:6}  {titles.get(idea, '')}".rstrip())
    if result.short:
        click.echo(f"{result.short} seats stay empty")
    share = (
        f"{audited.covered} of {audited.n} voters have at least one; mean {float(audited.mean):.2f}"
    )
    click.echo(
        f"{share}; JR {'yes' if audited.jr else 'no'}, EJR+ {'yes' if audited.ejr_plus else 'no'}"
    )
    click.echo(f"sha256 {ballots.digest}")


@ballots_group.command(
    "export", epilog="Example: flask ballots export --campaign ideas-2025 ideas-2025.pb"
)
@click.option("--campaign", "slug", required=True, help="The campaign's slug.")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@with_appcontext
def export(slug: str, file: Path) -> None:
    """Write a campaign's anonymous ballots as a Pabulib file: those of its published shortlist, or,
    where there is none yet, as they stand after the close.
    """
    try:
        campaign = campaigns.get_campaign(slug)
        published = queries.find_published(campaign.id)
        if published is not None:
            content = published.snapshot.encode()
        else:
            content = service.freeze(
                SYSTEM, campaign, service.question_of(campaign)
            ).ballots.to_pb()
        file.write_bytes(content)
    except DomainError as fault:
        raise _failure(fault) from fault
    except OSError as fault:
        raise click.ClickException(f"{file}: {fault.strerror}") from fault
    click.echo(f"{file}: {Ballots.from_pb(content).count} ballots")
