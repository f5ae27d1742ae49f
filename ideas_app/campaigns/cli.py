"""`flask campaigns ...`: the operator makes campaigns and begins their phases.

Must not hold rules: each command calls the service as the system.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup

from ideas_app.campaigns import queries, service
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.rules import CampaignSpec, current_phase, read_spec, usual_phases
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.web.commands import plainly

if TYPE_CHECKING:
    from typing import TextIO

    from ideas_app.campaigns.models import Campaign

campaigns = AppGroup("campaigns", help="Campaigns and their phases.")
groups = (campaigns,)

_PHASE = click.Choice([kind.value for kind in PhaseKind])
_SLUG = click.option("--slug", required=True, help="The campaign's name in addresses.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print for machines.")


@campaigns.command()
@_SLUG
@click.option("--title", help="Title in Korean. Needed unless the file has one.")
@click.option("--title-en", default="", help="Title in English.")
@click.option("--year", type=int, help="The year it counts for; that of its first phase.")
@click.option("--phase", type=_PHASE, help="The phase that begins today. [default: gathering]")
@click.option(
    "--from", "source", type=click.File(encoding="utf-8"), help="A JSON file with all of it."
)
@_JSON
def create(
    slug: str,
    title: str | None,
    title_en: str,
    year: int | None,
    phase: str | None,
    source: TextIO | None,
    as_json: bool,
) -> None:
    """Make a campaign: from a file, or with the usual phases, fields and rules.

    Example: flask --app ideas_app campaigns create --slug ideas-2027 --title "2027 청년정책 아이디어"
    """
    given = {"title": title, "title_en": title_en, "year": year}
    more = {name: value for name, value in given.items() if value}
    with plainly():
        spec = _from_file(source, slug) if source else _usual(slug, phase)
        spec = replace(spec, **more)  # type: ignore[arg-type]  # names and kinds match by the options
        with transaction():
            campaign = service.create_campaign(SYSTEM, spec)
            if source and phase:
                service.move_to_phase(SYSTEM, campaign, phase)
            made = _plain(campaign)
    click.echo(json.dumps(made, ensure_ascii=False) if as_json else f"made {slug}: {made['title']}")


def _from_file(source: TextIO, slug: str) -> CampaignSpec:
    try:
        data = json.load(source)
    except ValueError as fault:
        raise click.ClickException(f"{source.name}: not JSON ({fault})") from None
    if isinstance(data, dict):
        data = {**data, "slug": slug}
    return read_spec(data)


def _usual(slug: str, phase: str | None) -> CampaignSpec:
    today = clock.today()
    phases = usual_phases(PhaseKind(phase or PhaseKind.GATHERING), clock.day_start(today))
    return CampaignSpec(slug=slug, title="", year=today.year, phases=phases)


@campaigns.command("phase")
@_SLUG
@click.argument("phase", type=_PHASE)
def move(slug: str, phase: str) -> None:
    """Begin a phase now: earlier ones end, later ones move where they must.

    Example: flask --app ideas_app campaigns phase --slug ideas-2027 ballot
    """
    with plainly(), transaction():
        service.move_to_phase(SYSTEM, queries.get_campaign(slug), phase)
    click.echo(f"{slug}: {phase} runs now")


@campaigns.command("list")
@_JSON
def list_all(as_json: bool) -> None:
    """List campaigns, the newest year first.

    Example: flask --app ideas_app campaigns list
    """
    rows = [_plain(campaign) for campaign in queries.list_campaigns()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['slug']:24} {row['year']}  {row['phase'] or '-':13} {row['title']}")


def _plain(campaign: Campaign) -> dict[str, Any]:
    phase = current_phase(campaign.phases, clock.now())
    return {
        "slug": campaign.slug,
        "title": campaign.title,
        "year": campaign.year,
        "phase": phase.kind if phase else None,
        "phases": [
            {
                "kind": each.kind,
                "starts_at": each.starts_at.isoformat(),
                "ends_at": each.ends_at.isoformat(),
                "activities": each.activities,
            }
            for each in campaign.phases
        ],
    }
