"""Carries out the plan of an import, and takes it back: rows in bulk, nothing decided here."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Table, and_, bindparam, column, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, session
from ideas_app.programmes.models import Attendance, Participation, Person
from ideas_app.programmes.rules.matching import Change
from ideas_app.programmes.rules.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Column, Result, TableValuedAlias

    from ideas_app.programmes.rules.matching import ImportPlan, StoredPerson, StoredRecord

PERSONS: Table = Person.__table__  # type: ignore[assignment]  # declared as FromClause
RECORDS: Table = Participation.__table__  # type: ignore[assignment]  # declared as FromClause

_COLUMN_OF = {"certificate_name": "certificate"}
"""Where the rules call a column by another name."""
_DATES = frozenset({"joined_on", "certified_on"})
_CHUNK = 500
_ROWS = 5_000

T = TypeVar("T")

Moves = dict[str, dict[str, list[Any]]]
"""By the id of a row, the fields that were changed as [before, after], in plain values."""


def carry_out(
    plan: ImportPlan, stored: list[StoredPerson], programme_id: int, import_id: int
) -> dict[str, Moves]:
    """Stores what is planned; what it changed on rows that stood before, for the undo."""
    made = _insert_persons(plan)
    _insert_records(plan, made, programme_id, import_id)
    changed_records = {
        each.record_id: {_COLUMN_OF.get(name, name): value for name, value in each.changes.items()}
        for each in plan.rows
        if each.change is Change.CHANGED and each.record_id is not None
    }
    changed_persons: dict[int, dict[str, Any]] = {
        person_id: dict(changes) for person_id, changes in plan.person_changes.items()
    }
    _update(RECORDS, changed_records)
    _update(PERSONS, changed_persons)
    records = {
        each.id: each for person in stored for each in person.records if each.id in changed_records
    }
    persons = {person.id: person for person in stored if person.id in changed_persons}
    return {
        "records": {
            str(key): {name: [_was(records[key], name), plain(new)] for name, new in values.items()}
            for key, values in changed_records.items()
        },
        "persons": {
            str(key): {name: [getattr(persons[key], name), new] for name, new in values.items()}
            for key, values in changed_persons.items()
        },
    }


def take_back(import_id: int, moved: dict[str, Moves]) -> tuple[int, int]:
    """Removes the records that an import made and the persons whom nothing else names, and puts back
    what it changed where it still stands so.

    Returns how many records and persons are gone. A linked person stays.
    """
    of_import = RECORDS.c.import_id == import_id
    named_elsewhere = exists().where(
        and_(
            RECORDS.c.person_id == PERSONS.c.id,
            RECORDS.c.import_id.is_distinct_from(import_id),
        )
    )
    persons = session().scalars(
        select(PERSONS.c.id).where(
            PERSONS.c.id.in_(select(RECORDS.c.person_id).where(of_import)),
            PERSONS.c.account_id.is_(None),
            ~named_elsewhere,
        )
    )
    alone = list(persons)
    gone: Any = session().execute(delete(RECORDS).where(of_import))
    for start in range(0, len(alone), _CHUNK):
        part = alone[start : start + _CHUNK]
        session().execute(delete(PERSONS).where(PERSONS.c.id.in_(part)))
    _put_back(RECORDS, moved.get("records") or {})
    _put_back(PERSONS, moved.get("persons") or {})
    session().expire_all()
    return int(gone.rowcount), len(alone)


def plain(value: Any) -> Any:
    """A stored value as JSON can hold it."""
    if isinstance(value, Attendance):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _insert_persons(plan: ImportPlan) -> dict[str, int]:
    """New persons; the id of each by its key."""
    now = clock.now()
    made: dict[str, int] = {}
    for part in _parts(list(plan.new_persons.items())):
        rows = [
            {
                "name": row.name,
                "name_key": name_key(row.name),
                "born_on": row.birth_on,
                "phone": row.phone,
                "email": row.email,
                "neighbourhood": row.neighbourhood,
                "match_key": key,
                "created_at": now,
            }
            for key, row in part
        ]
        found = _insert(PERSONS, rows, PERSONS.c.match_key, PERSONS.c.id)
        made.update({row.match_key: row.id for row in found})
    return made


def _insert_records(
    plan: ImportPlan, made: dict[str, int], programme_id: int, import_id: int
) -> None:
    now = clock.now()
    for part in _parts([each for each in plan.rows if each.change is Change.NEW]):
        rows = [
            {
                "person_id": made[each.key] if each.person_id is None else each.person_id,
                "programme_id": programme_id,
                "cohort": each.row.cohort,
                "status": each.row.status,
                "joined_on": each.row.joined_on,
                "certificate": each.row.certificate_name,
                "certified_on": each.row.certified_on,
                "import_id": import_id,
                "created_at": now,
            }
            for each in part
        ]
        _insert(RECORDS, rows)


def _parts(things: list[T]) -> Iterator[list[T]]:
    """The list in pieces, so that never all of 50,000 rows stand in memory a second time."""
    for start in range(0, len(things), _ROWS):
        yield things[start : start + _ROWS]


def _insert(table: Table, rows: list[dict[str, Any]], *back: Column[Any]) -> Result[Any]:
    """New rows, all with the same columns; `back`: what is told of each, in any order."""
    statement, values = insert(table), cast("Any", rows)
    if not is_sqlite():
        names = tuple(rows[0])
        statement = statement.from_select(names, select(*_lists(table, names).c))
        values = _new({name: [row[name] for row in rows] for name in names})
    return session().execute(statement.returning(*back) if back else statement, values)


def _update(table: Table, changes: dict[int, dict[str, Any]]) -> None:
    """Changes many rows by id, those together of which the same columns change."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for key, values in changes.items():
        groups[tuple(sorted(values))].append(key)
    connection = session().connection()
    for names, keys in groups.items():
        if is_sqlite():
            one = update(table).where(table.c.id == bindparam("new_id"))
            statement = one.values({name: bindparam(f"new_{name}") for name in names})
            connection.execute(statement, [_new({"id": key} | changes[key]) for key in keys])
            continue
        new = _lists(table, ("id", *names))
        statement = update(table).where(table.c.id == new.c.id)
        statement = statement.values({name: new.c[name] for name in names})
        for part in _parts(keys):
            lists = {name: [changes[key][name] for key in part] for name in names}
            connection.execute(statement, _new({"id": part} | lists))


def _new(values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in values.items()}


def _lists(table: Table, names: Sequence[str]) -> TableValuedAlias:
    """Many rows as a list for each column, PostgreSQL's `unnest`, so that they are written by one statement.

    Each statement moves the stamp of the records, and of a row that is written again and again within a transaction
    PostgreSQL walks through all versions. A value for each place of each row costs the client more than a list.
    """
    kinds = {name: table.c[name].type for name in names}
    lists = [bindparam(f"new_{name}", type_=ARRAY(kind)) for name, kind in kinds.items()]
    columns = [column(name, kind) for name, kind in kinds.items()]
    return func.unnest(*lists).table_valued(*columns, name="new").render_derived()


def _was(record: StoredRecord, column: str) -> Any:
    names = {column: name for name, column in _COLUMN_OF.items()}
    return plain(getattr(record, names.get(column, column)))


def _put_back(table: Table, moved: Moves) -> None:
    """Sets fields to what they were, where nobody has changed them since."""
    keys = [int(key) for key in moved]
    back: dict[int, dict[str, Any]] = {}
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        for row in session().execute(select(table).where(table.c.id.in_(part))).mappings():
            values = {
                name: _stored(name, before)
                for name, (before, after) in moved[str(row["id"])].items()
                if plain(row[name]) == after
            }
            if values:
                back[row["id"]] = values
    _update(table, back)


def _stored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "status":
        return Attendance(value)
    return date.fromisoformat(value) if name in _DATES else value
