"""Persons on the rosters and their records: a person's own, and the list for those who run rosters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from ideas_app.accounts.models import Account, Consent
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.paging import Page, decode_cursor, encode_cursor
from ideas_app.programmes.models import Participation, Person, Programme
from ideas_app.programmes.rules.days import mask_birth
from ideas_app.programmes.rules.names import mask_name, name_key
from ideas_app.programmes.rules.phones import mask_phone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Attendance


TOTALS_SINCE = 2
"""From this version on the consent to the link says that it also serves totals."""


def find_person_of(account_id: int) -> Person | None:
    """The person on the rosters to whom an account is linked."""
    return session().scalar(select(Person).where(Person.account_id == account_id))


def list_records_of(account_id: int) -> Sequence[Participation]:
    """A person's own records with their programmes, newest first."""
    return (
        session()
        .scalars(
            select(Participation)
            .join(Participation.programme)
            .join(Person, Person.id == Participation.person_id)
            .where(Person.account_id == account_id)
            .options(contains_eager(Participation.programme))
            .order_by(Programme.year.desc(), Participation.id.desc())
        )
        .all()
    )


def programmes_of(account_id: int) -> frozenset[str]:
    """Slugs of the programmes in which a person has a verified record."""
    return frozenset(
        session().scalars(
            select(Programme.slug)
            .join(Participation, Participation.programme_id == Programme.id)
            .join(Person, Person.id == Participation.person_id)
            .where(Person.account_id == account_id)
        )
    )


def list_takers(account_ids: Collection[int], year: int) -> list[tuple[Programme, frozenset[int]]]:
    """The programmes of a year with those of the accounts that are linked to a record in them, by a
    consent that covers totals; oldest first, those that nobody took part in left out. For totals over
    groups of people only.
    """
    query = (
        select(Programme, Person.account_id)
        .join(Participation, Participation.programme_id == Programme.id)
        .join(Person, Person.id == Participation.person_id)
        .join(Consent, Consent.account_id == Person.account_id)
        .where(Programme.year == year)
        .where(Consent.kind == "participation_link", Consent.version >= TOTALS_SINCE)
        .where(Consent.withdrawn_at.is_(None))
        .order_by(Programme.id)
    )
    takers: dict[Programme, set[int]] = {}
    wanted = set(account_ids)
    for programme, account_id in session().execute(query):
        if account_id in wanted:
            takers.setdefault(programme, set()).add(account_id)
    return [(programme, frozenset(people)) for programme, people in takers.items()]


def find_persons(name: str, born_on: date, phone: str | None) -> Sequence[Person]:
    """The persons on the rosters of this name who were born that day or have this phone."""
    same = Person.born_on == born_on
    if phone:
        same |= Person.phone == phone
    query = select(Person).where(Person.name_key == name_key(name), same).order_by(Person.id)
    return session().scalars(query).all()


def find_account_of(person_id: int) -> int | None:
    """The account to which a person on the rosters is linked."""
    return session().scalar(select(Person.account_id).where(Person.id == person_id))


def programmes_of_person(person_id: int) -> frozenset[str]:
    """Slugs of the programmes in which a person on the rosters has a record."""
    return frozenset(
        session().scalars(
            select(Programme.slug)
            .join(Participation, Participation.programme_id == Programme.id)
            .where(Participation.person_id == person_id)
        )
    )


def find_claimable(actor: Actor) -> Person | None:
    """The one person on the rosters with the actor's own, confirmed e-mail address, not yet linked.

    A confirmed address proves that a secret sent to it arrived. None where several share the address:
    it then proves nobody.
    """
    if actor.id is None or not actor.is_verified or find_person_of(actor.id):
        return None
    address = session().scalar(
        select(Account.email).where(Account.id == actor.id, Account.verified_at.is_not(None))
    )
    if not address:
        return None
    found = session().scalars(
        select(Person).where(func.lower(Person.email) == address.lower()).limit(2)
    )
    persons = found.all()
    return persons[0] if len(persons) == 1 and persons[0].account_id is None else None


@dataclass(frozen=True, slots=True)
class Participant:
    """One line of a participant list, masked: no whole name, birth date or number leaves the database."""

    id: int
    name: str
    birth: str
    phone: str
    neighbourhood: str
    cohort: str
    status: Attendance
    joined_on: date | None
    certificate: str
    certified_on: date | None
    is_linked: bool


def list_participants(
    programme_id: int, *, after: str | None = None, limit: int = 50
) -> Page[Participant]:
    """The participants of a programme in the order in which they were entered, masked."""
    query = (
        select(
            Participation.id,
            Person.name,
            Person.born_on,
            Person.phone,
            Person.neighbourhood,
            Participation.cohort,
            Participation.status,
            Participation.joined_on,
            Participation.certificate,
            Participation.certified_on,
            Person.account_id,
        )
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.programme_id == programme_id)
        .order_by(Participation.id)
    )
    key = decode_cursor(after, int)
    if key:
        query = query.where(Participation.id > key[0])
    rows = session().execute(query.limit(limit + 1)).all()
    items = [
        Participant(
            id=row.id,
            name=mask_name(row.name),
            birth=mask_birth(row.born_on) if row.born_on else "",
            phone=mask_phone(row.phone) if row.phone else "",
            neighbourhood=row.neighbourhood or "",
            cohort=row.cohort,
            status=row.status,
            joined_on=row.joined_on,
            certificate=row.certificate or "",
            certified_on=row.certified_on,
            is_linked=row.account_id is not None,
        )
        for row in rows[:limit]
    ]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > limit else None)


@dataclass(frozen=True, slots=True)
class Unmasked:
    """One line of a roster as it was entered: `service.unmask_participant` alone may hand it out."""

    id: int
    name: str
    born_on: date | None
    phone: str | None
    email: str | None
    neighbourhood: str | None


def get_unmasked(programme_id: int, participation_id: int) -> Unmasked:
    """A line of a programme's roster in full. Raises `NotFound`."""
    query = (
        select(
            Participation.id,
            Person.name,
            Person.born_on,
            Person.phone,
            Person.email,
            Person.neighbourhood,
        )
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.id == participation_id, Participation.programme_id == programme_id)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFound("no_participant", _l("There is no such line on this roster."))
    return Unmasked(*row)
