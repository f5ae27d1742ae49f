"""Words that mean the same: groups that moderators edit and every search reads anew. Must not know who edits them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Text, select
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk
from ideas_app.core.db import session
from ideas_app.core.hangul import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.adapters.fulltext.terms import Synonyms


class SynonymGroup(Base):
    """Words that mean the same, as a moderator wrote them, parted by commas."""

    __tablename__ = "synonym_group"

    id: Mapped[intpk]
    words: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[instant]


def split_group(words: str) -> list[str]:
    """The words of a group, each once, in their order."""
    return list(dict.fromkeys(" ".join(word.split()) for word in words.split(",") if word.strip()))


def join_groups(groups: Iterable[str]) -> Synonyms:
    """By a word as search compares it, the others of its groups. A word may stand in several groups."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        words = [key for key in (plain(word) for word in split_group(group)) if key]
        for word in words:
            others = found.setdefault(word, {})
            others.update(dict.fromkeys(other for other in words if other != word))
    return {word: tuple(others) for word, others in found.items()}


def load_synonyms() -> Synonyms:
    """All groups as they stand now. One statement: a change works at once, in every process."""
    query = select(SynonymGroup.words).order_by(SynonymGroup.id)
    return synonyms_of(session().scalars(query))


def synonyms_of(groups: Iterable[str]) -> Synonyms:
    """As `join_groups`, for groups that were read just now; the same ones are joined once, which is a millisecond of
    every search.
    """
    return _joined(tuple(groups))


@lru_cache(maxsize=1)
def _joined(groups: tuple[str, ...]) -> Synonyms:
    return join_groups(groups)
