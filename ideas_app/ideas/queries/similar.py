"""Ideas that resemble a text: the one seam behind which likeness is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries.lists import IdeaRow, list_rows
from ideas_app.ideas.queries.one import readable_clause
from ideas_app.ideas.rules import rank_alike

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign

SIMILAR = 5
_LEAST = 120
_LOOKED_AT = 2000
"""Newest ideas compared: a full index over all texts belongs to the search."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """An idea that resembles a text, by how many thousandths of the text's weighed pairs it shares."""

    row: IdeaRow
    thousandths: int


def find_similar(
    title: str,
    body: str = "",
    campaign: Campaign | None = None,
    *,
    actor: Actor = VISITOR,
    without: int | None = None,
    limit: int = SIMILAR,
) -> list[Likeness]:
    """The ideas that the actor may read and that share most pairs of characters with a text.

    At most `limit`, the closest first; of one campaign or all. Never a judgement: it decides nothing.
    Two statements.
    """
    query = select(Idea.id, Idea.title, Idea.why).where(readable_clause(actor))
    if campaign is not None:
        query = query.where(Idea.campaign_id == campaign.id)
    found = session().execute(query.order_by(Idea.id.desc()).limit(_LOOKED_AT))
    others = [
        (idea_id, f"{other}\n{why}" if body else other)
        for idea_id, other, why in found
        if idea_id != without
    ]
    best = dict(rank_alike(title, body, others, least=_LEAST, limit=limit))
    return [Likeness(row, best[row.id]) for row in list_rows(list(best))]
