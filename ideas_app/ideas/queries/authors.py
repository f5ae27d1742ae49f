"""What one author has sent. Must not change anything."""

from __future__ import annotations

from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries.rows import IdeaRow, row_of, rows_query


def list_of_author(account_id: int) -> list[IdeaRow]:
    """A person's own ideas in every state, newest first."""
    query = rows_query().where(Idea.author_id == account_id, Idea.pen_name.is_(None))
    return [row_of(row) for row in session().execute(query.order_by(Idea.id.desc()))]
