"""What search engines may know of: addresses of public things with the instant of their last change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.shortlists import queries as shortlists

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from ideas_app.shortlists.queries import RoundRow

PAGE = 10_000
"""Ids of ideas of one sitemap: a page is written in the time of a request, and the standard allows 50,000."""


def count_idea_pages() -> int:
    """How many sitemaps the ideas fill; each holds a range of ids, so that new ideas move no old one."""
    last = session().scalar(select(func.max(Idea.id)).where(Idea.is_listed)) or 0
    return -(-last // PAGE)


def list_ideas_of_page(page: int) -> Sequence[Row[int, str, datetime]]:
    """Id, title and last change of the listed ideas of a page, counted from 1."""
    query = (
        select(Idea.id, Idea.title, Idea.active_at)
        .where(Idea.is_listed, Idea.id > (page - 1) * PAGE, Idea.id <= page * PAGE)
        .order_by(Idea.id)
    )
    return session().execute(query).all()


def list_published_rounds() -> list[RoundRow]:
    """Shortlists that are public."""
    return shortlists.list_rounds(published_only=True)
