"""Screens that show several features. They only read and compose.

Must not change anything; a form on these screens leads to the feature that owns the act.
"""

from ideas_app.pages.views import feeds, home, idea, lists, mine, read, watch
from ideas_app.pages.views.frame import blueprint

__all__ = [
    "blueprint",
    "blueprints",
    "feeds",
    "home",
    "idea",
    "lists",
    "mine",
    "read",
    "watch",
]

blueprints = (blueprint, feeds.blueprint)
