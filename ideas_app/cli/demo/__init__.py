"""`flask demo`: the demonstration year, played through the services on its own dates.

What plays it is imported when it is played: a service in earnest holds none of it. Must not hold texts (they lie in
`data/`) nor rules.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup
from sqlalchemy import select

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as account_service
from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.queries import get_campaign
from ideas_app.campaigns.service import follow_phases
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from ideas_app.opendata import service as open_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from ideas_app.cli.demo.stage import SignIn

DEMO_SLUGS = {"ideas-2025", "ideas-2026"}
"""The campaigns by which a database with the demonstration is known."""
CITY = "city-"
"""What the slug of a large city's campaign begins with; the year follows."""
SEED = 20_251_126
"""Another one makes another city of the same shape."""

demo = AppGroup("demo", help="The demonstration year of 2025 and an open campaign.")


def load_demo(notice: Callable[[int, int], None] | None = None) -> list[SignIn]:
    """Plays the whole demonstration in one transaction: all of it is there, or nothing.

    Nobody is mailed about the past. How to sign in as each role comes back, passwords included.
    """
    from ideas_app.cli.demo.centre import open_centre
    from ideas_app.cli.demo.evaluations import play_evaluations
    from ideas_app.cli.demo.notices import tell_the_past
    from ideas_app.cli.demo.rights import ask_about_data
    from ideas_app.cli.demo.stage import set_stage
    from ideas_app.cli.demo.year2025 import play_2025
    from ideas_app.cli.demo.year2026 import play_2026

    with outbox.muted(), transaction():
        stage = set_stage()
        open_centre(stage)
        play_2025(stage)
        play_2026(stage)
        play_evaluations(stage)
        stage.play(until=clock.now(), notice=notice)
        follow_phases()  # those of the past are no news
        tell_the_past(stage)
        ask_about_data(stage)
        _hand_out_data()
    return stage.sign_ins


def _hand_out_data() -> None:
    """The year that is over as data, with an edition that is kept; of the present one the worker makes it."""
    past = get_campaign("ideas-2025")
    open_data.refresh(past.id)
    open_data.archive(SYSTEM, past.id)


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:>6,} of {total:,} acts", nl=done == total, err=True)


def _show_ideas(done: int, total: int) -> None:
    if sys.stderr.isatty():
        bar = "#" * (40 * done // total)
        click.echo(f"\r{bar:<40} {done:>9,} of {total:,} ideas", nl=done == total, err=True)


@demo.command()
@click.option("--scale", type=click.IntRange(1, 10_000_000), help="Add a city of so many ideas.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another city.")
def load(scale: int | None, seed: int) -> None:
    r"""Load the demonstration into an empty database.

    With --scale a made-up large city is added: so many ideas with people, supports, readers, comments and families, in
    bulk. It may be added later, to a database that holds the demonstration.

    \b
    Example: flask --app ideas_app demo load
             flask --app ideas_app demo load --scale 100000
    """
    from ideas_app.cli.demo.city import build_city

    slugs = set(session().scalars(select(Campaign.slug)))
    if not slugs:
        announce_sign_ins(load_demo(_show_progress))
    elif scale is None:
        raise click.ClickException(
            "there is a campaign already: the demo is loaded into an empty database only"
        )
    elif any(slug.startswith(CITY) for slug in slugs):
        raise click.ClickException("there is a large city already: load it into an empty database")
    elif not slugs >= DEMO_SLUGS or accounts.find_by_email("moderator@example.org") is None:
        raise click.ClickException(
            "there are campaigns that are not the demo's: a city is added to an empty database or to the demo only"
        )
    if scale is not None:
        announce_sign_ins([build_city(scale, seed=seed, notice=_show_ideas)])


@demo.command("sign-ins")
def sign_ins() -> None:
    """Give the demonstration's accounts new passwords and print them, once.

    Example: flask --app ideas_app demo sign-ins
    """
    from ideas_app.cli.demo.stage import STAFF, YOUTH, SignIn, fresh_password

    wanted = [(Role.YOUTH, "youth@example.org", YOUTH)]
    wanted += [(role, email, nickname) for role, email, nickname, _department in STAFF]
    renewed = []
    with transaction():
        for role, email, nickname in wanted:
            account = accounts.find_by_email(email)
            if account is not None:
                password = fresh_password()
                account_service.set_password(account, password)
                renewed.append(SignIn(role, email, nickname, password))
    announce_sign_ins(renewed)


def announce_sign_ins(found: list[SignIn]) -> None:
    """Prints how to sign in as each role."""
    click.echo("\nSign in at /login. These passwords are shown once:\n")
    for each in found:
        click.echo(f"  {each.role.value:<10} {each.email:<24} {each.password}   {each.nickname}")
    click.echo("")
