"""`flask export ...`: the same files on the command line. Must not write rows itself."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError
from ideas_app.exports import service
from ideas_app.exports.rules import OF_CAMPAIGN, OFFERED, Format, Kind, is_offered
from ideas_app.exports.service import ExportRequest
from ideas_app.reports import queries as reports
from ideas_app.web.i18n import speaking


@click.command()
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.option(
    "--campaign",
    "slug",
    help="Slug of the campaign: for ideas, shortlist, sheets, ballots and evaluations.",
)
@click.option("--year", type=int, help="The year: for participation and report.")
@click.option(
    "--format", "file_format", type=click.Choice([each.value for each in Format]), required=True
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
@click.option(
    "--working", is_flag=True, help="With nicknames and e-mail; needs --purpose and is logged."
)
@click.option("--purpose", default="", help="What a working file is for.")
@with_appcontext
def export(
    kind: str,
    slug: str | None,
    year: int | None,
    file_format: str,
    output: Path,
    lang: str,
    working: bool,
    purpose: str,
) -> None:
    """Write ideas, a shortlist, ballots, participation or the yearly report to a file.

    Example: flask --app ideas_app export shortlist --campaign ideas-2025 --format hwpx -o shortlist.hwpx
    """
    wanted, made_as = Kind(kind), Format(file_format)
    _check_usage(wanted, made_as, slug, year, working=working, purpose=purpose)
    try:
        with transaction(), speaking(lang):
            request = ExportRequest(
                kind=wanted,
                format=made_as,
                lang="en" if lang == "en" else "ko",
                campaign=campaigns.get_campaign(slug) if slug and wanted in OF_CAMPAIGN else None,
                year=year,
                working=working,
                purpose=purpose,
            )
            made = service.build(SYSTEM, request)
    except DomainError as fault:
        raise click.ClickException(str(fault.message)) from fault
    output.write_bytes(made.content)
    for one in made.replaced:
        click.echo(f"row {one.row}, {one.column}: {one.was!r} became {one.became!r}", err=True)
    click.echo(f"{output}: {len(made.content):,} bytes")


def _check_usage(
    kind: Kind,
    file_format: Format,
    slug: str | None,
    year: int | None,
    *,
    working: bool,
    purpose: str,
) -> None:
    """Raises `click.UsageError`, or `click.ClickException` for a year without programmes."""
    if kind in OF_CAMPAIGN and not slug:
        raise click.UsageError(f"an export of {kind.value} needs --campaign SLUG")
    if kind not in OF_CAMPAIGN and not year:
        raise click.UsageError(f"an export of {kind.value} needs --year YEAR")
    if working and (kind, True) not in OFFERED:
        raise click.UsageError(f"of {kind.value} there is no working file: it names nobody")
    if not working and (kind, False) not in OFFERED:
        raise click.UsageError(
            f"of {kind.value} there is a working file only: --working --purpose P"
        )
    if not is_offered(kind, file_format, working=working):
        raise click.UsageError(f"{kind.value} is not written as {file_format.value}")
    if working and not purpose.strip():
        raise click.UsageError("a working file needs --purpose: it is written to the log")
    if year and kind not in OF_CAMPAIGN and year not in reports.list_years():
        raise click.ClickException(
            f"there are no programmes of {year}: see `flask programmes list`"
        )


groups = (export,)
