"""What people say about an idea."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.accounts.views.blueprint import shown_nickname
from ideas_app.api.fields import Choice, Instant, Whole
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.paging import page, take_in
from ideas_app.api.shapes import Paged, Shape, many_of, page_of
from ideas_app.comments import queries
from ideas_app.comments.models import Stance
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.views.frame import get_readable

if TYPE_CHECKING:
    from ideas_app.comments.queries import Line


class Reply(Shape):
    """A comment, or a reply to one. One that was deleted or hidden keeps its place without text and author."""

    id = fields.Integer()
    idea = fields.Integer()
    parent = fields.Integer(allow_none=True)
    stance = fields.String(metadata={"enum": [each.value for each in Stance]})
    text = fields.String(allow_none=True, metadata={"description": "null where it cannot be read."})
    author = fields.String(allow_none=True, metadata={"description": "Nickname, as on the page."})
    by_staff = fields.Boolean(metadata={"description": "Speaks for the centre or the city."})
    by_author = fields.Boolean(metadata={"description": "Written by the idea's own author."})
    written_at = Instant()
    edited_at = Instant(allow_none=True)
    deleted = fields.Boolean()
    hidden = fields.String(
        allow_none=True, metadata={"description": "Why a moderator hid it; null: it is not hidden."}
    )
    highlighted = fields.Boolean()


class Comment(Reply):
    """A comment with the first 20 replies to it."""

    replies = many_of(Reply)
    replies_count = fields.Integer(
        metadata={"description": "In all; ask with `parent` for the rest."}
    )


CommentList = page_of(Comment, "CommentList")


class CommentQuery(Paged):
    """Which comments."""

    stance = Choice(Stance, metadata={"description": "Left out: all of them."})
    parent = Whole(
        in_address=True, metadata={"description": "The replies to this comment instead."}
    )


@operation(
    "GET",
    "/ideas/<int:idea_id>/comments",
    query=CommentQuery,
    answer=CommentList,
    errors=("no_idea", "no_comment", "not_one_of"),
    example=Example(path={"idea_id": 1}, query={"limit": 2}),
)
def list_comments(asked: Asked, idea_id: int) -> Any:
    """List the comments on an idea.

    In the order of writing, oldest first.
    """
    idea = get_readable(idea_id)
    after = take_in(asked.cursor, of=asked.list_name)
    stance = Stance(asked.query["stance"]) if "stance" in asked.query else None
    if "parent" in asked.query:
        parent = queries.find_comment(asked.query["parent"])
        if parent is None or parent.idea_id != idea.id:
            raise NotFound("no_comment", _l("There is no such comment."))
        found = queries.list_replies(parent, after=after, limit=asked.limit)
    else:
        found = queries.list_page([idea.id], stance, after=after, limit=asked.limit)
    return page(found, comment_shape, of=asked.list_name)


def comment_shape(line: Line) -> dict[str, Any]:
    """A comment in its shape."""
    replies = [_line(each) for each in line.replies]
    return {**_line(line), "replies": replies, "replies_count": line.replies_count}


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "idea": line.idea_id,
        "parent": line.parent_id,
        "stance": line.stance.value,
        "text": line.text if line.is_visible else None,
        "author": shown_nickname(line.nickname) if line.is_visible else None,
        "by_staff": line.is_staff_voice,
        "by_author": line.is_of_author,
        "written_at": line.written_at,
        "edited_at": line.edited_at,
        "deleted": line.deleted_at is not None,
        "hidden": line.hidden_code if line.hidden_at and not line.deleted_at else None,
        "highlighted": line.highlighted_at is not None,
    }
