"""Pages of the house's texts: for readers, and for whoever writes them."""

from __future__ import annotations

from ideas_app.terms.views import desk, public
from ideas_app.terms.views.frame import blueprint

blueprints = (blueprint,)

__all__ = ["blueprints", "desk", "public"]
