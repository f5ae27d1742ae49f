"""The year's figures, counted anew from the records each time; what earlier counts said. Must not change
anything.
"""

from __future__ import annotations

from ideas_app.reports.queries.abstract import abstract_of, find_abstract
from ideas_app.reports.queries.document import describe_report
from ideas_app.reports.queries.outcomes import (
    find_latest_year,
    find_outcomes,
    list_years,
    outcomes,
)
from ideas_app.reports.queries.pictures import draw_pictures
from ideas_app.reports.queries.runs import (
    find_last_run,
    find_pictures,
    find_run,
    list_changes,
    list_moved_since,
    list_runs,
)
from ideas_app.reports.queries.tables import list_tables
from ideas_app.reports.queries.ways import find_way, list_ways

__all__ = [
    "abstract_of",
    "describe_report",
    "draw_pictures",
    "find_abstract",
    "find_last_run",
    "find_latest_year",
    "find_outcomes",
    "find_pictures",
    "find_run",
    "find_way",
    "list_changes",
    "list_moved_since",
    "list_runs",
    "list_tables",
    "list_ways",
    "list_years",
    "outcomes",
]
