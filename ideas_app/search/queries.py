"""What answers a query among comments, official answers and programmes; the groups of synonyms.

Ideas are searched by `ideas.queries`. Nothing is found here that its reader may not read: the conditions are
those of the features themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, literal, select

from ideas_app.adapters import fulltext
from ideas_app.answers.models import Answer
from ideas_app.comments.models import Comment
from ideas_app.comments.queries import visible_clause
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.hangul import cut_particle, plain, words_of
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea
from ideas_app.programmes.models import Programme

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 20


@dataclass(frozen=True, slots=True)
class FoundText:
    """One thing that was found: what to read it by, the piece of its text around the words, where it stands."""

    key: int
    row: Any
    title: fulltext.Pieces
    excerpt: fulltext.Pieces


@dataclass(frozen=True)
class Elsewhere:
    """What was found beside the ideas, each kind the best first, at most `MOST`; and how many in all."""

    programmes: list[FoundText]
    answers: list[FoundText]
    comments: list[FoundText]
    totals: dict[str, int]

    @property
    def total(self) -> int:
        """Everything that was found."""
        return sum(self.totals.values())


def find_elsewhere(query: str) -> Elsewhere:
    """Programmes, published answers and readable comments on listed ideas that answer a query."""
    synonyms = fulltext.load_synonyms()
    no_title = literal("")
    programme = fulltext.Source(
        "programme",
        Programme.id,
        Programme.title,
        (Programme.description, Programme.title_en, Programme.description_en),
    )
    answer = fulltext.Source(
        "answer",
        Answer.id,
        Answer.headline,
        (Answer.reason,),
        (Answer.answered_at.is_not(None), Answer.id.in_(_answers_of_listed())),
    )
    comment = fulltext.Source(
        "comment",
        Comment.id,
        no_title,
        (Comment.text,),
        (visible_clause(), Comment.idea_id.in_(select(Idea.id).where(Idea.is_listed))),
    )
    found = {
        source.kind: fulltext.find(source, query, synonyms)
        for source in (programme, answer, comment)
    }
    return Elsewhere(
        programmes=_shown(found["programme"], query, _programmes),
        answers=_shown(found["answer"], query, _answers),
        comments=_shown(found["comment"], query, _comments),
        totals={kind: len(each.hits) for kind, each in found.items()},
    )


def _answers_of_listed() -> Any:
    """Answers whose idea, or one of whose family's ideas, everybody may read."""
    return (
        select(Answer.id)
        .join(Idea, (Idea.id == Answer.idea_id) | (Idea.family_id == Answer.family_id))
        .where(Idea.is_listed)
    )


def _shown(found: fulltext.Found, query: str, read: Any) -> list[FoundText]:
    keys = found.keys[:MOST]
    rows = {row.id: row for row in read(keys)} if keys else {}
    asked = found.read_as or query
    shown = []
    for key in keys:
        if key in rows:
            title, body = found.texts[key]
            shown.append(
                FoundText(
                    key,
                    rows[key],
                    fulltext.marks_of(title, found.terms, asked),
                    fulltext.snippet_of(body, found.terms, asked),
                )
            )
    return shown


def _programmes(keys: Sequence[int]) -> Any:
    return session().scalars(select(Programme).where(Programme.id.in_(keys)))


def _answers(keys: Sequence[int]) -> Any:
    """Each with the idea by which its letter is reached: the family's first where it answers a family."""
    idea_id = (
        select(func.min(Idea.id))
        .where((Idea.id == Answer.idea_id) | (Idea.family_id == Answer.family_id), Idea.is_listed)
        .correlate(Answer)
        .scalar_subquery()
    )
    query = (
        select(
            Answer.id,
            Answer.decision,
            Answer.department,
            Answer.answered_at,
            func.coalesce(Family.title, Idea.title).label("subject"),
            Idea.id.label("idea_id"),
            Idea.title.label("idea_title"),
        )
        .join(Idea, Idea.id == idea_id)
        .outerjoin(Family, Family.id == Answer.family_id)
    )
    return session().execute(query.where(Answer.id.in_(keys)))


def _comments(keys: Sequence[int]) -> Any:
    query = select(
        Comment.id,
        Comment.written_at,
        Comment.is_staff_voice,
        Idea.id.label("idea_id"),
        Idea.title.label("idea_title"),
    ).join(Idea, Idea.id == Comment.idea_id)
    return session().execute(query.where(Comment.id.in_(keys)))


def list_meanings(query: str) -> list[str]:
    """The words that mean the same as a word of a query, as moderators wrote them."""
    asked = {word for typed in words_of(query) for word in (typed, cut_particle(typed) or typed)}
    asked.add(plain(query))
    found: dict[str, None] = {}
    for group in list_groups():
        words = fulltext.split_group(group.words)
        if asked & {plain(word) for word in words}:
            found.update(dict.fromkeys(word for word in words if plain(word) not in asked))
    return list(found)


def list_groups() -> Sequence[fulltext.SynonymGroup]:
    """All groups of synonyms, the newest change first."""
    group = fulltext.SynonymGroup
    return session().scalars(select(group).order_by(group.changed_at.desc(), group.id)).all()


def get_group(group_id: int) -> fulltext.SynonymGroup:
    """A group of synonyms. Raises `NotFound`."""
    found = session().get(fulltext.SynonymGroup, group_id)
    if found is None:
        raise NotFound(
            "no_group", _l("There is no such group of words. It was taken away meanwhile.")
        )
    return found
