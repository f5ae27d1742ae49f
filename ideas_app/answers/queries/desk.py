"""The officials' list: what is owed and what is drafted, narrowed by the address, and the way from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from ideas_app.accounts.models import Account
from ideas_app.answers.models import Answer, AnswerWork, Review
from ideas_app.answers.queries.rows import GONE, AnswerRow, row_of, rows_query
from ideas_app.answers.queries.work import department_of
from ideas_app.answers.rules.desk import Band, Stage, Why, band_of, stage_of, why_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.core.actor import Actor

_SHORTLISTED = frozenset({State.SHORTLISTED, State.ANSWERED, State.DONE})


Place = tuple[bool, date, int]


class Tab(StrEnum):
    """The lists of the desk."""

    DUE = "due"
    DRAFTS = "drafts"
    PUBLISHED = "published"


class Whose(StrEnum):
    """Whose answers are listed."""

    ALL = ""
    MINE = "mine"
    DEPARTMENT = "department"


def _member(kind: type[StrEnum], value: str) -> Any:
    return kind(value) if value in set(kind) else None


@dataclass(frozen=True, slots=True)
class DeskFilters:
    """What the address narrows the list to."""

    tab: Tab = Tab.DUE
    whose: Whose = Whose.ALL
    stage: Stage | None = None
    field: str = ""
    why: Why | None = None
    is_extended: bool = False

    @classmethod
    def of(cls, values: Mapping[str, str]) -> DeskFilters:
        """From an address's values; what is unknown counts as not given."""
        return cls(
            tab=_member(Tab, values.get("tab", "")) or Tab.DUE,
            whose=_member(Whose, values.get("whose", "")) or Whose.ALL,
            stage=_member(Stage, values.get("stage", "")),
            field=values.get("field", "")[:20],
            why=_member(Why, values.get("why", "")),
            is_extended=values.get("stage", "") == "extended",
        )

    def values(self, **changes: str | None) -> dict[str, Any]:
        """The values for an address, empty ones left out, with some changed."""
        stage = "extended" if self.is_extended else self.stage.value if self.stage else ""
        own: dict[str, str | None] = {
            "tab": self.tab.value if self.tab is not Tab.DUE else "",
            "whose": self.whose.value,
            "stage": stage,
            "field": self.field,
            "why": self.why.value if self.why else "",
        }
        return {name: value for name, value in {**own, **changes}.items() if value}


@dataclass(frozen=True, slots=True)
class DeskRow:
    """An answer as a line of the desk."""

    row: AnswerRow
    work: AnswerWork | None
    assignee: str
    """Who has it, by nickname; empty where nobody has."""
    stage: Stage
    why: Why
    band: Band

    @property
    def answer(self) -> Answer:
        """The answer itself."""
        return self.row.answer

    @property
    def department(self) -> str:
        """The department whose turn it is."""
        return self.work.department if self.work else ""

    @property
    def key(self) -> Place:
        """Its place on the list."""
        return place_of(self.row)

    def awaits(self, actor: Actor) -> bool:
        """Whether its draft was given to this person, or to anybody but its writer, to be looked over."""
        work = self.work
        if work is None or work.review is not Review.ASKED or work.saved_by == actor.id:
            return False
        return work.asked_of in (None, actor.id)


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """The numbers on the tabs and beside "whose"."""

    due: int
    drafts: int
    awaiting: int
    """Drafts that wait for the eyes of whoever looks."""
    whose: dict[Whose, int]
    owed: list[DeskRow]
    """All that is owed, whatever the filters: the figures on top are of these."""


def list_desk(filters: DeskFilters, actor: Actor) -> list[DeskRow]:
    """The lines of the tabs `due` and `drafts` under the filters, the earliest due first. Three statements."""
    return [one for one in _narrowed(_all_rows(), filters, actor) if _is_on(one, filters.tab)]


def read_desk(filters: DeskFilters, actor: Actor) -> tuple[list[DeskRow], DeskCounts]:
    """The lines under the filters, and the numbers without them. Three statements."""
    rows = _all_rows()
    owed = [one for one in rows if _is_on(one, Tab.DUE)]
    on_tab = [one for one in rows if _is_on(one, filters.tab)]
    counts = DeskCounts(
        due=len(owed),
        drafts=sum(_is_on(one, Tab.DRAFTS) for one in rows),
        awaiting=sum(one.awaits(actor) for one in rows),
        owed=owed,
        whose={
            whose: len(_narrowed(on_tab, replace(DeskFilters(), whose=whose), actor))
            for whose in Whose
        },
    )
    return _narrowed(on_tab, filters, actor), counts


def place_of(row: AnswerRow) -> Place:
    """The place of an answer on the list: owed before published, the earliest due first."""
    return row.answer.answered_at is not None, row.last_on, row.answer.id


def find_beside(
    filters: DeskFilters, actor: Actor, row: AnswerRow
) -> tuple[int | None, int | None]:
    """The answers before and after one in the list; None at its ends. The one itself need not be listed any more."""
    places = [one.key for one in list_desk(filters, actor)]
    before = [found for found in places if found < place_of(row)]
    after = [found for found in places if found > place_of(row)]
    return (before[-1][-1] if before else None), (after[0][-1] if after else None)


def _all_rows() -> list[DeskRow]:
    """Everything that is owed or drafted."""
    person, mate = aliased(Account), aliased(Idea)
    latched = (
        select(func.min(mate.answer_due_latched_at))
        .where(or_(mate.id == Answer.idea_id, mate.family_id == Answer.family_id))
        .correlate(Answer)
        .scalar_subquery()
    )
    found = session().execute(
        rows_query()
        .outerjoin(AnswerWork, AnswerWork.answer_id == Answer.id)
        .outerjoin(person, person.id == AnswerWork.assignee_id)
        .add_columns(AnswerWork, person.nickname, latched)
        .where(or_(Answer.answered_at.is_(None), AnswerWork.draft.is_not(None)))
        .where(or_(Answer.family_id.is_not(None), Idea.state.not_in(GONE)))
    )
    rows = [_desk_row(row_of(*row[:5]), *row[5:]) for row in found]
    return sorted(rows, key=lambda one: one.key)


def _desk_row(
    row: AnswerRow, work: AnswerWork | None, nickname: str | None, latched_at: Any
) -> DeskRow:
    answer = row.answer
    stage = stage_of(
        has_draft=work is not None and work.draft is not None,
        review=work.review if work else Review.NONE,
        is_scheduled=work is not None and work.publish_at is not None,
        assignee_id=work.assignee_id if work else None,
    )
    why = why_of(
        latched_on=clock.local_date(latched_at) if latched_at else None,
        received_on=answer.received_on,
        was_shortlisted=row.idea.state in _SHORTLISTED,
    )
    band = band_of(row.timing, days_left=row.days_left, last_on=row.last_on, today=clock.today())
    return DeskRow(row, work, nickname or "", stage, why, band)


def _is_on(one: DeskRow, tab: Tab) -> bool:
    if tab is Tab.DRAFTS:
        return one.work is not None and one.work.draft is not None
    return tab is Tab.DUE and one.answer.answered_at is None


def _narrowed(rows: list[DeskRow], filters: DeskFilters, actor: Actor) -> list[DeskRow]:
    own = department_of(actor.id) if filters.whose is Whose.DEPARTMENT else ""

    def fits(one: DeskRow) -> bool:
        if filters.whose is Whose.MINE and not _is_mine(one, actor):
            return False
        if filters.whose is Whose.DEPARTMENT and not (own and one.department == own):
            return False
        if filters.is_extended and one.answer.extended_to is None:
            return False
        return (
            filters.stage in (None, one.stage)
            and filters.why in (None, one.why)
            and filters.field in ("", one.row.field.key)
        )

    return [one for one in rows if fits(one)]


def _is_mine(one: DeskRow, actor: Actor) -> bool:
    """What somebody has, and what was given to them to look over."""
    work = one.work
    if work is None:
        return False
    is_asked = work.review is Review.ASKED and work.asked_of == actor.id
    return work.assignee_id == actor.id or is_asked


def reason_of(row: AnswerRow) -> Why:
    """Why the clock of one answer runs. One statement."""
    mine = (
        Idea.id == row.answer.idea_id
        if row.answer.idea_id
        else Idea.family_id == row.answer.family_id
    )
    latched_at = session().scalar(select(func.min(Idea.answer_due_latched_at)).where(mine))
    return why_of(
        latched_on=clock.local_date(latched_at) if latched_at else None,
        received_on=row.answer.received_on,
        was_shortlisted=row.idea.state in _SHORTLISTED,
    )
