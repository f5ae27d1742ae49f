"""Pages of the desk and of those whom its decisions concern. Must not hold rules."""

from ideas_app.moderation.views import (
    alike,
    aside,
    bulk,
    desk,
    disputes,
    families,
    papers,
    public,
    work,
)
from ideas_app.moderation.views.frame import blueprint

__all__ = [
    "alike",
    "aside",
    "blueprints",
    "bulk",
    "desk",
    "disputes",
    "families",
    "papers",
    "public",
    "work",
]

blueprints = (blueprint,)
