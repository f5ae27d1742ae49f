"""Whole addresses of pages, for programs that lead people there."""

from __future__ import annotations

from ideas_app.ideas.rules import address_slug
from ideas_app.web.email import link


def idea_address(idea_id: int, title: str) -> str:
    """The page of an idea."""
    return link("pages.idea", idea_id=idea_id, slug=address_slug(title) or None)
