"""`flask ideas ...`: the operator enters ideas from paper and from before.

Must not hold rules: the command reads a file and calls the service as the system.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from ideas_app.accounts import queries as accounts
from ideas_app.adapters.spreadsheets import SpreadsheetError, read_table
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError
from ideas_app.ideas import queries, service
from ideas_app.ideas.rules import PaperReading, read_papers
from ideas_app.programmes.rules.messages import as_invalid
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from ideas_app.accounts.models import Account
    from ideas_app.campaigns.models import Campaign
    from ideas_app.ideas.service import PaperReport

ideas = AppGroup("ideas", help="Ideas of people without an account.")
groups = (ideas,)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@ideas.command(
    "import",
    epilog="Example: flask --app ideas_app ideas import paper.xlsx --campaign ideas-2025 --dry-run",
)
@click.argument("file", type=_FILE)
@click.option("--campaign", "slug", required=True, help="The campaign's name in addresses.")
@click.option("--author", help="E-mail of the staff account that keeps them; the first moderator.")
@click.option("--sheet", help="The sheet of an XLSX file; the first one that is shown.")
@click.option("--dry-run", is_flag=True, help="Read and check, store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def import_file(
    file: Path, slug: str, author: str | None, sheet: str | None, dry_run: bool, as_json: bool
) -> None:
    """Enter ideas from paper (CSV or XLSX), published at once; all or nothing, twice changes nothing.

    Columns: 제목/title, 이유/why, 방법/how, 분야/field, 별명/nickname, 날짜/date. A field that is not
    known is the campaign's first, a blank date is today.
    """
    with speaking("en"):
        try:
            report = _import(file, slug, author, sheet, dry_run=dry_run)
        except SpreadsheetError as fault:
            raise click.ClickException(str(as_invalid(fault).message)) from None
        except DomainError as fault:
            raise click.ClickException(str(fault.message)) from None
        except OSError as fault:
            raise click.ClickException(f"{file}: {fault.strerror}") from None
    if as_json:
        click.echo(json.dumps({"new": report.new, "same": report.same, "dry_run": dry_run}))
    else:
        would = "would be " if dry_run else ""
        click.echo(f"{report.new} ideas {would}entered, {report.same} there already")


def _import(
    file: Path, slug: str, author: str | None, sheet: str | None, *, dry_run: bool
) -> PaperReport:
    table = read_table(file.name, file.read_bytes(), sheet=sheet).table(sheet)
    with transaction():
        campaign = campaigns.get_campaign(slug)
        names = _field_names(campaign)
        reading = read_papers(table, rules_of(campaign), names, today=clock.today())
        _stop_at_faults(reading)
        keeper = _keeper(author)
        return service.import_papers(SYSTEM, campaign, reading.ideas, keeper, dry_run=dry_run)


def _field_names(campaign: Campaign) -> dict[str, str]:
    names: dict[str, str] = {}
    for field in campaign.fields:
        for name in (field.key, field.name, field.name_en):
            if name:
                names[name] = field.key
    return names


def _stop_at_faults(reading: PaperReading) -> None:
    if not reading.faults:
        return
    lines = [
        f"row {row}: {fault.message}" if row else str(fault.message)
        for row, fault in reading.faults
    ]
    raise click.ClickException("; ".join(lines))


def _keeper(author: str | None) -> Account:
    if author:
        return accounts.get_by_email(author)
    found = queries.find_keeper()
    if found is None:
        raise click.ClickException(
            "there is no moderator or administrator yet: name one by --author"
        )
    return found
