"""What happened in discussions, as ids. Must not carry objects or texts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentWritten:
    """Somebody wrote a comment or a reply."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentHidden:
    """A moderator hid a comment; its author is told the reason."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentRestored:
    """A hidden comment stands again."""

    comment_id: int
