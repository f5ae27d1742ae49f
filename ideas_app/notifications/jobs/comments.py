"""Discussions: an idea's author hears of comments, a commenter of replies and of what moderators decide."""

from __future__ import annotations

from ideas_app.accounts import queries as accounts
from ideas_app.comments import queries as comments
from ideas_app.comments.events import CommentHidden, CommentRestored, CommentWritten
from ideas_app.core.outbox import handles
from ideas_app.ideas import queries as ideas
from ideas_app.notifications import queries, service
from ideas_app.notifications.jobs.frame import stamp
from ideas_app.notifications.rules import Why


@handles(CommentWritten)
def tell_comment(event: CommentWritten) -> None:
    """The idea's author, and whoever is replied to, hear of a comment that is not their own."""
    comment = comments.get_comment(event.comment_id)
    if not comments.is_visible(comment):
        return  # taken back or hidden before anybody was told
    idea = ideas.get_idea(comment.idea_id)
    parent = comments.find_comment(comment.parent_id)
    ties = {
        Why.AUTHOR: queries.authors_of([idea]),
        Why.WRITER: {parent.author_id: idea} if parent else {},
    }
    name = accounts.nicknames_of([comment.author_id]).get(comment.author_id, "")
    service.tell(
        "comment", comment.id, ties, doers=[comment.author_id], name=name, comment_id=comment.id
    )


@handles(CommentHidden)
def tell_comment_hidden(event: CommentHidden) -> None:
    """The comment's author hears why."""
    _tell_writer(event.comment_id, "comment_hidden")


@handles(CommentRestored)
def tell_comment_restored(event: CommentRestored) -> None:
    """The comment's author hears that it stands again."""
    _tell_writer(event.comment_id, "comment_restored")


def _tell_writer(comment_id: int, happening: str) -> None:
    comment = comments.get_comment(comment_id)
    ties = {Why.WRITER: {comment.author_id: ideas.get_idea(comment.idea_id)}}
    once = f"{comment.id}:{stamp(comment.hidden_at)}"
    reason = comment.hidden_reason
    service.tell(happening, once, ties, reason=reason, comment_id=comment.id)
