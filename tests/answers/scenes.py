"""Short words for what tests of answers do again and again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ideas_app.answers import queries, service
from ideas_app.answers.models import Decision
from ideas_app.answers.rules import AnswerContent, PromiseContent
from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Family, Idea, State
from tests.factories import make_campaign, make_idea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.answers.models import AnswerWork
    from ideas_app.campaigns.models import Campaign
    from tests.people import Actor, Cast

RECEIVED = date(2026, 3, 2)
DUE = date(2026, 3, 20)
"""Fourteen working days later: 3. 2. itself is a holiday, and no other day is."""


def answering(slug: str = "ideas-2026") -> Campaign:
    """A campaign in which the city answers."""
    return make_campaign(slug, PhaseKind.ANSWERING)


def owed(cast: Cast, campaign: Campaign, *, title: str | None = None) -> int:
    """The id of an answer that is owed to a shortlisted idea of Mina's."""
    idea = make_idea(cast.mina, campaign, title=title, state=State.SHORTLISTED)
    return open_for(cast, idea)


def open_for(cast: Cast, subject: Idea | Family) -> int:
    """The id of an answer whose clock runs since `RECEIVED`."""
    with transaction():
        found = session().get_one(type(subject), subject.id)
        return service.open_answer(cast.sora, found, RECEIVED).id


def content(*promises: tuple[str, date], **more: Any) -> AnswerContent:
    """A whole answer; with promises it is adopted, without it is refused."""
    values: dict[str, Any] = {
        "decision": Decision.ADOPTED if promises else Decision.HARD,
        "reason": "예산을 **확보**했습니다.",
        "department": "교통행정과",
        "post": "버스정책계장",
        "headline": "막차를 늦추겠습니다.",
        "promises": tuple(PromiseContent(text, day) for text, day in promises),
        **more,
    }
    return AnswerContent(**values)


def answer(cast: Cast, answer_id: int, *promises: tuple[str, date], **more: Any) -> None:
    """Hyun publishes or changes an answer."""
    with transaction():
        service.write_answer(cast.hyun, queries.get_answer(answer_id), content(*promises, **more))


def answered(
    cast: Cast, campaign: Campaign, promises: Sequence[tuple[str, date]] = (), **more: Any
) -> int:
    """The id of a published answer."""
    answer_id = owed(cast, campaign)
    answer(cast, answer_id, *promises, **more)
    return answer_id


def in_days(days: int) -> date:
    """A day from today on."""
    return clock.today() + timedelta(days=days)


def draft(who: Actor, answer_id: int, *, version: int | None = None, **more: Any) -> AnswerWork:
    """Somebody saves a draft; how the answer stands at the desk then."""
    with transaction():
        answer = queries.get_answer(answer_id)
        service.save_draft(who, answer, content(**more), version=version)
    return queries.find_work(answer_id)


def ask(who: Actor, answer_id: int, *, of: int | None = None) -> None:
    """Somebody asks for a second pair of eyes."""
    with transaction():
        service.ask_review(who, queries.get_answer(answer_id), of=of)


def approve(who: Actor, answer_id: int) -> None:
    """Somebody approves the draft as it stands."""
    version = queries.find_work(answer_id).version
    with transaction():
        service.approve(who, queries.get_answer(answer_id), version=version)


def publish(who: Actor, answer_id: int, **more: Any) -> None:
    """Somebody publishes the draft, changed first where that is said."""
    if more:
        draft(who, answer_id, **more)
    with transaction():
        service.publish(who, queries.get_answer(answer_id))
