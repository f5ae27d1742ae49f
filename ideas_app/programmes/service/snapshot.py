"""What the worker found in a large file, as JSON for the pages that show it: the report, and the sheet without its
rows.

Only the shapes named here are ever made of what is read back.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from ideas_app.adapters.spreadsheets import Row
from ideas_app.programmes.rules.columns import ColumnMapping
from ideas_app.programmes.rules.issues import Issue
from ideas_app.programmes.rules.matching import Match
from ideas_app.programmes.rules.roster import SPAN, ParsedRoster, Place, SheetRead
from ideas_app.programmes.rules.sessions import SessionColumn
from ideas_app.programmes.service.reading import ReadRoster
from ideas_app.programmes.service.reporting import (
    FiguresLine,
    ImportReport,
    MeetingLine,
    PersonSeen,
    SampleRow,
    UnsureRow,
)

_SHAPES = {
    shape.__name__: shape
    for shape in (
        *(Row, ColumnMapping, Issue, ParsedRoster, SheetRead, SessionColumn, ReadRoster),
        *(FiguresLine, ImportReport, MeetingLine, PersonSeen, SampleRow, UnsureRow),
    )
}
_WORDS = {Match.__name__: Match}


def write_snapshot(read: ReadRoster, report: ImportReport) -> bytes:
    """Both as bytes. The rows of the roster are left out: they may be many, and are read again to be stored."""
    bare = replace(read, parsed=replace(read.parsed, rows=(), errors=(), skipped=(), notices=()))
    return json.dumps([_pack(bare), _pack(report)], ensure_ascii=False).encode()


def read_snapshot(data: bytes) -> tuple[ReadRoster, ImportReport]:
    """Both again. Raises `KeyError` for a shape that is not known."""
    read, report = json.loads(data)
    return _unpack(read), _unpack(report)


def _pack(value: Any) -> Any:
    packed: Any = value
    if isinstance(value, Place):
        packed = {"place": [int(value), value.sheet, value.row]}
    elif isinstance(value, Enum):
        packed = {"word": [type(value).__name__, value.value]}
    elif isinstance(value, datetime):
        packed = {"at": value.isoformat()}
    elif isinstance(value, date):
        packed = {"on": value.isoformat()}
    elif isinstance(value, tuple):
        packed = [_pack(each) for each in value]
    elif isinstance(value, dict):
        packed = {"dict": {key: _pack(each) for key, each in value.items()}}
    elif is_dataclass(value):
        inside = {each.name: _pack(getattr(value, each.name)) for each in fields(value)}
        packed = {"shape": [type(value).__name__, inside]}
    return packed


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(each) for each in value)
    if not isinstance(value, dict):
        return value
    [(kind, inside)] = value.items()
    if kind == "place":
        number, sheet, row = inside
        return Place((number - row) // SPAN - 1, sheet, row)
    if kind == "word":
        return _WORDS[inside[0]](inside[1])
    if kind == "at":
        return datetime.fromisoformat(inside)
    if kind == "on":
        return date.fromisoformat(inside)
    if kind == "dict":
        return {key: _unpack(each) for key, each in inside.items()}
    return _SHAPES[inside[0]](**{key: _unpack(each) for key, each in inside[1].items()})
