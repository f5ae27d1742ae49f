"""Commands of a campaign's rounds: computing one, its ballots to and from a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.ideas.queries import find_keeper
from ideas_app.shortlists import queries, service
from ideas_app.shortlists.cli.files import FILE, telling_faults
from ideas_app.shortlists.cli.printing import Asked, print_count, progress, question
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.rules import DEFAULT_SEATS, Ballots, recount
from ideas_app.votes.service import ForeignBallots, import_ballots
from ideas_app.web.commands import plainly


@click.command(
    "compute",
    epilog="Example: flask shortlist compute --campaign ideas-2025 --seats 15 --rule mes --json",
)
@click.option("--campaign", "slug", required=True, help="The campaign's slug.")
@click.option("--source", type=click.Choice([source.value for source in Source]), help="Votes.")
@question
@with_appcontext
def compute(slug: str, source: str | None, asked: Asked) -> None:
    """Freeze a campaign's ballots and compute a round; what is not given is the campaign's rule."""
    with plainly(), transaction():
        round_ = service.compute_round(
            SYSTEM,
            campaigns.get_campaign(slug),
            seats=asked.seats,
            rule=asked.rule,
            completion=asked.completion,
            source=source,
        )
        round_id, snapshot = round_.id, round_.snapshot
    if not asked.as_json:
        click.echo(f"round {round_id}")
    print_count(recount(snapshot.encode()), as_json=asked.as_json, round=round_id)


@click.command("export", epilog="Example: flask ballots export --campaign ideas-2025 ideas-2025.pb")
@click.option("--campaign", "slug", required=True, help="The campaign's slug.")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@with_appcontext
def export(slug: str, file: Path) -> None:
    """Write a campaign's anonymous ballots as a Pabulib file: those of its published shortlist, or,
    where there is none yet, as they stand after the close.
    """
    with plainly():
        campaign = campaigns.get_campaign(slug)
        published = queries.find_published(campaign.id)
        if published is not None:
            content = published.snapshot.encode()
        else:
            content = service.freeze(
                SYSTEM, campaign, service.question_of(campaign)
            ).ballots.to_pb()
    with telling_faults(file):
        file.write_bytes(content)
    click.echo(f"{file}: {Ballots.from_pb(content).count} ballots")


@click.command(
    "import", epilog="Example: flask ballots import warszawa.pb --campaign warszawa-2023"
)
@click.argument("file", type=FILE)
@click.option("--campaign", "slug", required=True, help="The slug of the campaign to be made.")
@with_appcontext
def import_file(file: Path, slug: str) -> None:
    """Make a closed campaign of a Pabulib file: its projects as ideas, its ballots as ballots of
    nobody. All or nothing; a campaign that exists is never added to.
    """
    with telling_faults(file):
        ballots = Ballots.from_pb(file.read_bytes())
    with plainly(), transaction():
        keeper = find_keeper()
        if keeper is None:
            raise click.ClickException("there is no moderator or administrator yet")
        foreign = _as_foreign(ballots, file.stem)
        import_ballots(SYSTEM, slug, foreign, keeper, tell=progress("ballots"))
    click.echo(f"{slug}: {len(ballots.ideas)} ideas, {foreign.count} ballots")


def _as_foreign(ballots: Ballots, name: str) -> ForeignBallots:
    said = ballots.find_meta("seats") or ""
    seats = int(said) if said.isascii() and said.isdigit() else DEFAULT_SEATS
    return ForeignBallots(
        title=ballots.find_meta("description") or name,
        seats=max(1, min(seats, len(ballots.ideas))),
        projects=tuple(zip(ballots.ideas, ballots.titles or ballots.ideas, strict=True)),
        rows=tuple(zip(ballots.rows, ballots.weights, strict=True)),
        empty=ballots.empty,
    )
