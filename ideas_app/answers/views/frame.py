"""The blueprint of this room, and what its templates ask wherever a page includes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from ideas_app.answers import queries
from ideas_app.web.i18n import format_day

if TYPE_CHECKING:
    from datetime import date, datetime


blueprint = Blueprint("answers", __name__)

# What `answers/_letter.html` and `answers/_card.html` ask, wherever another page includes them.
blueprint.add_app_template_global(queries.standing, "promise_standing")
blueprint.add_app_template_global(queries.timing, "answer_timing")
blueprint.add_app_template_global(queries.days_to_spare, "answer_days_to_spare")


@blueprint.app_template_filter("month_name")
def month_name(value: date | datetime) -> str:
    """The month alone: `4월`, `Apr`; instants in Asia/Seoul."""
    return format_day(value, {"ko": "M월", "en": "MMM"})


@blueprint.app_template_filter("day_number")
def day_number(value: date | datetime) -> str:
    """The day of the month alone; instants in Asia/Seoul."""
    return format_day(value, {"ko": "d", "en": "d"})
