"""What people say about an idea: writing, mending and deleting their own comments, flagging those of others.

Must not decide anything: the services of the pages do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.api.fields import Choice, Whole, Words
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Body
from ideas_app.api.v1.acts_ideas import LONGEST, Flag, FlagBody, flag_shape
from ideas_app.api.v1.comments import Comment, comment_shape
from ideas_app.comments import queries, service
from ideas_app.comments.models import Stance
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas.views.frame import get_readable
from ideas_app.moderation import service as moderation
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from ideas_app.comments.models import Comment as CommentEntity

OF_WORDS = ("empty", "resident_number", "newcomer_link")


class CommentBody(Body):
    """A comment, or a reply to one."""

    text = Words(most=LONGEST, lines=True, required=True)
    stance = Choice(
        Stance,
        load_default=Stance.NEUTRAL.value,
        metadata={"description": "How you see the idea; a reply takes none."},
    )
    parent = Whole(metadata={"description": "The comment that it answers; there is one level."})


class CommentChange(Body):
    """Another text."""

    text = Words(most=LONGEST, lines=True, required=True)


@operation(
    "POST",
    "/ideas/<int:idea_id>/comments",
    access=Permission.COMMENT_WRITE,
    body=CommentBody,
    answer=Comment,
    status=201,
    errors=(
        "no_idea", "no_comment", "closed", "not_discussed", "not_verified", "gone", "comments_per_day",
        "newcomer_comments", *OF_WORDS,
    ),
    example=Example(
        path={"idea_id": 149}, body={"text": "저도 야간 근무라 꼭 필요해요.", "stance": "for"}
    ),
)  # fmt: skip
def write_comment(asked: Asked, idea_id: int) -> Any:
    """Write a comment.

    Staff speak for the centre or the city, and it says so. How many a day the campaign's rules tell.
    """
    given, idea = asked.body, get_readable(idea_id)
    parent = _comment(given["parent"]) if "parent" in given else None
    made = service.write(current_actor(), idea, given["text"], Stance(given["stance"]), parent)
    return comment_shape(queries.get_line(made.id))


@operation(
    "PATCH",
    "/comments/<int:comment_id>",
    access=Permission.COMMENT_WRITE,
    body=CommentChange,
    answer=Comment,
    errors=("no_comment", "no_idea", "not_yours", "gone", "too_late", *OF_WORDS),
    example=Example(path={"comment_id": 352}, body={"text": "저도 야간 근무라 정말 필요해요."}),
)
def change_comment(asked: Asked, comment_id: int) -> Any:
    """Change one's own comment.

    For some minutes after it was written.
    """
    comment = _comment(comment_id)
    campaign = get_readable(comment.idea_id).campaign
    service.edit(current_actor(), comment, campaign, asked.body["text"])
    return comment_shape(queries.get_line(comment_id))


@operation(
    "DELETE",
    "/comments/<int:comment_id>",
    access=Permission.COMMENT_WRITE,
    answer=Comment,
    errors=("no_comment", "not_yours", "gone"),
    example=Example(path={"comment_id": 352}),
)
def delete_comment(asked: Asked, comment_id: int) -> Any:
    """Delete one's own comment.

    Its text is gone for good; its place and the replies to it stay.
    """
    del asked
    comment = _find(comment_id)
    service.delete(current_actor(), comment)
    return comment_shape(queries.get_line(comment_id))


@operation(
    "POST",
    "/comments/<int:comment_id>/flags",
    access=Permission.FLAG_RAISE,
    body=FlagBody,
    answer=Flag,
    status=201,
    errors=("no_comment", "no_idea", "own", "already_flagged", "comment_gone"),
    example=Example(path={"comment_id": 351}, body={"code": "abuse"}),
)
def flag_comment(asked: Asked, comment_id: int) -> Any:
    """Flag a comment.

    A moderator looks at it; once a person. Nobody but the moderators learns who flagged it.
    """
    comment, given = _comment(comment_id), asked.body
    raised = moderation.raise_flag(current_actor(), comment, given["code"], given.get("note", ""))
    return flag_shape(raised)


def _comment(comment_id: int) -> CommentEntity:
    """A comment on an idea that may be read; any other looks as if it did not exist."""
    comment = _find(comment_id)
    get_readable(comment.idea_id)
    return comment


def _find(comment_id: int) -> CommentEntity:
    """A comment, wherever it stands: its author deletes it also under an idea that was hidden."""
    comment = queries.find_comment(comment_id)
    if comment is None:
        raise NotFound("no_comment", _l("There is no such comment."))
    return comment
