"""One answer, found by its subject; how it and its promises stand today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers.models import Answer, Promise
from ideas_app.answers.rules import (
    Standing,
    Timing,
    days_left,
    standing_of,
    timing_of,
)
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


BEST_FIRST = (Answer.answered_at.is_(None), Answer.answered_at.desc(), Answer.id.desc())
"""Which of an idea's and its family's answer is shown: a published one, the newest."""


def get_answer(answer_id: int) -> Answer:
    """An answer with its promises. Raises `NotFound`."""
    answer = session().scalar(
        select(Answer).where(Answer.id == answer_id).options(selectinload(Answer.promises))
    )
    if answer is None:
        raise NotFound("no_answer", _l("There is no such answer."))
    return answer


def get_promise(promise_id: int) -> Promise:
    """A promise. Raises `NotFound`."""
    promise = session().get(Promise, promise_id)
    if promise is None:
        raise NotFound("no_promise", _l("There is no such promise."))
    return promise


def find_of_subject(subject: Idea | Family) -> Answer | None:
    """The answer, published or not, to an idea or a family itself."""
    column = Answer.idea_id if isinstance(subject, Idea) else Answer.family_id
    return session().scalar(
        select(Answer).where(column == subject.id).options(selectinload(Answer.promises))
    )


def find_of_idea(idea: Idea, *, published: bool = True) -> Answer | None:
    """The answer that an idea's page shows: its own, or its family's; a published one first, the
    newest of them. One statement and one for promises.
    """
    subject: ColumnElement[bool] = Answer.idea_id == idea.id
    if idea.family_id is not None:
        subject = or_(subject, Answer.family_id == idea.family_id)
    query = select(Answer).where(subject).options(selectinload(Answer.promises))
    if published:
        query = query.where(Answer.answered_at.is_not(None))
    return session().scalars(query.order_by(*BEST_FIRST).limit(1)).one_or_none()


def list_running_of_members(family_id: int) -> list[Answer]:
    """Unpublished answers to single members of a family, the earliest due first."""
    members = select(Idea.id).where(Idea.family_id == family_id)
    query = select(Answer).where(Answer.idea_id.in_(members), Answer.answered_at.is_(None))
    found = query.order_by(func.coalesce(Answer.extended_to, Answer.due_on), Answer.id).options(
        selectinload(Answer.promises)
    )
    return list(session().scalars(found))


def list_promises(answer_id: int) -> Sequence[Promise]:
    """The promises of an answer by date."""
    query = select(Promise).where(Promise.answer_id == answer_id)
    return session().scalars(query.order_by(Promise.due_on, Promise.id)).all()


def list_ideas_of(answer: Answer) -> Sequence[Idea]:
    """The idea, or the members of the family, that an answer is about."""
    subject = Idea.id == answer.idea_id if answer.idea_id else Idea.family_id == answer.family_id
    return session().scalars(select(Idea).where(subject).order_by(Idea.id)).all()


def standing(promise: Promise) -> Standing:
    """How a promise reads today."""
    return standing_of(
        promise.status, due_on=promise.due_on, moved_to=promise.moved_to, today=clock.today()
    )


def timing(answer: Answer) -> Timing:
    """How an answer stands to its clock today."""
    return timing_of(
        due_on=answer.due_on,
        extended_to=answer.extended_to,
        answered_on=answered_on(answer),
        today=clock.today(),
    )


def answered_on(answer: Answer) -> date | None:
    """The local day of publication."""
    return clock.local_date(answer.answered_at) if answer.answered_at else None


def days_to_spare(answer: Answer) -> int:
    """Working days between publication, or today, and the due day; below 0 when it came late."""
    last = answer.extended_to or answer.due_on
    return days_left(answered_on(answer) or clock.today(), last, is_day_off)
