"""Which files there are: what they hold, of what they are made, and for how long they are kept. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What is exported."""

    IDEAS = "ideas"
    SHORTLIST = "shortlist"
    SHEETS = "sheets"
    BALLOTS = "ballots"
    PARTICIPATION = "participation"
    REPORT = "report"
    EVALUATIONS = "evaluations"


class Format(StrEnum):
    """The kind of file."""

    CSV = "csv"
    CP949 = "cp949"
    """CSV for programs that know nothing newer; what it cannot hold is replaced, and listed."""
    XLSX = "xlsx"
    PDF = "pdf"
    HWPX = "hwpx"
    JSON = "json"
    PB = "pb"


_TABLES = (Format.CSV, Format.CP949, Format.XLSX, Format.PDF, Format.HWPX, Format.JSON)

OF_CAMPAIGN = frozenset({Kind.IDEAS, Kind.SHORTLIST, Kind.SHEETS, Kind.BALLOTS, Kind.EVALUATIONS})
"""Kinds that need a campaign; the others need a year."""

WITH_PEOPLE = frozenset({Kind.IDEAS, Kind.SHORTLIST})
"""Kinds of which there is a working file with names. Of ballots, participation and the report there is none."""

OFFERED: dict[tuple[Kind, bool], tuple[Format, ...]] = {
    (Kind.IDEAS, False): _TABLES,
    (Kind.IDEAS, True): _TABLES,
    (Kind.SHORTLIST, False): _TABLES,
    (Kind.SHORTLIST, True): _TABLES,
    (Kind.SHEETS, False): (Format.PDF, Format.HWPX),
    (Kind.BALLOTS, False): (*_TABLES, Format.PB),
    (Kind.EVALUATIONS, True): _TABLES,
    (Kind.PARTICIPATION, False): _TABLES,
    (Kind.REPORT, False): _TABLES,
}
"""By kind, and whether it is a working file: the formats in which it is made."""

WORKING_ONLY = frozenset({Kind.EVALUATIONS})
"""Kinds of which there is no open file: what colleagues think of an idea is for the desk."""

CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.CP949: "text/csv; charset=cp949",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.HWPX: "application/hwp+zip",
    Format.PB: "text/plain; charset=utf-8",
}
ENDINGS = {Format.CP949: "csv"}
"""Endings of names that differ from the format's own name."""

AT_ONCE = 300
"""Rows that are written while somebody waits; more are written by a worker."""
KEPT_FOR = timedelta(hours=24)
"""How long a file can be fetched again by the person who asked for it."""
LISTED_FOR = timedelta(days=30)
"""How long it stands in the list of own files after that, without its content."""


def ending_of(file_format: Format) -> str:
    """What a file's name ends with."""
    return ENDINGS.get(file_format, file_format.value)


def is_offered(kind: Kind, file_format: Format, *, working: bool) -> bool:
    """Whether there is such a file."""
    return file_format in OFFERED.get((kind, working), ())
