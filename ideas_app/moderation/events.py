"""What happened at the desk, for those who tell people about it. Ids only.

Hidden and restored comments are told by `comments`, where the verb stands; their events are named
here too, so that whoever listens to the desk finds all of it in one place.
"""

from __future__ import annotations

from dataclasses import dataclass

from ideas_app.comments.events import CommentHidden, CommentRestored

__all__ = [
    "AppealFiled",
    "AppealSettled",
    "CommentHidden",
    "CommentRestored",
    "FamilyFormed",
    "FamilySplit",
    "IdeaFixed",
    "IdeaHidden",
    "IdeaJoinedFamily",
    "IdeaLeftFamily",
    "IdeaPublished",
    "IdeaRejected",
    "IdeaRestored",
    "IdeaReturned",
    "NoteWritten",
    "ObjectionFiled",
    "ObjectionSettled",
]


@dataclass(frozen=True, slots=True)
class IdeaPublished:
    """A moderator let an idea onto the list."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaReturned:
    """A moderator asked the author to mend an idea."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaRejected:
    """A moderator did not publish an idea; the author may appeal once."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaHidden:
    """A moderator hid an idea."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaRestored:
    """A hidden idea stands again where it stood."""

    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaFixed:
    """A moderator mended typing errors in somebody else's idea: its new version."""

    idea_id: int
    version: int


@dataclass(frozen=True, slots=True)
class NoteWritten:
    """A moderator left a note; the colleagues whom it names are told."""

    note_id: int


@dataclass(frozen=True, slots=True)
class AppealFiled:
    """An author asked for a second look at a rejection."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class AppealSettled:
    """Another moderator looked again; an overturned rejection publishes the idea."""

    appeal_id: int


@dataclass(frozen=True, slots=True)
class FamilyFormed:
    """Ideas were joined; their authors may object for some days."""

    family_id: int


@dataclass(frozen=True, slots=True)
class IdeaJoinedFamily:
    """An idea was added to a family that stood already; its author may object for some days."""

    family_id: int
    idea_id: int


@dataclass(frozen=True, slots=True)
class IdeaLeftFamily:
    """An idea was taken out of a family; the others stay joined."""

    family_id: int
    idea_id: int


@dataclass(frozen=True, slots=True)
class ObjectionFiled:
    """An author objected to a family that their idea was joined into."""

    objection_id: int


@dataclass(frozen=True, slots=True)
class ObjectionSettled:
    """A second moderator decided about an author's objection to a family."""

    objection_id: int


@dataclass(frozen=True, slots=True)
class FamilySplit:
    """A family was taken apart; its members stand alone again."""

    family_id: int
