"""`flask search`: the upkeep of the index."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from ideas_app.core.db import transaction
from ideas_app.search import service

search = AppGroup("search", help="The full-text index.")


@search.command("rebuild")
def rebuild() -> None:
    """Write the full-text index anew from the rows, in one transaction.

    Example: flask --app ideas_app search rebuild
    """

    def show(kind: str, number: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{kind}: {number:,}", nl=False, err=True)

    with transaction():
        done = service.rebuild(show)
    if sys.stderr.isatty():
        click.echo("", err=True)
    click.echo(", ".join(f"{kind} {number}" for kind, number in done.items()))


groups = (search,)
