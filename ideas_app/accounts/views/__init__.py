"""Screens about accounts: joining and signing in, one's own settings, the people of the administrator."""

from __future__ import annotations

from ideas_app.accounts.views import (
    by_others,
    confirming,
    joining,
    own,
    people,
    second_factor,
    signing_in,
    tokens,
)
from ideas_app.accounts.views.blueprint import blueprint

__all__ = (
    "blueprints",
    "by_others",
    "confirming",
    "joining",
    "own",
    "people",
    "second_factor",
    "signing_in",
    "tokens",
)

blueprints = (blueprint,)
