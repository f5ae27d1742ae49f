"""`flask supports ...`: gives a support, or takes it back, as the person whose token is shown.

Must not hold rules, nor act for anybody without their own token: an operator gives no votes. Tells no totals, which
may be hidden while a vote is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from ideas_app.accounts.queries import find_grant
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Scope
from ideas_app.votes import service
from ideas_app.web.commands import plainly

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

supports = AppGroup("supports", help="Supports, by the person's own token.")
groups = (supports,)

_IDEA = click.argument("idea_id", type=click.IntRange(1, 2**31 - 1))
_TOKEN = click.option(
    "--token", envvar="IDEAS_TOKEN", required=True, help="A token with the scope write."
)


def _person(token: str) -> Actor:
    grant = find_grant(token)
    if grant is None:
        raise click.ClickException("The token is unknown, past or revoked; make another one.")
    if Scope.WRITE not in grant.scopes:
        raise click.ClickException("The token lacks the scope write; make one that has it.")
    return grant.actor


@supports.command()
@_IDEA
@_TOKEN
def give(idea_id: int, token: str) -> None:
    """Support an idea, by its number in the address; twice is once.

    Example: IDEAS_TOKEN=ya_... flask --app ideas_app supports give 12
    """
    with plainly():
        person = _person(token)
        with transaction():
            service.give_support(person, idea_id)
    click.echo(f"idea {idea_id} is supported")


@supports.command("take-back")
@_IDEA
@_TOKEN
def take_back(idea_id: int, token: str) -> None:
    """Take one's support of an idea back; without one, nothing happens.

    Example: IDEAS_TOKEN=ya_... flask --app ideas_app supports take-back 12
    """
    with plainly():
        person = _person(token)
        with transaction():
            service.take_support_back(person, idea_id)
    click.echo(f"idea {idea_id} is not supported any more")
