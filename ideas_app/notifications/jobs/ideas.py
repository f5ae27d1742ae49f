"""An idea's life: authors hear of each decision, whoever is interested of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.core.outbox import handles
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.events import IdeaEdited, IdeaSubmitted, IdeaWithdrawn
from ideas_app.moderation import queries as moderation
from ideas_app.moderation.events import (
    AppealSettled,
    IdeaFixed,
    IdeaHidden,
    IdeaPublished,
    IdeaRejected,
    IdeaRestored,
    IdeaReturned,
)
from ideas_app.notifications import queries, service
from ideas_app.notifications.jobs.frame import stamp
from ideas_app.notifications.rules import Why

if TYPE_CHECKING:
    from ideas_app.ideas.models import Idea


def _tell_author(idea: Idea, happening: str, once: object, **values: Any) -> None:
    ties = {Why.AUTHOR: queries.authors_of([idea])}
    service.tell(happening, f"{idea.id}:{once}", ties, **values)


@handles(IdeaSubmitted)
def tell_submitted(event: IdeaSubmitted) -> None:
    """The author has the receipt."""
    idea = ideas.get_idea(event.idea_id)
    _tell_author(idea, "submitted", idea.version)


@handles(IdeaEdited)
def tell_edited(event: IdeaEdited) -> None:
    """A new version: whoever is interested may look at what is different."""
    _tell_interested(event.idea_id, "edited", f"{event.idea_id}:{event.version}")


@handles(IdeaWithdrawn)
def tell_withdrawn(event: IdeaWithdrawn) -> None:
    """The author took it back."""
    _tell_interested(event.idea_id, "withdrawn", event.idea_id)


def _tell_interested(idea_id: int, happening: str, once: object) -> None:
    idea = ideas.get_idea(idea_id)
    service.tell(happening, once, queries.interested_in([idea]), doers=[idea.author_id])


@handles(IdeaPublished)
def tell_published(event: IdeaPublished) -> None:
    """The author's idea is on the list."""
    idea = ideas.get_idea(event.idea_id)
    _tell_author(idea, "published", stamp(idea.published_at))


@handles(IdeaReturned)
def tell_returned(event: IdeaReturned) -> None:
    """The author is asked to mend it."""
    _tell_decided(event.idea_id, "returned")


@handles(IdeaRejected)
def tell_rejected(event: IdeaRejected) -> None:
    """The author hears the code, the reason and how to appeal."""
    _tell_decided(event.idea_id, "rejected")


@handles(IdeaHidden)
def tell_hidden(event: IdeaHidden) -> None:
    """The author hears why."""
    _tell_decided(event.idea_id, "hidden")


def _tell_decided(idea_id: int, happening: str) -> None:
    idea = ideas.get_idea(idea_id)
    code = idea.code.value if idea.code else None
    _tell_author(idea, happening, stamp(idea.decided_at), code=code, reason=idea.state_reason)


@handles(IdeaRestored)
def tell_restored(event: IdeaRestored) -> None:
    """The author hears that it stands again."""
    idea = ideas.get_idea(event.idea_id)
    # `decided_at` is again what it was before the hiding: count the notices of hidings instead
    hidden = queries.count_of_kind(idea.author_id, "hidden", idea.id)
    _tell_author(idea, "restored", hidden)


@handles(IdeaFixed)
def tell_fixed(event: IdeaFixed) -> None:
    """The author sees what was mended: the notice leads to the versions with their differences."""
    _tell_author(ideas.get_idea(event.idea_id), "fixed", event.version)


@handles(AppealSettled)
def tell_appeal(event: AppealSettled) -> None:
    """The author hears the outcome of the appeal."""
    appeal = moderation.get_appeal(event.appeal_id)
    happening = "appeal_overturned" if appeal.outcome == "overturned" else "appeal_upheld"
    idea = ideas.get_idea(appeal.idea_id)
    _tell_author(idea, happening, appeal.id, reason=appeal.outcome_reason)
