"""Pages of ideas: writing and sending one, and what its author and its followers do later.

The list and the page of an idea stand in `pages`: they show votes and comments too.
"""

from ideas_app.ideas.views import own, sending
from ideas_app.ideas.views.frame import blueprint, idea_url

__all__ = ["blueprint", "blueprints", "idea_url", "own", "sending"]

blueprints = (blueprint,)
