"""Pages of programmes for everybody and for staff, of rosters, and of one's own link. Must not hold rules."""

from __future__ import annotations

from ideas_app.programmes.views import certificates, claims, meetings, own, pages, rosters
from ideas_app.programmes.views.blueprints import programmes_blueprint, rosters_blueprint

__all__ = ("certificates", "claims", "meetings", "own", "pages", "rosters")

blueprints = (programmes_blueprint, rosters_blueprint)
