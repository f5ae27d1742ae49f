"""`flask accounts ...`: the operator makes accounts, gives roles, closes and opens.

Must not hold rules: each command calls the service as the system.
"""

from __future__ import annotations

import json
import secrets
import sys

import click
from flask.cli import AppGroup

from ideas_app.accounts import queries, service
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Role
from ideas_app.web.commands import plainly

accounts = AppGroup("accounts", help="People who sign in, and their roles.")
groups = (accounts,)

_ROLE = click.Choice([role.value for role in Role])
_EMAIL = click.option("--email", required=True, help="E-mail address of the account.")
_REASON = click.option(
    "--reason", default="command line", show_default=True, help="Kept in the log."
)


@accounts.command()
@_EMAIL
@click.option("--name", required=True, help="Nickname, shown beside what the person writes.")
@click.option("--role", type=_ROLE, default=Role.YOUTH.value, show_default=True)
@click.option("--department", help="The city department of an official.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--verified", is_flag=True, help="The address is known to be right: send no mail.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def create(
    email: str,
    name: str,
    role: str,
    department: str | None,
    password_stdin: bool,
    verified: bool,
    as_json: bool,
) -> None:
    """Make an account. Without --password-stdin a password is made and printed once.

    Example: flask --app ideas_app accounts create --email sora@example.org --name Sora --role moderator
    """
    made = None if password_stdin else secrets.token_urlsafe(15)
    password = made or sys.stdin.readline().rstrip("\r\n")
    spec = service.AccountSpec(
        email=email,
        nickname=name,
        role=Role(role),
        department=department,
        password=password,
        is_verified=verified,
    )
    with plainly(), transaction():
        account = service.create_account(SYSTEM, spec)
        told = {"id": account.id, "email": account.email, "name": account.nickname, "role": role}
    if made:
        told["password"] = made
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"made {told['email']} as {role}")
    if made:
        click.echo(f"password (shown once): {made}")


@accounts.command()
@_EMAIL
@click.option("--role", type=_ROLE, required=True)
@click.option("--department", help="The city department of an official.")
@_REASON
def role(email: str, role: str, department: str | None, reason: str) -> None:
    """Give an account another role; it counts from the person's next request.

    Example: flask --app ideas_app accounts role --email hyun@example.org --role official
    """
    with plainly(), transaction():
        account = queries.get_by_email(email)
        service.change_role(SYSTEM, account, Role(role), reason=reason, department=department)
    click.echo(f"{email} is {role}")


@accounts.command()
@_EMAIL
@_REASON
def disable(email: str, reason: str) -> None:
    """Close an account: its sessions end at once, and it cannot sign in.

    Example: flask --app ideas_app accounts disable --email jun@example.org --reason "left the centre"
    """
    with plainly(), transaction():
        service.disable(SYSTEM, queries.get_by_email(email), reason=reason)
    click.echo(f"{email} is closed")


@accounts.command("reset-factor")
@_EMAIL
@_REASON
def reset_factor(email: str, reason: str) -> None:
    """Take a lost second factor away; its owner sets up a new one at the next log-in.

    Example: flask --app ideas_app accounts reset-factor --email dana@example.org --reason "phone lost"
    """
    with plainly(), transaction():
        service.reset_factor(SYSTEM, queries.get_by_email(email), reason=reason)
    click.echo(f"{email} has no second factor now")


@accounts.command()
@_EMAIL
@_REASON
def enable(email: str, reason: str) -> None:
    """Open a closed account again.

    Example: flask --app ideas_app accounts enable --email jun@example.org
    """
    with plainly(), transaction():
        service.enable(SYSTEM, queries.get_by_email(email), reason=reason)
    click.echo(f"{email} is open")
