"""`flask jobs ...`: how the work in the background stands; trying again; a chore out of its turn.

Must not hold rules: each command calls the service as the system.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from flask.cli import AppGroup

from ideas_app.core import clock, housekeeping
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.operations import queries, service
from ideas_app.web.commands import plainly

jobs = AppGroup("jobs", help="Work in the background.")
groups = (jobs,)


@jobs.command()
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def status(as_json: bool) -> None:
    """Print what waits, since when, what failed for good, and when each chore was last done.

    Example: flask --app ideas_app jobs status
    """
    standing = queries.read_standing()
    if as_json:
        click.echo(json.dumps(asdict(standing), ensure_ascii=False, default=str))
        return
    click.echo(f"waiting: {standing.waiting_count}, due for {standing.queue_seconds} s")
    for row in standing.waiting:
        since = _shown(row.oldest_at)
        click.echo(f"  {row.lane:9} {row.handler}: {row.waiting}, due {row.due}, since {since}")
    click.echo(f"failed for good: {len(standing.dead)}")
    for dead in standing.dead:
        click.echo(
            f"  {dead.id}  {dead.what} ({dead.handler}): {dead.error}, {dead.attempts} tries"
        )
    mails = ", ".join(f"{state.value} {count}" for state, count in standing.mails.items())
    click.echo(f"mails: {mails or 'none'}")
    click.echo("chores:")
    for chore in standing.chores:
        click.echo(f"  {chore.rhythm:6} {chore.name}: {_shown(chore.done_at)}")


def _shown(instant: Any) -> str:
    return f"{instant.astimezone(clock.SEOUL):%Y-%m-%d %H:%M:%S}" if instant else "never"


@jobs.command()
@click.argument("event_id", type=int)
def retry(event_id: int) -> None:
    """Try again what failed for good, by its number in `jobs status`.

    Example: flask --app ideas_app jobs retry 4711
    """
    with plainly(), transaction():
        service.retry(SYSTEM, event_id)


@jobs.command()
@click.argument("name")
def run(name: str) -> None:
    """Do a chore now, out of its turn, by its name in `jobs status`.

    Example: flask --app ideas_app jobs run ideas.jobs.forget_stray_drafts
    """
    if all(chore.name != name for chore in housekeeping.chores()):
        raise click.ClickException("there is no such chore: see jobs status")
    if not housekeeping.run(name):
        raise click.ClickException("the chore failed: see the log")
