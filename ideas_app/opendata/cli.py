"""`flask opendata ...`: bundles on the command line. Must not write tables itself."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.actor import SYSTEM
from ideas_app.core.errors import DomainError
from ideas_app.opendata import queries, service

opendata = AppGroup("opendata", help="Bundles of open data: make, look again, keep for good.")


@opendata.command()
@click.option("--campaign", "slug", required=True, help="Slug of the campaign.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True)
def build(slug: str, output: Path, lang: str) -> None:
    """Write all open data of a campaign to a ZIP file, as /data hands it out.

    Example: flask --app ideas_app opendata build --campaign ideas-2025 -o ideas-2025.zip
    """
    try:
        campaign = campaigns.get_campaign(slug)
    except DomainError as fault:
        raise click.ClickException(str(fault.message)) from fault
    made = service.build(campaign, "en" if lang == "en" else "ko").package
    output.write_bytes(made.content)
    click.echo(f"{output}: {len(made.content):,} bytes, sha256 {made.digest}")


@opendata.command()
@click.option("--campaign", "slug", help="Slug of one campaign; all of them without it.")
def refresh(slug: str | None) -> None:
    """Make the bundles of /data anew where their data has changed, without waiting for a worker.

    Example: flask --app ideas_app opendata refresh
    """
    try:
        wanted = [campaigns.get_campaign(slug)] if slug else queries.list_campaigns_with_data()
    except DomainError as fault:
        raise click.ClickException(str(fault.message)) from fault
    for campaign_id, name in [(one.id, one.slug) for one in wanted]:
        service.refresh(campaign_id)
        click.echo(name)


@opendata.command()
@click.option("--campaign", "slug", required=True, help="Slug of the campaign.")
def archive(slug: str) -> None:
    """Keep an edition of a campaign's open data for good; its fingerprints go to the log.

    Example: flask --app ideas_app opendata archive --campaign ideas-2025
    """
    try:
        campaign_id = campaigns.get_campaign(slug).id
        service.refresh(campaign_id)
        edition = service.archive(SYSTEM, campaign_id)
    except DomainError as fault:
        raise click.ClickException(str(fault.message)) from fault
    click.echo(f"{slug}: edition {edition}")


groups = (opendata,)
