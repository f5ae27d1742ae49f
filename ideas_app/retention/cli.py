"""`flask retention ...`: what would go, and sending it on its way at once. Must not hold rules."""

from __future__ import annotations

import json
from typing import Any

import click
from flask.cli import AppGroup

from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session
from ideas_app.core.retaining import days_of_all, find_period, periods
from ideas_app.retention import queries, service
from ideas_app.web.commands import plainly

retention = AppGroup("retention", help="How long personal data is kept, and what goes.")
groups = (retention,)


@retention.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--only", "name", help="One period, by its name.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def run(dry_run: bool, name: str | None, as_json: bool) -> None:
    """Warn about, delete or empty what is due today, as the nightly work does.

    Example: flask --app ideas_app retention run --dry-run
    """
    if name is not None and find_period(name) is None:
        known = ", ".join(each.name for each in periods())
        raise click.UsageError(f"there is no period {name!r}; there are: {known}")
    with plainly():
        told = [_see_to(each, dry_run) for each in periods() if name in {None, each.name}]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    verb = "would go" if dry_run else "gone"
    for line in told:
        warned = line["warned"] + line["reminded"]
        more = f", {warned} warned" if warned else ""
        click.echo(f"{line['period']}: {line['destroyed']} {verb}{more} ({line['days']} days)")


def _see_to(period: Any, dry_run: bool) -> dict[str, Any]:
    days = days_of_all()[period.name]
    if dry_run:
        plan = queries.plan_of(period, days)
        session().rollback()
        done = service.Done(len(plan.warn), len(plan.remind), plan.due.count)
    else:
        done = service.run_period(SYSTEM, period, by="command")
    return {
        "period": period.name,
        "days": days,
        "warned": done.warned,
        "reminded": done.reminded,
        "destroyed": done.destroyed,
    }
