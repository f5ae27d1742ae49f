"""Ideas that resemble a text: the one seam behind which likeness to a text is decided.

`find_similar` is asked by pages and the desk. What it knows of texts stands in the index; another measure
may take its place here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters import fulltext
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries.one import readable_clause
from ideas_app.ideas.queries.rows import IdeaRow, list_rows

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign

SIMILAR = 5
_LEAST = 150


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
