"""What a message says: made when it is sent, of what a visitor without an account can read at that moment.

Ids, titles and public words only; never a number of votes, never a person. What is no longer public, or not
yet, has no message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.answers import queries as answers
from ideas_app.campaigns import queries as campaigns
from ideas_app.core.errors import NotFound
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.moderation import queries as moderation
from ideas_app.shortlists import queries as shortlists
from ideas_app.shortlists.models import RoundState
from ideas_app.web.email import link
from ideas_app.webhooks.rules import VERSION, Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from ideas_app.webhooks.models import Delivery

Facts = dict[str, Any]


def body_of(delivery: Delivery) -> Facts | None:
    """The message as plain JSON, or None where what it is about is not public now."""
    event = Event(delivery.event)
    tell: Callable[..., Facts | None] = _TELL[event]
    try:
        data = tell(**delivery.subject)
    except NotFound:
        return None
    if data is None:
        return None
    return {
        "type": event.value,
        "version": VERSION,
        "timestamp": _stamp(delivery.happened_at),
        "data": data,
    }


def _stamp(instant: datetime | None) -> str | None:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _slug(campaign_id: int) -> str:
    return campaigns.get_by_id(campaign_id).slug


def _listed(found: Iterable[Idea]) -> list[int]:
    return sorted(idea.id for idea in found if idea.is_listed)


def _tell_test() -> Facts:
    return {"message": "It works."}


def _tell_idea(idea_id: int) -> Facts | None:
    idea = ideas.get_idea(idea_id)
    if not idea.is_listed:
        return None
    return {
        "id": idea.id,
        "campaign": _slug(idea.campaign_id),
        "title": idea.title,
        "url": link("pages.idea", idea_id=idea.id),
    }


def _members(family_id: int) -> list[int]:
    view = moderation.view_family(family_id)
    return _listed(member.idea for member in view.members)


def _tell_family(family_id: int) -> Facts | None:
    family = moderation.get_family(family_id)
    members = _members(family_id)
    if family.split_at is not None or not members:
        return None
    return {
        "id": family.id,
        "campaign": _slug(family.campaign_id),
        "title": family.title,
        "ideas": members,
    }


def _tell_split(family_id: int) -> Facts | None:
    family = moderation.get_family(family_id)
    members = _members(family_id)
    if family.split_at is None or not members:
        return None
    return {"id": family.id, "campaign": _slug(family.campaign_id), "ideas": members}


def _tell_shortlist(round_id: int) -> Facts | None:
    round_ = shortlists.get_round(round_id)
    if round_.state is not RoundState.PUBLISHED:
        return None
    elected = shortlists.list_ideas_of(shortlists.list_elected(round_))
    return {
        "id": round_.id,
        "campaign": _slug(round_.campaign_id),
        "ideas": _listed(elected),
        "url": link("shortlists.show", round_id=round_.id),
    }


def _answer_facts(answer_id: int) -> Facts | None:
    """What is public of an answer, given or owed; None while its subject is hidden."""
    row = answers.get_row(answer_id)
    if not (row.idea.is_listed or row.idea.state is State.WITHDRAWN):
        return None
    answer = row.answer
    return {
        "id": answer.id,
        "campaign": row.campaign.slug,
        "title": row.title,
        "ideas": _listed(answers.list_ideas_of(answer)),
        "due_on": _day(answer.extended_to or answer.due_on),
        "url": link("pages.idea", idea_id=row.idea.id),
    }


def _tell_answer(answer_id: int) -> Facts | None:
    answer = answers.get_answer(answer_id)
    facts = _answer_facts(answer_id)
    if facts is None or answer.answered_at is None:
        return None
    return facts | {
        "decision": answer.decision.value if answer.decision else None,
        "headline": answer.headline,
        "department": answer.department,
        "answered_at": _stamp(answer.answered_at),
    }


def _tell_extension(answer_id: int) -> Facts | None:
    answer = answers.get_answer(answer_id)
    facts = _answer_facts(answer_id)
    if facts is None or answer.extended_to is None:
        return None
    return facts | {"reason": answer.extension_reason}


def _tell_promise(promise_id: int) -> Facts | None:
    promise = answers.get_promise(promise_id)
    answer = _tell_answer(promise.answer_id)
    if answer is None:
        return None
    return {
        "id": promise.id,
        "answer": answer["id"],
        "campaign": answer["campaign"],
        "text": promise.text,
        "due_on": _day(promise.moved_to or promise.due_on),
        "standing": answers.standing(promise).value,
        "url": answer["url"],
    }


def _tell_phase(campaign_id: int, phase: str, before: str) -> Facts:
    campaign = campaigns.get_by_id(campaign_id)
    return {
        "campaign": campaign.slug,
        "title": campaign.title,
        "title_en": campaign.title_en,
        "phase": phase or None,
        "before": before or None,
        "url": link("campaigns.show", slug=campaign.slug),
    }


_TELL: dict[Event, Callable[..., Facts | None]] = {
    Event.IDEA_PUBLISHED: _tell_idea,
    Event.FAMILY_FORMED: _tell_family,
    Event.FAMILY_SPLIT: _tell_split,
    Event.SHORTLIST_PUBLISHED: _tell_shortlist,
    Event.ANSWER_PUBLISHED: _tell_answer,
    Event.ANSWER_CHANGED: _tell_answer,
    Event.ANSWER_EXTENDED: _tell_extension,
    Event.PROMISE_DONE: _tell_promise,
    Event.PROMISE_CHANGED: _tell_promise,
    Event.PROMISE_SILENT: _tell_promise,
    Event.CAMPAIGN_PHASE: _tell_phase,
    Event.TEST: _tell_test,
}
