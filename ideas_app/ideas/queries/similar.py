"""Ideas that resemble a text, and groups of alike ideas: the one seam behind which likeness is decided.

`find_similar` and `list_clusters` are asked by pages and the desk. What they know of texts stands in the
index; another measure may take its place here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.adapters import fulltext
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries.lists import IdeaRow, list_rows
from ideas_app.ideas.queries.one import readable_clause

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign

SIMILAR = 5
_LEAST = 150
_GROUPED = 3_000
"""The newest ideas of a campaign that are looked at for groups."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """An idea that resembles a text, by how many thousandths of the text's weighed pairs it shares; its title
    in pieces, the shared ones marked; and what of the asked title it holds, in its title or its text.
    """

    row: IdeaRow
    thousandths: int
    title: fulltext.Pieces
    words: list[str]


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

    At most `limit`, the closest first; of one campaign or all, in every state that the actor may read.
    Never a judgement: it decides nothing. Four statements.
    """
    clauses = [readable_clause(actor)]
    if campaign is not None:
        clauses.append(Idea.campaign_id == campaign.id)
    source = fulltext.Source("idea", Idea.id, Idea.title, (Idea.why, Idea.how), clauses)
    found = fulltext.find_alike(source, title, body, least=_LEAST, limit=limit, without=without)
    rows = {row.id: row for row in list_rows([one.key for one in found])}
    return [
        Likeness(
            rows[one.key],
            one.thousandths,
            fulltext.pieces_of(
                rows[one.key].title, fulltext.shared_spans(rows[one.key].title, one.shared)
            ),
            _words_of(title, one.shared),
        )
        for one in found
        if one.key in rows
    ]


def _words_of(title: str, shared: frozenset[str]) -> list[str]:
    """The pieces of a title that another text holds too, each once."""
    pieces = fulltext.pieces_of(title, fulltext.shared_spans(title, shared))
    return list(dict.fromkeys(piece for piece, is_shared in pieces if is_shared))


def list_clusters(campaign_id: int, *, limit: int = 20) -> list[list[IdeaRow]]:
    """The largest groups of alike ideas among a campaign's listed ones, each with its middle first.

    Ideas of one family stay out of groups of their own: they are joined already. The same ideas give the
    same groups. Two statements.
    """
    query = select(Idea.id, Idea.title, Idea.why, Idea.family_id).where(
        Idea.campaign_id == campaign_id, Idea.is_listed
    )
    found = session().execute(query.order_by(Idea.id.desc()).limit(_GROUPED)).all()
    family = {row.id: row.family_id for row in found}
    groups = [
        group
        for group in fulltext.group_alike([(row.id, row.title, row.why) for row in found])
        if len({family[key] or -key for key in group}) > 1
    ][:limit]
    rows = {row.id: row for row in list_rows([key for group in groups for key in group])}
    return [[rows[key] for key in group if key in rows] for group in groups]
