"""The blueprint of this room, what its templates ask wherever a page includes them, the tabs and words of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for

from ideas_app.answers import queries
from ideas_app.answers.queries import DeskFilters, Tab, Whose
from ideas_app.answers.rules.desk import Band, Stage, Why
from ideas_app.answers.rules.drafts import Need
from ideas_app.answers.rules.promises import days_of
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.evaluations import queries as evaluations
from ideas_app.web.access import current_actor
from ideas_app.web.i18n import format_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from ideas_app.answers.models import Promise
    from ideas_app.answers.queries import DeskCounts
    from ideas_app.answers.rules.promises import StepLine

blueprint = Blueprint("answers", __name__)

TAB_NAMES = {
    Tab.DUE: _l("By due date"),
    Tab.DRAFTS: _l("Drafts and reviews"),
    Tab.PUBLISHED: _l("Answers given"),
}
WHOSE_NAMES = {
    Whose.MINE: lazy_pgettext("desk", "Mine"),
    Whose.DEPARTMENT: _l("My department"),
    Whose.ALL: _l("All departments"),
}
BAND_NAMES = {
    Band.OVERDUE: _l("Overdue"),
    Band.NOW: _l("Today and the next working day"),
    Band.SOON: _l("This week and next"),
    Band.LATER: lazy_pgettext("staff", "Later"),
}
STAGE_NAMES = {
    Stage.NEW: lazy_pgettext("answer", "new"),
    Stage.TAKEN: lazy_pgettext("answer", "taken"),
    Stage.WRITING: lazy_pgettext("answer", "being written"),
    Stage.ASKED: lazy_pgettext("answer", "being looked over"),
    Stage.SENT_BACK: lazy_pgettext("answer", "sent back"),
    Stage.APPROVED: lazy_pgettext("answer", "approved"),
    Stage.SCHEDULED: lazy_pgettext("answer", "time set"),
}
STAGE_LOOKS = {
    Stage.NEW: "open",
    Stage.TAKEN: "plain",
    Stage.SENT_BACK: "warn",
    Stage.APPROVED: "ok",
    Stage.SCHEDULED: "ok",
}
WHY_NAMES = {
    Why.SUPPORTS: lazy_pgettext("answer", "supports"),
    Why.SHORTLIST: lazy_pgettext("answer", "shortlist"),
    Why.HAND: lazy_pgettext("answer", "asked by staff"),
}
NEED_NAMES = {
    Need.DECISION: _l("a decision"),
    Need.REASON: _l("a reason"),
    Need.PLACE: _l("department and responsible post"),
    Need.DATES: _l("a day for everything promised"),
    Need.WORRIES: _l("the weightiest worry is taken up"),
}
ACT_NAMES = {
    "answer:approved": lazy_pgettext("answer", "approved"),
    "answer:assigned": lazy_pgettext("answer", "given to"),
    "answer:changed": lazy_pgettext("answer", "changed"),
    "answer:discarded": lazy_pgettext("answer", "draft thrown away"),
    "answer:extended": lazy_pgettext("answer", "extended"),
    "answer:passed_on": lazy_pgettext("answer", "passed on to"),
    "answer:published": lazy_pgettext("answer", "published"),
    "answer:review_asked": lazy_pgettext("answer", "asked to look it over"),
    "answer:scheduled": lazy_pgettext("answer", "time set"),
    "answer:sent_back": lazy_pgettext("answer", "sent back"),
    "answer:unscheduled": lazy_pgettext("answer", "set time taken back"),
}


def present_filters() -> DeskFilters:
    """The filters in this address."""
    return DeskFilters.of(request.args)


@blueprint.app_template_global("answer_tabs")
def answer_tabs(
    current: str = "", counts: DeskCounts | None = None, promises: int | None = None
) -> list[tuple[Any, ...]]:
    """The tabs of the officials' desk with their numbers; what waits for one's own eyes is hot."""
    counts = counts or queries.read_desk(DeskFilters(), current_actor())[1]
    if promises is None:
        promises = queries.count_promises_due()
    asked = evaluations.count_waiting(current_actor().id)
    numbers = {Tab.DUE: (counts.due, False), Tab.DRAFTS: (counts.drafts, counts.awaiting > 0)}
    tabs: list[tuple[Any, ...]] = [
        (
            name,
            url_for("answers.desk", **DeskFilters(tab=tab).values()),
            tab.value == current,
            *numbers.get(tab, (None,)),
        )
        for tab, name in TAB_NAMES.items()
    ]
    tabs[2:2] = [
        (
            _l("Promises to check"),
            url_for("answers.promises"),
            current == "promises",
            promises,
            promises > 0,
        ),
        (_l("Evaluations"), url_for("evaluations.index"), False, asked, asked > 0),
    ]
    return tabs


# What `answers/_letter.html` and `answers/_card.html` ask, wherever another page includes them.
blueprint.add_app_template_global(queries.standing, "promise_standing")
blueprint.add_app_template_global(queries.timing, "answer_timing")
blueprint.add_app_template_global(queries.days_to_spare, "answer_days_to_spare")
blueprint.add_app_template_global(queries.days_silent, "promise_days_silent")


@blueprint.app_template_global()
def promise_trails(promises: Iterable[Promise]) -> dict[int, list[StepLine]]:
    """The trails of an answer's promises, where the page has not read them already."""
    return queries.trails_of(promise.id for promise in promises)


@blueprint.app_template_global()
def promise_days(promise: Promise, trail: Sequence[StepLine]) -> list[date]:
    """Every day that a promise was for, in order."""
    moves = [step.moved_to for step in trail] or [promise.moved_to]
    return days_of(promise.due_on, moves)


@blueprint.app_template_filter("month_name")
def month_name(value: date | datetime) -> str:
    """The month alone: `4월`, `Apr`; instants in Asia/Seoul."""
    return format_day(value, {"ko": "M월", "en": "MMM"})


@blueprint.app_template_filter("day_number")
def day_number(value: date | datetime) -> str:
    """The day of the month alone; instants in Asia/Seoul."""
    return format_day(value, {"ko": "d", "en": "d"})


@blueprint.app_template_filter("need_name")
def need_name(value: Need) -> str:
    """What a draft lacks, in words."""
    return str(NEED_NAMES[value])


@blueprint.app_template_filter("local_minute")
def local_minute(value: datetime) -> str:
    """An instant as fields of a local time take it: `2026-03-05T14:07` in Asia/Seoul."""
    return value.astimezone(clock.SEOUL).strftime("%Y-%m-%dT%H:%M")
