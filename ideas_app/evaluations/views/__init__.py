"""Pages of evaluations: the lists, asking colleagues, the one screen of an evaluation, all of a subject."""

from ideas_app.evaluations.views import asking, lists, summary, work
from ideas_app.evaluations.views.frame import blueprint

__all__ = ["asking", "blueprint", "blueprints", "lists", "summary", "work"]

blueprints = (blueprint,)
