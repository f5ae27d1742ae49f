"""`flask permissions matrix`: who may do what, in which role and phase, as text that can be compared.

The golden copy stands in tests/architecture/permissions.txt, so a change of rights shows as a difference.
Must not decide anything: it asks the same policies as the services do.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

import ideas_app.api.v1  # noqa: F401  # registers the operations
from ideas_app.api.operation import OPERATIONS
from ideas_app.campaigns.models import Campaign, Phase, PhaseKind
from ideas_app.campaigns.rules import usual_phases
from ideas_app.comments import policy as comments
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.permissions import GRANTS, Permission, Role, has
from ideas_app.ideas import policy as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists import policy as shortlists
from ideas_app.shortlists.models import Source
from ideas_app.votes import policy as votes

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from ideas_app.api.operation import Operation
    from ideas_app.core.verdict import Verdict

permissions = AppGroup("permissions", help="Who may do what.")

_BORN_ON = date(2000, 1, 1)
_AUTHOR = 1


@permissions.command()
def matrix() -> None:
    """Print role x permission, for acts that depend on the campaign role x phase, role x operation of the API,
    and what each address asks for.

    Example: flask --app ideas_app permissions matrix
    """
    click.echo(matrix_text(), nl=False)


def matrix_text() -> str:
    """All tables, a blank line between, one line end at the last."""
    tables = [grants_table(), *phase_tables(), operations_table(), doors_table(current_app)]
    return "\n\n".join(tables) + "\n"


def grants_table() -> str:
    """The grants of `core.permissions`, one line a permission."""
    rows = [
        [permission.value, *("yes" if permission in GRANTS[role] else "-" for role in Role)]
        for permission in Permission
    ]
    return _table(["permission", *Role], rows)


def phase_tables() -> list[str]:
    """For each act that a phase opens: role x phase, each cell "yes" or the code of the refusal."""
    now = datetime(2026, 6, 1, tzinfo=UTC)
    campaigns = {kind: _campaign_in(kind, now) for kind in PhaseKind}
    tables = []
    for act, ask in _acts(now).items():
        rows = [
            [kind.value, *(_cell(ask(actor, campaign)) for actor in _people().values())]
            for kind, campaign in campaigns.items()
        ]
        tables.append(_table([act, *_people()], rows))
    return tables


def operations_table() -> str:
    """For each operation of the API: the scope that a token needs, and by role "yes" or the code of the refusal."""
    roles = [None, *Role]
    rows = [
        [each.name, each.scope.value, *(_door(each, role) for role in roles)]
        for each in sorted(OPERATIONS.values(), key=lambda one: one.name)
    ]
    return _table(["operation", "scope", "visitor", *Role], rows)


def doors_table(app: Flask) -> str:
    """What each address asks for: a permission, `signed_in` or `public`; "-" where its view says nothing."""
    rows = [
        [
            rule.rule,
            " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            getattr(app.view_functions[rule.endpoint], "access", "-"),
        ]
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    ]
    return _table(["address", "methods", "asks for"], sorted(rows))


def _door(operation: Operation, role: Role | None) -> str:
    if operation.access == "public":
        return "yes"
    if role is None:
        return "sign_in"
    if operation.access == "signed_in" or has(role, operation.access):
        return "yes"
    return "not_permitted"


def _acts(now: datetime) -> dict[str, Callable[[Actor, Campaign], Verdict]]:
    return {
        "submit": lambda actor, campaign: ideas.may_submit(actor, campaign, now=now),
        "comment": lambda actor, campaign: comments.may_comment(actor, _idea_in(campaign), now=now),
        "support": lambda actor, campaign: votes.may_support(actor, _idea_in(campaign), now=now),
        "vote": lambda actor, campaign: votes.may_cast(actor, campaign, now=now),
        "set entries": lambda actor, campaign: votes.may_prepare(actor, campaign, now=now),
        "compute": lambda actor, campaign: shortlists.may_compute(
            actor, campaign, Source.BALLOT, now=now
        ),
    }


def _people() -> dict[str, Actor]:
    """One person of each kind, of the age and tie that a campaign asks for by default."""

    def person(number: int, role: Role, *, is_verified: bool = True) -> Actor:
        return Actor(
            id=number, role=role, is_verified=is_verified, born_on=_BORN_ON, tie="resident"
        )

    return {
        "visitor": VISITOR,
        "unverified": person(10, Role.YOUTH, is_verified=False),
        "author": person(_AUTHOR, Role.YOUTH),
        "youth": person(11, Role.YOUTH),
        "moderator": person(12, Role.MODERATOR),
        "official": person(13, Role.OFFICIAL),
        "admin": person(14, Role.ADMIN),
    }


def _campaign_in(kind: PhaseKind, now: datetime) -> Campaign:
    """A campaign of the usual phases, the given one begun a day ago; never stored."""
    phases = [
        Phase(
            kind=spec.kind.value,
            position=position,
            starts_at=spec.starts_at,
            ends_at=spec.ends_at,
            activities=[activity.value for activity in spec.opens],
        )
        for position, spec in enumerate(usual_phases(kind, now - timedelta(days=1)))
    ]
    return Campaign(slug=kind.value, year=now.year, settings={}, eligibility={}, phases=phases)


def _idea_in(campaign: Campaign) -> Idea:
    return Idea(id=1, author_id=_AUTHOR, campaign=campaign, state=State.PUBLISHED, pen_name=None)


def _cell(verdict: Verdict) -> str:
    return "yes" if verdict else verdict.code


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Columns as wide as their widest cell, two spaces between."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [head, *rows]
    ]
    lines.insert(1, "-" * max(len(line) for line in lines))
    return "\n".join(lines)
