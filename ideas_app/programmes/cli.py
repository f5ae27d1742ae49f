"""`flask programmes ...` and `flask rosters ...`: the operator's way in.

Must not hold rules: each command calls the service as the system.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup

from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import Outcome
from ideas_app.programmes.rules.roster import sheet_and_row
from ideas_app.programmes.service import ProgrammeSpec, RosterRefused
from ideas_app.web.commands import plainly
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.adapters.formats import Language
    from ideas_app.programmes.service import ImportReport

programmes = AppGroup("programmes", help="Programmes of the centre.")
rosters = AppGroup("rosters", help="Lists of who took part.")
groups = (programmes, rosters)

_JSON = click.option("--json", "as_json", is_flag=True, help="Print for machines.")
_DAY = click.DateTime(["%Y-%m-%d"])
_MOST_LINES = 50
"""Errors printed for a person; --json prints them all."""


@programmes.command()
@click.option("--slug", help="The address: small letters, digits, hyphens. Made from the title.")
@click.option("--title", required=True, help="The title in Korean.")
@click.option("--title-en", default="", help="The title in English.")
@click.option("--year", type=int, required=True)
@click.option("--category", default="", help="A word such as 자격 or 문화.")
@click.option(
    "--outcome",
    type=click.Choice([each.value for each in Outcome]),
    default=Outcome.ATTENDANCE.value,
    show_default=True,
)
@click.option(
    "--status",
    type=click.Choice(["planned", "open", "closed"]),
    default="open",
    show_default=True,
)
@click.option("--partner", multiple=True, help="The name of a partner; may be given again.")
@click.option("--certificate", help="The certificate that it leads to.")
@click.option("--specialist", is_flag=True, help="The certificate is one of regional industry.")
@click.option("--starts", type=_DAY, help="The first day, as 2026-03-02.")
@click.option("--ends", type=_DAY, help="The last day.")
@_JSON
def create(
    slug: str | None,
    partner: tuple[str, ...],
    specialist: bool,
    starts: datetime | None,
    ends: datetime | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Make a programme.

    Example: flask --app ideas_app programmes create --slug ai-pot-2 --title "AI-POT 2급 과정" --year 2026
    """
    spec = ProgrammeSpec(
        slug=slug or "",
        partners=tuple((name, "") for name in partner),
        is_specialist=specialist,
        starts_on=starts.date() if starts else None,
        ends_on=ends.date() if ends else None,
        **given,
    )
    with plainly(RosterRefused), transaction():
        programme = service.create_programme(SYSTEM, spec)
        told = {"id": programme.id, "slug": programme.slug, "title": programme.title}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"made {told['slug']}")


@programmes.command(name="list")
@click.option("--year", type=int, help="Of one year only.")
@_JSON
def list_(year: int | None, as_json: bool) -> None:
    """List programmes with their participations.

    Example: flask --app ideas_app programmes list --year 2025
    """
    rows = [
        {
            "slug": each.slug,
            "title": each.title,
            "year": each.year,
            "outcome": each.outcome.value,
            "status": each.status,
            "records": each.records_count,
            "tallied": each.tallied_count,
        }
        for each in queries.list_programmes(year)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        counted = f"{row['records']:>6} records {row['tallied']:>6} tallied"
        click.echo(f"{row['year']} {counted}  {row['slug']}  {row['title']}")
    if not rows:
        click.echo("there are no programmes")


@rosters.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", "slug", required=True, help="The address of the programme.")
@click.option(
    "--sheet",
    help="The sheet of a workbook, or * for all; else the first with titles, or all named 1기, 2기 ...",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and store nothing.")
@_JSON
def import_(file: Path, slug: str, sheet: str | None, dry_run: bool, as_json: bool) -> None:
    """Import a roster from XLSX or CSV: all of it, or on any error nothing.

    Example: flask --app ideas_app rosters import 명단.xlsx --programme ai-pot-2 --dry-run
    """
    try:
        with plainly(RosterRefused):
            report = _import(file, slug, sheet, dry_run=dry_run)
            _tell(report, as_json=as_json)
    except RosterRefused as refused:
        report = refused.report
        with speaking("en"):
            _tell(report, as_json=as_json)
    if report.errors:
        raise SystemExit(1)


def _import(file: Path, slug: str, sheet: str | None, *, dry_run: bool) -> ImportReport:
    programme = queries.get_programme(slug)
    read = service.read_roster(programme, file.name, file.read_bytes(), sheet=sheet)
    if dry_run:
        return service.preview_roster(SYSTEM, programme, read)
    with transaction():
        return service.store_roster(SYSTEM, queries.get_programme(slug), read)


def _tell(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_plain(), ensure_ascii=False))
        return
    if report.errors:
        _tell_errors(report)
        return
    names = ", ".join(one.name for one in report.read_sheets)
    sheet = f", sheet {report.sheet}" if report.sheet else ""
    where = f", sheets {names}" if names else f"{sheet}, titles in row {report.header_row}"
    click.echo(f"{report.file_name}: read as {report.encoding}{where}")
    click.echo(
        f"persons: {report.persons_new} new ({report.rows_unsure} of them unsure), "
        f"{report.persons_same} known"
    )
    click.echo(
        f"records: {report.records_new} new, {report.records_changed} changed, "
        f"{report.records_same} stored already; {len(report.skipped)} rows skipped"
    )
    if report.meetings:
        new = sum(each.is_new for each in report.meetings)
        click.echo(
            f"attendance: {report.presences_new} new, {report.presences_gone} taken back, "
            f"at {len(report.meetings)} meetings, {new} of them new"
        )
    if report.is_dry_run:
        click.echo("nothing was stored: this was a rehearsal")
    elif report.import_id is None:
        click.echo("nothing has changed: all of it was stored already")
    else:
        click.echo(f"import {report.import_id}; undo it with: rosters undo {report.import_id}")


def _tell_errors(report: ImportReport) -> None:
    lines = [line for line in report.lines if line.kind == "error"]
    for line in lines[:_MOST_LINES]:
        sheet, row = sheet_and_row(line.row)
        place = f"row {row}" if row is not None else "file"
        place = f"sheet {sheet}, {place}" if sheet else place
        place += f", column {line.column}" if line.column else ""
        click.echo(f"{place}: {line.message}", err=True)
    if len(lines) > _MOST_LINES:
        click.echo(f"and {len(lines) - _MOST_LINES} more", err=True)
    what = "1 error" if len(lines) == 1 else f"{len(lines)} errors"
    click.echo(f"nothing was stored: {what}", err=True)


@rosters.command()
@click.option("--programme", "slug", required=True, help="The address of the programme.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--purpose", required=True, help="What the file is for; kept in the log.")
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
def attendance(slug: str, output: Path, purpose: str, lang: Language) -> None:
    """Write who was at which meeting as XLSX: it can be filled in and imported again.

    Example: flask --app ideas_app rosters attendance --programme ai-pot-2 -o 출석부.xlsx --purpose 정산
    """
    with plainly(RosterRefused), speaking(lang), transaction():
        programme = queries.get_programme(slug)
        made = service.export_attendance(SYSTEM, programme, purpose, lang=lang)
    output.write_bytes(made.content)
    click.echo(f"wrote {made.rows} people and {made.meetings} meetings to {output}")


@rosters.command()
@click.argument("import_id", type=int)
@click.option("--reason", default="command line", show_default=True, help="Kept in the log.")
@_JSON
def undo(import_id: int, reason: str, as_json: bool) -> None:
    """Take an import back, within 30 days, the newest of its programme first.

    Example: flask --app ideas_app rosters undo 12 --reason "the wrong file"
    """
    with plainly(RosterRefused), transaction():
        undone = service.undo_import(SYSTEM, queries.get_import(import_id), reason)
    told = {"import_id": import_id, "records": undone.records, "persons": undone.persons}
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"removed {undone.records} records and {undone.persons} persons")
