"""Pages of shortlists: rounds for everybody, the work of those who decide, files. Must not hold rules."""

from ideas_app.shortlists.views import deciding, files, rounds
from ideas_app.shortlists.views.frame import blueprint

__all__ = ["blueprints", "deciding", "files", "rounds"]

blueprints = (blueprint,)
