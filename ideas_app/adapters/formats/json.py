"""JSON files: UTF-8, one record a line, dates in ISO, instants in RFC 3339 UTC.

Must not know what is exported. A record keeps the keys of its columns, in their order; `lang` names
no key.
"""

from __future__ import annotations

import json as standard
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from ideas_app.adapters.formats import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ideas_app.adapters.formats import Column, Language, Record, Value


def write_json(
    columns: Sequence[Column],
    rows: Iterable[Record],
    *,
    lang: Language,
    as_of: date,
    about: Mapping[str, Value] | None = None,
) -> Iterator[bytes]:
    """The file in pieces: `{"as_of", ...about, "columns": [{key, title, definition, kind}],
    "items": [...]}`.

    Raises `KeyError` for a row that lacks a column, `ValueError` for a naive instant.
    """
    head: dict[str, object] = {"as_of": as_of.isoformat()}
    head |= {key: _plain(value) for key, value in (about or {}).items()}
    head["columns"] = [
        {
            "key": column.key,
            "title": column.title(lang),
            "definition": column.definition(lang),
            "kind": column.kind,
        }
        for column in columns
    ]
    yield (_dump(head)[:-1] + ', "items": [').encode()
    mark = "\n"
    for row in rows:
        yield (mark + _dump({column.key: _plain(row[column.key]) for column in columns})).encode()
        mark = ",\n"
    yield b"\n]}\n"


def _dump(value: object) -> str:
    return standard.dumps(value, ensure_ascii=False, allow_nan=False)


def _plain(value: Value) -> str | int | float | bool | None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            msg = "a naive instant cannot be exported"
            raise ValueError(msg)
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return printable(value) if isinstance(value, str) else value
