"""Pages of the house's duties: periods, register, access log."""

from __future__ import annotations

from ideas_app.retention.views import access, periods, register
from ideas_app.retention.views.frame import blueprint

blueprints = (blueprint,)

__all__ = ["access", "blueprints", "periods", "register"]
