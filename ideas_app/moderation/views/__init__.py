"""Pages of the desk and of those whom its decisions concern. Must not hold rules."""

from ideas_app.moderation.views import alike, aside, desk, disputes, families, public
from ideas_app.moderation.views.frame import blueprint

__all__ = ["alike", "aside", "blueprints", "desk", "disputes", "families", "public"]

blueprints = (blueprint,)
