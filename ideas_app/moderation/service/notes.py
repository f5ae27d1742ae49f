"""Notes among moderators and officials about an idea. Must not know how a colleague is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import clock, outbox
from ideas_app.core.db import session
from ideas_app.moderation import policy, queries
from ideas_app.moderation.events import NoteWritten
from ideas_app.moderation.models import DeskNote
from ideas_app.moderation.rules import NOTE_MAX, named_in
from ideas_app.moderation.service.gates import checked

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea


def write_note(actor: Actor, idea: Idea, words: str) -> DeskNote:
    """Leaves a note beside an idea; colleagues named by `@nickname` are told that there is one.

    It is read at the two desks only. Raises `Refused`, `Invalid` (field `note`).
    """
    policy.may_note(actor).require()
    words = checked(words, field="note", most=NOTE_MAX)
    colleagues = queries.list_colleagues(but=actor.id)
    note = DeskNote(
        idea_id=idea.id,
        author_id=actor.id,
        text=words,
        mentioned=named_in(words, colleagues),
        written_at=clock.now(),
    )
    session().add(note)
    session().flush()
    if note.mentioned:
        outbox.publish(NoteWritten(note.id))
    return note
