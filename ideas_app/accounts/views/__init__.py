"""Screens about accounts: joining and signing in, one's own settings, the people of the administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.accounts.views import (
    by_others,
    confirming,
    joining,
    keeping,
    own,
    people,
    second_factor,
    signing_in,
    tokens,
)
from ideas_app.accounts.views.blueprint import blueprint
from ideas_app.web.keeping import init_keeping

if TYPE_CHECKING:
    from flask import Flask

__all__ = (
    "blueprints",
    "by_others",
    "confirming",
    "init_app",
    "joining",
    "keeping",
    "own",
    "people",
    "second_factor",
    "signing_in",
    "tokens",
)

blueprints = (blueprint,)


def init_app(app: Flask) -> None:
    """Says who keeps what was typed into a form that met a shut door."""
    init_keeping(app, keeping.keep_form)
