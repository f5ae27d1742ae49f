"""Opening the clock of an answer, handing it over, stopping it, extending it once.

Must not know how shortlists are computed; `answers` stands above `shortlists` and opens a clock for
each entry of a published one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers import policy, queries
from ideas_app.answers.events import AnswerExtended
from ideas_app.answers.models import Answer
from ideas_app.answers.rules import due_on, extension_fault
from ideas_app.answers.service.drafts import give_draft
from ideas_app.answers.service.states import mark_answered
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.queries import get_by_id
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Invalid
from ideas_app.ideas.models import Family, Idea
from ideas_app.shortlists import queries as shortlists

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round, RoundEntry


def open_answer(actor: Actor, subject: Idea | Family, received_on: date) -> Answer:
    """Starts the clock of an idea or a family: due so many Korean working days after `received_on` as
    its campaign's rules say.

    Opening twice gives the answer that is there, its clock unchanged. An idea within a family is
    answered with the family. A family takes over the earliest clock that runs for one of its members:
    joining ideas puts no answer off.
    """
    policy.may_open(actor).require()
    if isinstance(subject, Idea) and subject.family_id is not None:
        subject = session().get_one(Family, subject.family_id)
    # two events about one subject must not both find nothing
    session().execute(
        select(type(subject).id).where(type(subject).id == subject.id).with_for_update()
    )
    existing = queries.find_of_subject(subject)
    if existing is not None:
        return existing
    if isinstance(subject, Family):
        running = queries.list_running_of_members(subject.id)
        if running:
            return _hand_over(running, subject)
    days = rules_of(get_by_id(subject.campaign_id)).answer_days
    answer = Answer(
        idea_id=subject.id if isinstance(subject, Idea) else None,
        family_id=subject.id if isinstance(subject, Family) else None,
        received_on=received_on,
        due_on=due_on(received_on, days, is_day_off),
        promises=[],
    )
    session().add(answer)
    session().flush()
    return answer


def close_answer(actor: Actor, idea: Idea) -> bool:
    """Stops a clock that runs for an idea, or its family, without cause; whether there was one.

    What the city has begun to write stays, and so does the clock of a family of which another member is
    still owed an answer.
    """
    policy.may_open(actor).require()
    subject = idea if idea.family_id is None else session().get_one(Family, idea.family_id)
    owed = select(Idea.id).where(
        Idea.family_id == idea.family_id, Idea.answer_due_latched_at.is_not(None)
    )
    if idea.family_id is not None and session().scalar(owed.limit(1)) is not None:
        return False
    answer = queries.find_of_subject(subject)
    if answer is None or answer.answered_at is not None or answer.written_by is not None:
        return False
    if queries.find_work(answer.id).draft is not None:
        return False
    session().delete(answer)
    session().flush()
    return True


def _hand_over(running: list[Answer], family: Family) -> Answer:
    first, *others = running
    for answer in others:
        give_draft(answer, first)
        session().delete(answer)
    first.idea_id = None
    first.family_id = family.id
    session().flush()
    return first


def give_clocks_back(actor: Actor, family: Family, idea_ids: Iterable[int]) -> list[Answer]:
    """Ideas that left a family, or whose family was split, have the clocks that are their own.

    Each that had earned an answer with its own supports is owed one from the day on which it had,
    with the family's extension where the family's clock was that one. A split family is owed none.
    """
    policy.may_open(actor).require()
    session().refresh(family, with_for_update=True)
    of_family = queries.find_of_subject(family)
    opened = []
    for idea_id in idea_ids:
        idea = session().get_one(Idea, idea_id)
        if idea.family_id is not None or idea.answer_earned_at is None:
            continue
        answer = open_answer(actor, idea, clock.local_date(idea.answer_earned_at))
        if of_family and of_family.received_on == answer.received_on and not answer.extended_to:
            answer.extended_to = of_family.extended_to
            answer.extension_reason = of_family.extension_reason
        opened.append(answer)
    if family.split_at is not None and of_family and of_family.answered_at is None:
        for answer in opened:
            give_draft(of_family, answer)
        session().delete(of_family)
    session().flush()
    return opened


def open_answers(actor: Actor, round_: Round) -> list[Answer]:
    """Opens an answer for each elected entry of a published round, counted from the day of its
    publication. Where the city has answered already, the ideas stand as answered at once.
    """
    received_on = clock.local_date(round_.published_at or clock.now())
    answers = [
        open_answer(actor, _subject_of(entry), received_on)
        for entry in shortlists.list_elected(round_)
    ]
    for answer in answers:
        if answer.answered_at is not None:
            mark_answered(answer)
    return answers


def _subject_of(entry: RoundEntry) -> Idea | Family:
    if entry.idea_id is not None:
        return session().get_one(Idea, entry.idea_id)
    return session().get_one(Family, entry.family_id)


def extend(actor: Actor, answer: Answer, to: date, reason: str) -> Answer:
    """Moves the due day once, with a reason that everybody reads.

    Raises `Refused` the second time, `Invalid` for a day that is not later or a missing reason.
    """
    session().refresh(answer, with_for_update=True)
    policy.may_extend(actor, answer).require()
    fault = extension_fault(to=to, due_on=answer.due_on, today=clock.today())
    if fault:
        raise Invalid(fault)
    answer.extended_to = to
    answer.extension_reason = text.normalise(reason)
    diff = {"due_on": [answer.due_on.isoformat(), to.isoformat()]}
    tag = Tag.ANSWER_EXTENDED
    audit.record(actor, tag, "answer", answer.id, reason=answer.extension_reason, diff=diff)
    outbox.publish(AnswerExtended(answer.id))
    return answer
