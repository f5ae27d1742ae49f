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


def list_known(
    programme_id: int, names: Iterable[str], phones: Iterable[str]
) -> list[StoredPerson]:
    """The stored persons with one of these name keys or phones, with their records in the programme.

    Whoever shares two of name, birth date and phone with a row shares its name or its phone.
    """
    records = _records_of(programme_id)
    known: dict[int, StoredPerson] = {}
    for column, values in ((Person.name_key, names), (Person.phone, phones)):
        wanted = sorted(set(values))
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            query = select(*_COLUMNS).where(column.in_(part))
            # at once into the small form: rows of 50,000 people beside it are 20 MB
            for row in session().connection().execute(query):
                if row.id not in known:
                    of_person = tuple(records.pop(row.id, ()))
                    known[row.id] = StoredPerson(*row, of_person)
    return list(known.values())


def _records_of(programme_id: int) -> dict[int, list[StoredRecord]]:
    records: dict[int, list[StoredRecord]] = defaultdict(list)
    for row in session().execute(
        select(
            Participation.person_id,
            Participation.id,
            Participation.cohort,
            Participation.status,
            Participation.joined_on,
            Participation.certificate,
            Participation.certified_on,
        ).where(Participation.programme_id == programme_id)
    ):
        records[row.person_id].append(
            StoredRecord(
                row.id, row.cohort, row.status, row.joined_on, row.certificate, row.certified_on
            )
        )
    return records


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
    yield from session().connection().execute(query)
