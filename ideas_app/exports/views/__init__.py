"""Pages of exports: the desk, papers at addresses of their own, the centre's form."""

from __future__ import annotations

from ideas_app.exports.views import desk, papers, template
from ideas_app.exports.views.frame import blueprint

blueprints = (blueprint,)

__all__ = ["blueprint", "blueprints", "desk", "papers", "template"]
