"""What the desk forgets when somebody leaves: their own words to it, and what it holds about what is gone.

Flags and settled disputes stay as counted acts without words. Must not know what the author chose: rooms below
say which ideas and comments are gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from ideas_app.accounts.rules import DELETED_NICKNAME
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas import service as ideas
from ideas_app.moderation.models import Appeal, DeskAct, DeskNote, Flag, Objection

if TYPE_CHECKING:
    from ideas_app.core.personal import Leaving


def forget_person(leaving: Leaving) -> None:
    """Empties the person's flags, appeals and objections; open disputes about what is theirs are over."""
    account_id = leaving.account_id
    own = [idea.id for idea in ideas.list_own(account_id)]
    session().execute(update(Flag).where(Flag.reporter_id == account_id).values(note=""))
    for table, mine in (
        (Appeal, Appeal.author_id == account_id),
        (Objection, Objection.idea_id.in_(own)),
    ):
        session().execute(delete(table).where(mine, table.settled_at.is_(None)))
        session().execute(update(table).where(mine).values(text=""))
    _forget_notes(leaving, own)
    gone = DeskAct.idea_id.in_(sorted(leaving.gone["idea"]))
    ended = {"changes": [], "events": [], "until": clock.now()}
    session().execute(update(DeskAct).where(gone).values(ended))
    session().expire_all()


def _forget_notes(leaving: Leaving, own: list[int]) -> None:
    """Notes about what is gone go; in the others the nickname is struck out."""
    gone = sorted(leaving.gone["idea"])
    session().execute(delete(DeskNote).where(DeskNote.idea_id.in_(gone)))
    for note in session().scalars(select(DeskNote).where(DeskNote.idea_id.in_(own))):
        note.text = note.text.replace(leaving.nickname, DELETED_NICKNAME)
