"""Promises: the public ledger of them, the officials' list, their trails and pictures. Must not change anything."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import contains_eager, undefer

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers.models import (
    Answer,
    AnswerWork,
    Promise,
    PromisePicture,
    PromiseStatus,
    PromiseStep,
)
from ideas_app.answers.queries.filters import (
    DEPARTMENT,
    EVERYTHING,
    LedgerFilter,
    narrow,
    promised_day,
    stands,
)
from ideas_app.answers.queries.one import BEST_FIRST, standing
from ideas_app.answers.queries.rows import IS_PUBLIC, joined, public_ids
from ideas_app.answers.rules import Standing, days_left
from ideas_app.answers.rules.promises import PictureLine, StepLine, percent_of, silent_days
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Select

_OPEN = (PromiseStatus.OPEN, PromiseStatus.MOVED)
DESK_MOST = 100
"""Promises on the officials' page at once: the most urgent."""


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise with what a list shows beside it."""

    promise: Promise
    answer: Answer
    idea: Idea
    field: Field
    campaign: Campaign
    title: str
    """Of the idea or the family."""
    trail: list[StepLine]

    @property
    def day(self) -> date:
        """The day for which it is promised now."""
        return self.promise.moved_to or self.promise.due_on

    @property
    def standing(self) -> Standing:
        """How it reads today."""
        return standing(self.promise)

    @property
    def department(self) -> str:
        """Who keeps it."""
        return self.promise.department or self.answer.department

    @property
    def days_left(self) -> int:
        """Working days until its day; below 0 when that is past."""
        return days_left(clock.today(), self.day, is_day_off)

    @property
    def percent(self) -> int | None:
        """How much is done by the newest step; None where none was reported."""
        return percent_of(self.trail)

    @property
    def last_step(self) -> int:
        """The id of the newest entry of its trail; 0 without one."""
        return self.trail[-1].id if self.trail else 0


def days_silent(promise: Promise) -> int:
    """Working days since the promised day passed."""
    return silent_days(promise.moved_to or promise.due_on, clock.today(), is_day_off)


def trails_of(promise_ids: Iterable[int]) -> dict[int, list[StepLine]]:
    """The trails of some promises, oldest entry first, with their pictures. One statement, none without ids."""
    ids = sorted(set(promise_ids))
    if not ids:
        return defaultdict(list)
    query = (
        select(PromiseStep, PromisePicture)
        .outerjoin(PromisePicture, PromisePicture.step_id == PromiseStep.id)
        .where(PromiseStep.promise_id.in_(ids))
        .order_by(*_IN_ORDER)
    )
    return _trails((step, picture) for step, picture in session().execute(query))


_IN_ORDER = (PromiseStep.made_at, PromiseStep.id, PromisePicture.id)


def _trails(
    rows: Iterable[tuple[PromiseStep, PromisePicture | None]],
) -> dict[int, list[StepLine]]:
    pictures: dict[int, list[PictureLine]] = defaultdict(list)
    steps: dict[int, PromiseStep] = {}
    for step, picture in rows:
        steps[step.id] = step
        if picture is not None:
            pictures[step.id].append(_picture_line(picture))
    trails: dict[int, list[StepLine]] = defaultdict(list)
    for step in steps.values():
        trails[step.promise_id].append(_step_line(step, tuple(pictures[step.id])))
    return trails


def find_with_trails(idea: Idea) -> tuple[Answer | None, dict[int, list[StepLine]]]:
    """What `find_of_idea` finds, published or not, and `trails_of` its promises. One statement."""
    asked = {"idea_id": idea.id, "family_id": idea.family_id}
    rows = session().execute(_with_trails(), asked).unique().all()
    if not rows:
        return None, defaultdict(list)
    answer = rows[0][0]
    # at most two: the idea's own and its family's, the better one first
    steps = (
        (step, picture) for found, step, picture in rows if found is answer and step is not None
    )
    return answer, _trails(steps)


@cache
def _with_trails() -> Select[Answer, PromiseStep, PromisePicture]:
    """The statement of `find_with_trails`, put together once."""
    return (
        select(Answer, PromiseStep, PromisePicture)
        .outerjoin(Answer.promises)
        .outerjoin(PromiseStep, PromiseStep.promise_id == Promise.id)
        .outerjoin(PromisePicture, PromisePicture.step_id == PromiseStep.id)
        .where(
            or_(
                Answer.idea_id == bindparam("idea_id", type_=Integer),
                Answer.family_id == bindparam("family_id", type_=Integer),
            )
        )
        .order_by(*BEST_FIRST, Promise.due_on, Promise.id, *_IN_ORDER)
        .options(contains_eager(Answer.promises))
    )


def _step_line(step: PromiseStep, pictures: tuple[PictureLine, ...]) -> StepLine:
    return StepLine(
        id=step.id,
        kind=step.kind,
        text=step.text,
        percent=step.percent,
        promised_for=step.promised_for,
        moved_to=step.moved_to,
        made_at=step.made_at,
        pictures=pictures,
    )


def _picture_line(picture: PromisePicture) -> PictureLine:
    return PictureLine(
        id=picture.id,
        digest=picture.digest,
        alt=picture.alt,
        width=picture.width,
        height=picture.height,
        small_width=picture.small_width,
        small_height=picture.small_height,
    )


def get_step(step_id: int) -> PromiseStep:
    """An entry of a trail. Raises `NotFound`."""
    step = session().get(PromiseStep, step_id)
    if step is None:
        raise NotFound("no_step", _l("There is no such step."))
    return step


def get_picture(picture_id: int, mark: str, *, small: bool) -> tuple[PromisePicture, bool]:
    """A picture with its bytes in one size, and whether everybody may see it. One statement.

    Raises `NotFound`, also where `mark` is not its own: an address belongs to one content for ever.
    """
    is_public = Promise.answer_id.in_(public_ids())
    found = session().execute(
        select(PromisePicture, is_public)
        .join(PromiseStep, PromiseStep.id == PromisePicture.step_id)
        .join(Promise, Promise.id == PromiseStep.promise_id)
        .where(PromisePicture.id == picture_id)
        .options(undefer(PromisePicture.small if small else PromisePicture.image))
    )
    row = found.one_or_none()
    if row is None or row[0].digest[:12] != mark:
        raise NotFound("no_picture", _l("There is no such picture."))
    return row[0], bool(row[1])


# -- held for a change -----------------------------------------------------------------------------


def hold_promises(promise_ids: Iterable[int]) -> Sequence[Promise]:
    """Some promises as they are now; whoever else changes them waits. In one order, so that nobody waits
    for each other.
    """
    query = select(Promise).where(Promise.id.in_(sorted(set(promise_ids)))).order_by(Promise.id)
    found = session().scalars(query.with_for_update().execution_options(populate_existing=True))
    return found.all()


def last_steps_of(promise_ids: Iterable[int]) -> dict[int, int]:
    """The id of the newest entry of each trail; promises without one are left out."""
    query = (
        select(PromiseStep.promise_id, func.max(PromiseStep.id))
        .where(PromiseStep.promise_id.in_(sorted(promise_ids)))
        .group_by(PromiseStep.promise_id)
    )
    return dict(session().execute(query).all())


def hold_promises_to_mind(today: date) -> Sequence[Promise]:
    """Open promises of public answers whose day has come or passed and of which that was not told yet.

    Rows that another worker holds are left to it.
    """
    untold = or_(
        Promise.asked_for.is_(None),
        Promise.asked_for != promised_day,
        and_(
            promised_day < today,
            or_(Promise.silent_for.is_(None), Promise.silent_for != promised_day),
        ),
    )
    query = (
        select(Promise)
        .where(Promise.status.in_(_OPEN), promised_day <= today, untold)
        .where(Promise.answer_id.in_(public_ids()))
        .order_by(Promise.id)
    )
    return session().scalars(query.with_for_update(skip_locked=True)).all()


# -- lists -----------------------------------------------------------------------------------------


def _rows() -> Any:
    columns = (Promise, Answer, Idea, Field, Campaign, Family)
    return joined(select(*columns)).join(Promise, Promise.answer_id == Answer.id)


def _read(query: Any) -> list[PromiseRow]:
    found = session().execute(query).all()
    trails = trails_of(row[0].id for row in found)
    return [
        PromiseRow(
            promise=promise,
            answer=answer,
            idea=idea,
            field=field,
            campaign=campaign,
            title=family.title if family else idea.title,
            trail=trails.get(promise.id, []),
        )
        for promise, answer, idea, field, campaign, family in found
    ]


def list_public_promises(
    chosen: LedgerFilter = EVERYTHING, *, after: str | None = None, limit: int = 20
) -> Page[PromiseRow]:
    """Promises that everybody may read: first those whose day passed without a word, the longest silence
    first; then those to come, the next first; then what became of the others, the latest day first.

    Two statements, whatever the rows.
    """
    query = narrow(_rows().where(*IS_PUBLIC), chosen, DEPARTMENT)
    if chosen.standing:
        query = query.where(stands(chosen.standing))
    if chosen.year:
        query = query.where(
            promised_day >= date(chosen.year, 1, 1), promised_day <= date(chosen.year, 12, 31)
        )
    group = case((stands(Standing.SILENT), 0), (Promise.status.in_(_OPEN), 1), else_=2)
    key = decode_cursor(after, int, str, int)
    if key:
        query = query.where(_behind(group, int(key[0]), str(key[1]), int(key[2])))
    ordered = query.order_by(
        group,
        case((group < 2, promised_day)),
        case((group < 2, Promise.id)),
        promised_day.desc(),
        Promise.id.desc(),
    )
    rows = _read(ordered.limit(limit + 1))
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    place = {Standing.SILENT: 0, Standing.NEXT: 1, Standing.MOVED: 1}.get(last.standing, 2)
    return Page(rows[:limit], encode_cursor(place, last.day.isoformat(), last.promise.id))


def _behind(group: ColumnElement[int], place: int, day: str, promise_id: int) -> Any:
    """The rows behind a cursor; a spoilt cursor starts the list anew."""
    try:
        last = date.fromisoformat(day)
    except ValueError:
        return true()
    same = and_(promised_day == last, Promise.id < promise_id)
    further = or_(promised_day < last, same)
    if place < 2:
        further = or_(promised_day > last, and_(promised_day == last, Promise.id > promise_id))
    return or_(group > place, and_(group == place, further))


def list_promises_of_desk(
    *,
    until: date,
    since: date | None = None,
    of_account: int | None = None,
    departments: Sequence[str] = (),
    campaign: str | None = None,
) -> list[PromiseRow]:
    """Open promises whose day lies up to a day, the earliest first; of the answers that one official wrote or
    has in hand, of one department or one campaign. At most `DESK_MOST`. Two statements.
    """
    query = _rows().where(
        Answer.answered_at.is_not(None), Promise.status.in_(_OPEN), promised_day <= until
    )
    if since is not None:
        query = query.where(promised_day >= since)
    if of_account is not None:
        in_hand = select(AnswerWork.answer_id).where(AnswerWork.assignee_id == of_account)
        query = query.where(or_(Answer.written_by == of_account, Answer.id.in_(in_hand)))
    query = narrow(
        query, LedgerFilter(campaign=campaign, departments=tuple(departments)), DEPARTMENT
    )
    return _read(query.order_by(promised_day, Promise.id).limit(DESK_MOST))


def count_promises_due() -> int:
    """Open promises whose day has come or passed: the official owes a word on each."""
    query = select(func.count(Promise.id)).join(Answer, Answer.id == Promise.answer_id)
    due = (Answer.answered_at.is_not(None), Promise.status.in_(_OPEN))
    return session().scalar(query.where(*due, promised_day <= clock.today())) or 0


def list_promises_by_ids(promise_ids: Iterable[int]) -> list[PromiseRow]:
    """Some promises, the earliest first. Two statements."""
    ids = sorted(set(promise_ids))[:DESK_MOST]
    return _read(_rows().where(Promise.id.in_(ids)).order_by(promised_day, Promise.id))


def get_promise_row(promise_id: int) -> PromiseRow:
    """One promise with its answer and trail. Raises `NotFound`."""
    found = _read(_rows().where(Promise.id == promise_id))
    if not found:
        raise NotFound("no_promise", _l("There is no such promise."))
    return found[0]


def list_years_of_promises() -> list[int]:
    """The years in which something was answered or promised, the latest first. One statement."""
    query = (
        select(func.min(promised_day), func.max(promised_day), func.min(Answer.answered_at))
        .select_from(Answer)
        .outerjoin(Promise, Promise.answer_id == Answer.id)
        .where(Answer.answered_at.is_not(None))
    )
    found: Any = session().execute(query).one()  # each of the three is None where there is nothing
    first, last, answered = found
    if answered is None:
        return []
    today = clock.today()
    begins = min(clock.local_date(answered), first or today).year
    return list(range(max(today, last or today).year, begins - 1, -1))
