"""Screens about one's own data: the page of one's rights, and the queue of those who answer."""

from __future__ import annotations

from ideas_app.privacy.views import asking, desk, own
from ideas_app.privacy.views.blueprint import blueprint

__all__ = ("asking", "blueprints", "desk", "own")

blueprints = (blueprint,)
