"""What the desk keeps of a person: flags they sent, appeals and objections. The rest is the work of staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Balance, Column, Holding, Room, Trace, declare
from ideas_app.ideas import service as ideas
from ideas_app.moderation.models import Appeal, Flag, Objection
from ideas_app.moderation.service import forget_person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.personal import Rows


def read_flags(account_id: int) -> Rows:
    """What the person reported."""
    query = select(Flag).where(Flag.reporter_id == account_id).order_by(Flag.id)
    for flag in session().scalars(query):
        names = ("idea_id", "comment_id", "code", "note", "raised_at", "settled_at", "outcome")
        yield {name: getattr(flag, name) for name in names}


def read_appeals(account_id: int) -> Rows:
    """The person's appeals against rejections, and how they were decided."""
    query = select(Appeal).where(Appeal.author_id == account_id).order_by(Appeal.id)
    for appeal in session().scalars(query):
        names = ("idea_id", "text", "filed_at", "settled_at", "outcome")
        yield {**{name: getattr(appeal, name) for name in names}, "reason": appeal.outcome_reason}


def read_objections(account_id: int) -> Rows:
    """The person's objections to families, and how they were decided."""
    own = [idea.id for idea in ideas.list_own(account_id)]
    query = select(Objection).where(Objection.idea_id.in_(own)).order_by(Objection.id)
    for row in session().scalars(query):
        names = ("idea_id", "text", "filed_at", "settled_at", "outcome")
        yield {**{name: getattr(row, name) for name in names}, "reason": row.resolution}


def preview(account_id: int) -> Iterable[Balance]:
    """Flags stay as a code without words."""
    count = select(func.count(Flag.id)).where(Flag.reporter_id == account_id)
    flags = session().scalar(count) or 0
    words = _l("Only that something was reported, and for which of the listed reasons, stays.")
    yield Balance(_l("Things you reported"), flags, flags, flags, words)


_DISPUTE = (
    Column("idea_id", _l("Idea"), "int"),
    Column("text", _l("Text")),
    Column("filed_at", _l("Sent"), "datetime"),
    Column("settled_at", _l("Decided"), "datetime"),
    Column("outcome", _l("Outcome")),
    Column("reason", _l("Reason")),
)
_WORDS_GO = _l("Your words are emptied; that it was decided stays. What is still open is dropped.")

declare(
    Room(
        "moderation",
        holdings=(
            Holding(
                key="flags",
                title=_l("What you reported"),
                columns=(
                    Column("idea_id", _l("Idea"), "int"),
                    Column("comment_id", _l("Comment"), "int"),
                    Column("code", _l("Reason")),
                    Column("note", _l("Your words")),
                    Column("raised_at", _l("Sent"), "datetime"),
                    Column("settled_at", _l("Decided"), "datetime"),
                    Column("outcome", _l("Outcome")),
                ),
                read=read_flags,
                kept=_l("As long as the idea."),
                leaving=_l("Your words are emptied; the reason from the list stays."),
                places=("flag.reporter_id",),
            ),
            Holding(
                key="appeals",
                title=_l("Your appeals"),
                columns=_DISPUTE,
                read=read_appeals,
                kept=_l("As long as the idea."),
                leaving=_WORDS_GO,
                places=("appeal.author_id",),
            ),
            Holding(
                key="objections",
                title=_l("Your objections to families"),
                columns=_DISPUTE,
                read=read_objections,
                kept=_l("As long as the idea."),
                leaving=_WORDS_GO,
            ),
        ),
        traces=(
            Trace(
                (
                    *("appeal.rejected_by", "appeal.settled_by", "flag.settled_by"),
                    *("objection.settled_by", "family_draft.edited_by", "set_apart.said_by"),
                    *("desk_lock.account_id", "desk_lock.taken_from", "desk_act.actor_id"),
                    *("desk_note.author_id", "desk_note.mentioned"),
                ),
                "which staff did the work",
            ),
        ),
        forget=forget_person,
        preview=preview,
    )
)
