"""The blueprint of this room, and what its templates ask wherever a page includes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from ideas_app.answers import queries
from ideas_app.answers.rules.promises import days_of
from ideas_app.web.i18n import format_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from ideas_app.answers.models import Promise
    from ideas_app.answers.rules.promises import StepLine


blueprint = Blueprint("answers", __name__)

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
