"""What the tables of the statistics, their rows and columns are called. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext

if TYPE_CHECKING:
    from flask_babel import LazyString

TABLES: dict[str, tuple[LazyString, LazyString]] = {
    "category": (
        _l("Participations by category"),
        _l("One person in one programme counts 1. Without a name are counts of the partners."),
    ),
    "age": (
        _l("Participations with a name, by category and age"),
        _l("Age is the one reached within the year."),
    ),
    "place": (
        _l("Participations with a name, by neighbourhood"),
        _l("The neighbourhood as the roster gave it."),
    ),
    "month": (
        _l("Supports by month"),
        _l("Supports that still stand, in the month in which they were given."),
    ),
    "state": (
        _l("Ideas by field and state"),
        _l("Every idea of the year's campaigns, with the state that it has today."),
    ),
}
"""By the name of a table: its title, and how it was counted."""

ROWS: dict[str, LazyString] = {
    "category": _l("Category"),
    "age": _l("Category"),
    "place": _l("Neighbourhood"),
    "month": _l("Month"),
    "state": _l("Field"),
}
"""By the name of a table: what its rows are."""

LABELS: dict[str, LazyString] = {
    "": _l("Sum"),
    "unknown": lazy_pgettext("statistics", "Not known"),
    "records": _l("With a name"),
    "tallied": _l("Counted only"),
    "under_19": lazy_pgettext("age", "18 or younger"),
    "19_24": lazy_pgettext("age", "19 to 24"),
    "25_29": lazy_pgettext("age", "25 to 29"),
    "30_34": lazy_pgettext("age", "30 to 34"),
    "35_39": lazy_pgettext("age", "35 to 39"),
    "40_over": lazy_pgettext("age", "40 or older"),
    "review": lazy_pgettext("statistics", "In review"),
    "published": lazy_pgettext("statistics", "Published"),
    "on_ballot": lazy_pgettext("statistics", "On the ballot"),
    "not_shortlisted": lazy_pgettext("statistics", "Not shortlisted"),
    "shortlisted": lazy_pgettext("statistics", "Shortlisted"),
    "answered": lazy_pgettext("statistics", "Answered"),
    "done": lazy_pgettext("statistics", "Done"),
    "not_published": lazy_pgettext("statistics", "Not published"),
    "01": lazy_pgettext("month", "January"),
    "02": lazy_pgettext("month", "February"),
    "03": lazy_pgettext("month", "March"),
    "04": lazy_pgettext("month", "April"),
    "05": lazy_pgettext("month", "May"),
    "06": lazy_pgettext("month", "June"),
    "07": lazy_pgettext("month", "July"),
    "08": lazy_pgettext("month", "August"),
    "09": lazy_pgettext("month", "September"),
    "10": lazy_pgettext("month", "October"),
    "11": lazy_pgettext("month", "November"),
    "12": lazy_pgettext("month", "December"),
    "withdrawn": lazy_pgettext("statistics", "Withdrawn"),
}
"""Words of rows and columns that are no names; other rows are what they are called."""


def label_of(key: str) -> str:
    """What a row or column is called."""
    return str(LABELS.get(key, key))
