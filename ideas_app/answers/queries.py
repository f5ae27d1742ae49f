"""Reads of answers: one by its subject, the public ledger, the official's inbox, the on-time rate.

Must not change anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased, selectinload

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers.models import Answer, Decision, Promise, PromiseStatus
from ideas_app.answers.rules import (
    OnTimeRate,
    Standing,
    Timing,
    days_left,
    median_of,
    rate_of,
    standing_of,
    timing_of,
)
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.core.workdays import working_days_between
from ideas_app.ideas.models import Family, Idea, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Select

GONE = (State.WITHDRAWN, State.HIDDEN, State.REJECTED)
"""Ideas that nobody has to answer any more."""
_LAST_DAY = func.coalesce(Answer.extended_to, Answer.due_on)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer with what a list shows beside it. `idea` is the idea itself, or the family's first
    member that is listed.
    """

    answer: Answer
    title: str
    idea: Idea
    field: Field
    campaign: Campaign
    supports: int
    timing: Timing
    days_left: int
    """Working days until it is due; below 0 when that is past; of a published answer, as it was when
    it was published.
    """
    is_family: bool

    @property
    def last_on(self) -> date:
        """The day on which it is due, the extension included."""
        return self.answer.extended_to or self.answer.due_on


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the public ledger says at its head."""

    rate: OnTimeRate
    median_days: int | None
    """Working days from receipt to answer: the middle of all answers, the lower of two."""
    promises: dict[Standing, int]

    @property
    def promised(self) -> int:
        """All promises."""
        return sum(self.promises.values())


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
    query = query.order_by(
        Answer.answered_at.is_(None), Answer.answered_at.desc(), Answer.id.desc()
    )
    return session().scalars(query.limit(1)).one_or_none()


def list_running_of_members(family_id: int) -> list[Answer]:
    """Unpublished answers to single members of a family, the earliest due first."""
    members = select(Idea.id).where(Idea.family_id == family_id)
    query = select(Answer).where(Answer.idea_id.in_(members), Answer.answered_at.is_(None))
    found = query.order_by(_LAST_DAY, Answer.id).options(selectinload(Answer.promises))
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


def _rows_query() -> Select[Answer, Idea, Field, Campaign, Family]:
    mate = aliased(Idea)
    of_family = (
        select(func.min(mate.id)).where(mate.family_id == Answer.family_id).correlate(Answer)
    )
    listed = of_family.where(mate.is_listed).scalar_subquery()
    member = func.coalesce(Answer.idea_id, listed, of_family.scalar_subquery())
    return (
        select(Answer, Idea, Field, Campaign, Family)
        .select_from(Answer)
        .join(Idea, Idea.id == member)
        .join(Field, Field.id == Idea.field_id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(Family, Family.id == Answer.family_id)
        .options(selectinload(Answer.promises))
    )


def _row(
    answer: Answer, idea: Idea, field: Field, campaign: Campaign, family: Family | None
) -> AnswerRow:
    return AnswerRow(
        answer=answer,
        title=family.title if family else idea.title,
        idea=idea,
        field=field,
        campaign=campaign,
        supports=family.supports_count if family else idea.supports_count,
        timing=timing(answer),
        days_left=days_to_spare(answer),
        is_family=family is not None,
    )


def get_row(answer_id: int) -> AnswerRow:
    """An answer with its subject. Raises `NotFound`."""
    found = session().execute(_rows_query().where(Answer.id == answer_id)).one_or_none()
    if found is None:
        raise NotFound("no_answer", _l("There is no such answer."))
    return _row(*found)


def list_public(
    *,
    decision: Decision | None = None,
    campaign: str | None = None,
    field: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page[AnswerRow]:
    """Published answers, newest first; not those to ideas that the centre has hidden since."""
    query = _rows_query().where(
        Answer.answered_at.is_not(None), or_(Idea.is_listed, Idea.state == State.WITHDRAWN)
    )
    if decision:
        query = query.where(Answer.decision == decision)
    if campaign:
        query = query.where(Campaign.slug == campaign)
    if field:
        query = query.where(Field.key == field)
    key = decode_cursor(after, str, int)
    if key:
        query = query.where(_older_than(str(key[0]), int(key[1])))
    ordered = query.order_by(Answer.answered_at.desc(), Answer.id.desc())
    rows = [_row(*row) for row in session().execute(ordered.limit(limit + 1))]
    more = None
    if len(rows) > limit:
        last = rows[limit - 1].answer
        more = encode_cursor(last.answered_at.isoformat() if last.answered_at else "", last.id)
    return Page(rows[:limit], more)


def _older_than(stamp: str, answer_id: int) -> ColumnElement[bool]:
    """The rows behind a cursor; a spoilt cursor starts the list anew."""
    try:
        instant = datetime.fromisoformat(stamp)
    except ValueError:
        return true()
    if instant.tzinfo is None:
        return true()
    same = and_(Answer.answered_at == instant, Answer.id < answer_id)
    return or_(Answer.answered_at < instant, same)


def list_inbox() -> list[AnswerRow]:
    """Answers still owed, the earliest due first."""
    found = session().execute(
        _rows_query()
        .where(Answer.answered_at.is_(None))
        .where(or_(Answer.family_id.is_not(None), Idea.state.not_in(GONE)))
        .order_by(_LAST_DAY, Answer.id)
    )
    return [_row(*row) for row in found]


def list_promises_due() -> list[tuple[Promise, AnswerRow]]:
    """Open promises whose day has come or passed: the official owes a word on each."""
    due = func.coalesce(Promise.moved_to, Promise.due_on)
    owed = (
        session()
        .scalars(
            select(Promise)
            .where(Promise.status.in_((PromiseStatus.OPEN, PromiseStatus.MOVED)))
            .where(due <= clock.today())
            .order_by(due, Promise.id)
        )
        .all()
    )
    if not owed:
        return []
    wanted = {promise.answer_id for promise in owed}
    found = session().execute(_rows_query().where(Answer.id.in_(wanted)))
    rows = {row[0].id: _row(*row) for row in found}
    return [(promise, rows[promise.answer_id]) for promise in owed if promise.answer_id in rows]


def count_owed() -> int:
    """Answers that wait to be written: the number in the official's bar."""
    query = (
        select(func.count(Answer.id))
        .outerjoin(Idea, Idea.id == Answer.idea_id)
        .where(Answer.answered_at.is_(None))
        .where(or_(Answer.family_id.is_not(None), Idea.state.not_in(GONE)))
    )
    return session().scalar(query) or 0


def on_time_rate(campaign_id: int | None = None) -> OnTimeRate:
    """How many answers came in their time, of those due, over all campaigns or one."""
    return _rate_and_days(campaign_id)[0]


def _rate_and_days(campaign_id: int | None = None) -> tuple[OnTimeRate, list[int]]:
    query = (
        select(Answer.received_on, Answer.due_on, Answer.extended_to, Answer.answered_at)
        .outerjoin(Idea, Idea.id == Answer.idea_id)
        .outerjoin(Family, Family.id == Answer.family_id)
        .where(
            or_(
                Answer.answered_at.is_not(None),
                Answer.family_id.is_not(None),
                Idea.state.not_in(GONE),
            )
        )
    )
    if campaign_id is not None:
        query = query.where(func.coalesce(Idea.campaign_id, Family.campaign_id) == campaign_id)
    today = clock.today()
    timings, days = [], []
    for received_on, due, extended_to, answered_at in session().execute(query):
        answered = clock.local_date(answered_at) if answered_at else None
        timings.append(
            timing_of(due_on=due, extended_to=extended_to, answered_on=answered, today=today)
        )
        if answered:
            days.append(working_days_between(received_on, answered, is_day_off))
    return rate_of(timings), days


def count_promises() -> dict[Standing, int]:
    """How many promises stand how today, in one statement: the rule of `rules.standing_of`."""
    due = func.coalesce(Promise.moved_to, Promise.due_on)
    is_past = case((due < clock.today(), 1), else_=0).label("is_past")
    counts = dict.fromkeys(Standing, 0)
    found = session().execute(
        select(Promise.status, is_past, func.count(Promise.id)).group_by(Promise.status, is_past)
    )
    for status, past, number in found:
        counts[_standing_of_group(status, is_past=bool(past))] += number
    return counts


def _standing_of_group(status: PromiseStatus, *, is_past: bool) -> Standing:
    today = clock.today()
    day = today - timedelta(days=is_past)
    return standing_of(status, due_on=day, moved_to=day, today=today)


def read_ledger() -> Ledger:
    """The head of the public ledger. Two statements."""
    rate, days = _rate_and_days()
    return Ledger(rate=rate, median_days=median_of(days), promises=count_promises())
