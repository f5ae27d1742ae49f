"""Screens about accounts: joining and signing in, one's own settings, the people of the administrator."""

from __future__ import annotations

from ideas_app.accounts.views import joining, own, people, signing_in, tokens
from ideas_app.accounts.views.blueprint import blueprint

__all__ = ("blueprints", "joining", "own", "people", "signing_in", "tokens")

blueprints = (blueprint,)
