"""`flask report outcomes`: the year's figures on the command line. Must not count anything itself."""

from __future__ import annotations

import json

import click
from flask.cli import AppGroup

from ideas_app.reports import queries
from ideas_app.web.i18n import speaking

group = AppGroup("report", help="The year's figures.")
groups = (group,)


@group.command()
@click.option("--year", type=int, required=True, help="The year to count.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print for machines, with definitions and digest."
)
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
def outcomes(year: int, as_json: bool, lang: str) -> None:
    """Count a year's figures from the records.

    Example: flask --app ideas_app report outcomes --year 2025 --json
    """
    if year not in queries.list_years():
        raise click.ClickException(
            f"there are no programmes of {year}: see `flask programmes list`"
        )
    with speaking(lang):
        figures = queries.outcomes(year).to_json()
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for name, value in figures.items():
        if isinstance(value, int):
            click.echo(f"{name:<28}{value:>8,}")
    click.echo(f"{'input_digest':<28}{figures['input_digest'][:16]}")
