"""What an import has to know: the persons who may be those of a file, and their records.

Few columns in chunks, never objects: a file may hold 50,000 rows.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.core.db import session
from ideas_app.programmes.models import Participation, Person, Programme
from ideas_app.programmes.rules.matching import StoredPerson, StoredRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Executable

CHUNK = 500
"""Values of one IN (...): enough to be fast, few enough for every database."""

_COLUMNS = (
    Person.id,
    Person.match_key,
    Person.name,
    Person.born_on,
    Person.phone,
    Person.email,
    Person.neighbourhood,
)


_RECORD_COLUMNS = (
    Participation.person_id,
    Participation.id,
    Participation.cohort,
    Participation.status,
    Participation.joined_on,
    Participation.certificate,
    Participation.certified_on,
)


def list_known(
    programme_id: int, names: Iterable[str], phones: Iterable[str]
) -> list[StoredPerson]:
    """The stored persons with one of these name keys or phones, with their records in the programme.

    Whoever shares two of name, birth date and phone with a row shares its name or its phone.
    """
    known: dict[int, StoredPerson] = {}
    phones = set(phones)
    # names, days and phones repeat, and the caller's phones live anyway: one object each
    seen: dict[Any, Any] = {phone: phone for phone in phones}
    for column, values in ((Person.name_key, set(names)), (Person.phone, phones)):
        wanted = sorted(values)
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            query = select(*_COLUMNS).where(column.in_(part))
            found = [row for row in _stream(query) if row.id not in known]
            records = _records_of(programme_id, [row.id for row in found], seen)
            for row in found:
                shared = [seen.setdefault(value, value) for value in row[2:]]
                rest = [*shared, tuple(records.get(row.id, ()))]
                known[row.id] = StoredPerson(row.id, row.match_key, *rest)
    return list(known.values())


def _records_of(
    programme_id: int, person_ids: list[int], seen: dict[Any, Any]
) -> dict[int, list[StoredRecord]]:
    records: dict[int, list[StoredRecord]] = defaultdict(list)
    for start in range(0, len(person_ids), CHUNK):
        query = select(*_RECORD_COLUMNS).where(
            Participation.programme_id == programme_id,
            Participation.person_id.in_(person_ids[start : start + CHUNK]),
        )
        for person_id, record_id, cohort, status, *values in _stream(query):
            # never the status: a word of a cohort may equal it
            shared = (seen.setdefault(value, value) for value in values)
            record = StoredRecord(record_id, seen.setdefault(cohort, cohort), status, *shared)
            records[person_id].append(record)
    return records


def _stream(query: Executable) -> Iterable[Any]:
    """Row by row from the database, past the session, which would make a list of all first."""
    session().flush()
    return session().connection().execute(query)


def list_persons_in_year(year: int) -> set[int]:
    """Ids of the persons with a record in some programme of the year."""
    return set(
        session().scalars(
            select(Participation.person_id)
            .join(Programme, Programme.id == Participation.programme_id)
            .where(Programme.year == year)
            .distinct()
        )
    )


def iterate_of_import(import_id: int) -> Iterator[Any]:
    """The records that an import made, each with its person's id and key, and its cohort."""
    query = (
        select(Participation.id, Participation.person_id, Participation.cohort, Person.match_key)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.import_id == import_id)
    )
    yield from _stream(query)
