"""What discussions keep of a person: their comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.comments import queries, service
from ideas_app.comments.models import Comment
from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Balance, Column, Holding, Room, declare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.core.personal import Leaving, Rows


def _own(account_id: int) -> Sequence[Comment]:
    query = select(Comment).where(Comment.author_id == account_id).order_by(Comment.id)
    return session().scalars(query).all()


def read_comments(account_id: int) -> Rows:
    """The person's own comments, hidden ones too; deleted ones have no text."""
    for comment in _own(account_id):
        names = ("id", "idea_id", "parent_id", "text", "written_at", "edited_at", "deleted_at")
        hidden = ("hidden_at", "hidden_code", "hidden_reason")
        values = {name: getattr(comment, name) for name in (*names, *hidden)}
        yield {**values, "stance": comment.stance.value}


def preview(account_id: int) -> Iterable[Balance]:
    """Comments that can be read stay or go by choice."""
    standing = [one for one in _own(account_id) if one.deleted_at is None]
    seen = sum(queries.is_visible(one) for one in standing)
    words = _l(
        "Where they go, their place and the replies of others stay, as with a deleted comment."
    )
    yield Balance(_l("Comments"), len(standing), seen, 0, words)


def forget(leaving: Leaving) -> None:
    """Empties what goes, and says which."""
    leaving.gone["comment"] |= service.forget_author(leaving.account_id, leaving.texts)


declare(
    Room(
        "comments",
        holdings=(
            Holding(
                key="comments",
                title=_l("Your comments"),
                columns=(
                    Column("id", _l("Comment"), "int"),
                    Column("idea_id", _l("Idea"), "int"),
                    Column("parent_id", _l("Reply to"), "int"),
                    Column("stance", _l("Stance")),
                    Column("text", _l("Text")),
                    Column("written_at", _l("Written"), "datetime"),
                    Column("edited_at", _l("Changed"), "datetime"),
                    Column("deleted_at", _l("Deleted"), "datetime"),
                    Column("hidden_at", _l("Hidden"), "datetime"),
                    Column("hidden_code", _l("Code of the decision")),
                    Column("hidden_reason", _l("Reason")),
                ),
                read=read_comments,
                kept=_l("As long as the idea, unless you delete it."),
                leaving=_l("By your choice: without your name, or emptied."),
                places=("comment.author_id",),
            ),
        ),
        forget=forget,
        preview=preview,
    )
)
