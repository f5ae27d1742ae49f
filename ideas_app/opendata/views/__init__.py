"""Pages of open data, and what the site hands to other programs: addresses, cards, embeds, posters."""

from __future__ import annotations

from ideas_app.opendata.views import cards, data, embed, links, meaning, posters, sitemap
from ideas_app.opendata.views.frame import blueprint

blueprints = (blueprint,)

__all__ = [
    "blueprint",
    "blueprints",
    "cards",
    "data",
    "embed",
    "links",
    "meaning",
    "posters",
    "sitemap",
]
