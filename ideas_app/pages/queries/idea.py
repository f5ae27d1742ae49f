"""One idea as its page reads it: itself, how the reader stands to it, what is told of its past.

Each in one statement that is put together once (`docs/performance.md`). Must not change anything, nor decide who may
see what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, case, or_, select, union_all

from ideas_app.answers.models import Answer
from ideas_app.audit import queries as audit
from ideas_app.audit.rules import Tag
from ideas_app.comments import queries as comments
from ideas_app.core.columns import Instant
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.prepared import Prepared, all_together, given, goes_together
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries import (
    IDEA,
    READER,
    reader_columns,
    tell_versions,
    whole_of,
    whole_query,
)
from ideas_app.moderation import queries as moderation
from ideas_app.pages.rules import SMALLEST, Told, may_be_told
from ideas_app.shortlists import queries as shortlists
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CompoundSelect, Select

    from ideas_app.campaigns.models import Phase
    from ideas_app.comments.queries import Line
    from ideas_app.core.prepared import Asked
    from ideas_app.ideas.models import ReadingAnswer


@dataclass(frozen=True, slots=True)
class OpenIdea:
    """An idea as its page reads it, and how the reader stands to it; a visitor stands to nothing."""

    idea: Idea
    """A plain object, see `ideas.queries.whole`."""
    is_asked_of_city: bool
    """Whether there is an answer to it or to its family, published or still owed."""
    has_past: bool
    """Whether the rooms below may have something to tell of it: `list_told` of another one is empty."""
    participants: int | None
    """How many of its supporters took part in the programme it grew out of; None where it may not be told."""
    lines: list[Line] | None = None
    """Its discussion, where that came along: for `comments.queries.list_together`."""
    has_read: bool = False
    follows: bool = False
    supports: bool = False
    is_aside: bool = False
    """The reader's support is set aside."""
    said: ReadingAnswer | None = None
    """What the reader said of it in the reading stack."""


def read_idea(idea_id: int, reader_id: int | None = None, *, with_talk: bool = False) -> OpenIdea:
    """An idea for its page. One statement, and four where the campaigns' settings have changed. `with_talk`: together
    with its discussion, where that goes out at once. Raises `NotFound`.

    Whether the reader may see it is the question of `ideas.policy.may_read`.
    """
    asked: Asked = (_FOR_VISITORS, {"idea_id": idea_id, "opened_at": None})
    if reader_id is not None:
        asked = (_FOR_READERS, {**asked[1], "reader_id": reader_id})
    talk = [comments.short_talk(idea_id)] if with_talk and goes_together() else []
    rows, *lines = all_together(asked, *talk)
    if not rows:
        raise NotFound("no_idea", _l("There is no such idea."))
    row = rows[0]
    idea = whole_of(row)
    told = row.participants is not None and may_be_told(row.participants, idea.supports_count)
    is_asked = bool(row.is_asked)
    shown = (idea, is_asked, is_asked or bool(row.has_past), row.participants if told else None)
    said = lines[0] if lines else None
    if reader_id is None:
        return OpenIdea(*shown, lines=said)
    return OpenIdea(
        *shown,
        lines=said,
        has_read=bool(row.has_read),
        follows=bool(row.follows),
        supports=bool(row.supports),
        is_aside=bool(row.is_aside),
        said=row.said,
    )


def _open_idea() -> Select[*tuple[Any, ...]]:
    answer = Answer.__table__.c
    of_family = answer.family_id == Idea.__table__.c.family_id
    asked = select(answer.id).where(or_(answer.idea_id == IDEA, of_family))
    family_id: Any = Idea.__table__.c.family_id
    traces = [
        tell_versions(IDEA),
        *moderation.tell_families(IDEA),
        shortlists.entries_of(IDEA),
        audit.tell_acts("idea", IDEA, {Tag.IDEA_WITHDRAWN}),
        votes.tell_ballot(IDEA, family_id, given("opened_at", Instant())),
    ]
    past = or_(*(each.correlate(Idea.__table__).exists() for each in traces))
    # counted only where there are supporters enough that `may_be_told` could say yes
    enough = Idea.__table__.c.supports_count >= 2 * SMALLEST
    participants = case((enough, votes.participants_column(IDEA).element), else_=None)
    return whole_query().add_columns(
        asked.correlate(Idea.__table__).exists().label("is_asked"),
        past.label("has_past"),
        participants.label("participants"),
    )


_FOR_VISITORS = Prepared(_open_idea())
_FOR_READERS = Prepared(
    _open_idea().add_columns(*reader_columns(), *votes.standing_columns(IDEA, READER))
)


def list_told(
    idea: Idea, *, answer_id: int | None, ballot: Phase | None, now: datetime
) -> list[Told]:
    """What the rooms below tell of an idea's past, in one statement. Nothing of it is secret: rounds tell only
    once they are published, the ballot only that the idea stands on it, and not before the vote opens.
    """
    opened_at = ballot.starts_at if ballot is not None and ballot.starts_at <= now else None
    rows = _TOLD.all(
        idea_id=idea.id, family_id=idea.family_id, answer_id=answer_id, opened_at=opened_at
    )
    return [Told(*row) for row in rows if row.at is not None]


def _told() -> CompoundSelect[*tuple[Any, ...]]:
    family_id = given("family_id", Integer())
    answer_id = given("answer_id", Integer())
    return union_all(
        tell_versions(IDEA),
        *moderation.tell_families(IDEA),
        *shortlists.tell_rounds(IDEA),
        audit.tell_acts("idea", IDEA, {Tag.IDEA_WITHDRAWN}),
        votes.tell_ballot(IDEA, family_id, given("opened_at", Instant())),
        audit.tell_acts("answer", answer_id, {Tag.ANSWER_EXTENDED, Tag.ANSWER_CHANGED}),
    )


_TOLD = Prepared(_told())
