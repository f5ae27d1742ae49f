"""`flask accounts ...`: the operator makes accounts, gives roles, closes, opens and deletes.
`flask tokens ...`: ways in for programs.

Must not hold rules: each command calls the service as the system.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import AppGroup

from ideas_app.accounts import queries, service
from ideas_app.accounts.rules import RESET_LIFE, TOKEN_DAYS
from ideas_app.adapters.formats import Column
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.audit.rules import Look
from ideas_app.audit.service import record_look
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Role
from ideas_app.core.personal import Texts
from ideas_app.web.commands import plainly
from ideas_app.web.email import link

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.accounts.models import ApiToken

accounts = AppGroup("accounts", help="People who sign in, and their roles.")
tokens = AppGroup("tokens", help="Ways in for programs.")
groups = (accounts, tokens)

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
    """Make an account. Without --password-stdin a link is printed by which its owner sets a password, once and soon.

    Example: flask --app ideas_app accounts create --email sora@example.org --name Sora --role moderator
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
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
        if password is None:
            told["link"] = link("accounts.reset", token=queries.reset_token(account))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"made {told['email']} as {role}")
    if password is None:
        minutes = int(RESET_LIFE.total_seconds() // 60)
        click.echo(f"set a password within {minutes} minutes, once: {told['link']}")


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


@accounts.command()
@_EMAIL
@click.option(
    "--texts",
    type=click.Choice([each.value for each in Texts]),
    default=Texts.STAY.value,
    show_default=True,
    help="What becomes of published ideas and comments.",
)
@click.option("--reason", required=True, help="Kept in the log; name nobody.")
def delete(email: str, texts: str, reason: str) -> None:
    """Delete the account of somebody who asked for it and cannot sign in.

    Example: flask --app ideas_app accounts delete --email jun@example.org --reason "request 12"
    """
    with plainly(), transaction():
        account = queries.get_by_email(email)
        service.delete_account_of(SYSTEM, account, reason=reason, texts=Texts(texts))
    click.echo("deleted; nothing here names the person any more")


@accounts.command("forget-again")
def forget_again() -> None:
    """Forget whoever has left once more: once after an upgrade that lets rooms forget more.

    Example: flask --app ideas_app accounts forget-again
    """
    with plainly(), transaction():
        count = service.forget_again()
    click.echo(f"{count} people who left were forgotten again")


_AFFECTED = (
    Column("id", "번호", "Number", "int"),
    Column("email", "이메일", "E-mail"),
    Column("nickname", "별명", "Nickname"),
    Column("locale", "언어", "Language"),
    Column("created_at", "가입 일시", "Joined at", "datetime"),
    Column("seen_at", "마지막 이용", "Last seen", "datetime"),
)
_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@accounts.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--since", type=_DAY, required=True, help="When it began, local time.")
@click.option("--until", type=_DAY, help="When it was stopped; without it, now.")
@click.option("--reason", required=True, help="What the file is for: kept in the access log.")
def affected(output: Path, since: datetime, until: datetime | None, reason: str) -> None:
    """Write who had an account while personal data was open to others: whom to tell after a breach.

    A CSV with addresses. Those who joined after it was stopped are not in it; those who left since are counted.
    See docs/privacy-breach.md.

    Example: flask --app ideas_app accounts affected --since 2026-11-01T22:00 -o affected.csv --reason "breach of Nov 1"
    """
    begins = since.replace(tzinfo=clock.SEOUL)
    ends = until.replace(tzinfo=clock.SEOUL) if until else clock.now()
    if ends < begins:
        raise click.UsageError("--until lies before --since")
    with plainly(), transaction():
        found, left = queries.list_affected(begins, ends)
        rows = [{column.key: getattr(one, column.key) for column in _AFFECTED} for one in found]
        content = b"".join(write_csv(_AFFECTED, rows, lang="ko", as_of=clock.today()))
        digest = hashlib.sha256(content).hexdigest()
        ids = [one.id for one in found]
        record_look(SYSTEM, Look.EXPORT, ids, whose="account", reason=reason, digest=digest)
    output.write_bytes(content)
    click.echo(f"{len(rows)} accounts in {output}")
    if left:
        click.echo(
            f"{left} more have left since: their addresses are gone, tell them by a public notice"
        )


@tokens.command("create")
@_EMAIL
@click.option("--scopes", required=True, help="read, write, staff: with commas between.")
@click.option("--days", type=int, default=TOKEN_DAYS, show_default=True, help="At most 366.")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def create_token(email: str, scopes: str, days: int, name: str, as_json: bool) -> None:
    """Make a token for a program of an account, and print it once.

    Example: flask --app ideas_app tokens create --email mina@example.org --scopes read,write --days 30
    """
    with plainly(), transaction():
        account = queries.get_by_email(email)
        wanted = service.read_scopes(scopes.split(","))
        made, secret = service.create_token(SYSTEM, account, name=name, scopes=wanted, days=days)
        told = {**_token_told(made), "token": secret}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else secret)


@tokens.command("list")
@_EMAIL
@click.option("--json", "as_json", is_flag=True, help="Print for machines.")
def list_tokens(email: str, as_json: bool) -> None:
    """Show the living tokens of an account: number, name, scopes, last use, end.

    Example: flask --app ideas_app tokens list --email mina@example.org
    """
    with plainly():
        rows = [_token_told(each) for each in queries.list_tokens(queries.get_by_email(email).id)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        used = row["used_at"] or "never used"
        scopes = ",".join(row["scopes"])
        click.echo(f"{row['id']}  ya_...{row['hint']}  {scopes}  {used}  ends {row['expires_at']}")
        click.echo(f"    {row['name']}")
    if not rows:
        click.echo("there are no tokens")


@tokens.command("revoke")
@_EMAIL
@click.argument("token_id", type=int)
def revoke_token(email: str, token_id: int) -> None:
    """End a token of an account at once; its number is what `tokens list` shows.

    Example: flask --app ideas_app tokens revoke --email mina@example.org 12
    """
    with plainly(), transaction():
        account = queries.get_by_email(email)
        service.revoke_token(SYSTEM, queries.get_token(account.id, token_id))
    click.echo(f"token {token_id} is revoked")


def _token_told(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "hint": token.hint,
        "scopes": list(token.scopes),
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "expires_at": token.expires_at.isoformat(timespec="seconds"),
    }
