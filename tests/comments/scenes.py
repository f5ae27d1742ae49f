"""Short words for what tests of discussions do again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.comments import queries, service
from ideas_app.comments.models import Stance
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries import get_idea

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def write(
    actor: Actor,
    idea_id: int,
    text: str = "저도 같은 생각이에요.",
    stance: Stance = Stance.FOR,
    parent_id: int | None = None,
) -> int:
    with transaction():
        parent = queries.find_comment(parent_id)
        return service.write(actor, get_idea(idea_id), text, stance, parent).id


def edit(actor: Actor, comment_id: int, text: str) -> None:
    with transaction():
        comment = queries.get_comment(comment_id)
        service.edit(actor, comment, get_idea(comment.idea_id).campaign, text)


def delete(actor: Actor, comment_id: int) -> None:
    with transaction():
        service.delete(actor, queries.get_comment(comment_id))


def highlight(actor: Actor, comment_id: int, *, on: bool = True) -> None:
    with transaction():
        service.highlight(actor, queries.get_comment(comment_id), on=on)


def hide(actor: Actor, comment_id: int, reason: str = "욕설이 있어요.") -> None:
    with transaction():
        service.hide(actor, queries.get_comment(comment_id), "abuse", reason)


def restore(actor: Actor, comment_id: int) -> None:
    with transaction():
        service.restore(actor, queries.get_comment(comment_id), "잘못 가렸어요.")


def count_of(idea_id: int) -> int:
    return session().scalars(select(Idea.comments_count).where(Idea.id == idea_id)).one()
