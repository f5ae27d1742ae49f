"""What each figure means, which may be printed, and how two years or two counts compare. Pure."""

from __future__ import annotations

from ideas_app.reports.rules.comparing import (
    Compared,
    Moved,
    compare_years,
    list_moved,
    may_tell,
)
from ideas_app.reports.rules.figures import (
    ABOUT_PEOPLE,
    DEFINITIONS,
    NAMES,
    Abstract,
    CertificateLine,
    DepartmentLine,
    FieldLine,
    Outcomes,
    ProgrammeLine,
    WayLine,
    digest_of,
)
from ideas_app.reports.rules.suppression import SMALLEST_CELL, hide_cells, hide_shares
from ideas_app.reports.rules.tables import AGE_GROUPS, PrintedTable, Statistics, Table, age_group
from ideas_app.reports.rules.words import ROWS, TABLES, label_of

__all__ = [
    "ABOUT_PEOPLE",
    "AGE_GROUPS",
    "DEFINITIONS",
    "NAMES",
    "ROWS",
    "SMALLEST_CELL",
    "TABLES",
    "Abstract",
    "CertificateLine",
    "Compared",
    "DepartmentLine",
    "FieldLine",
    "Moved",
    "Outcomes",
    "PrintedTable",
    "ProgrammeLine",
    "Statistics",
    "Table",
    "WayLine",
    "age_group",
    "compare_years",
    "digest_of",
    "hide_cells",
    "hide_shares",
    "label_of",
    "list_moved",
    "may_tell",
]
