"""Programmes with their partners, counts, visits and imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from ideas_app.accounts.models import Account
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes.models import Partner, Programme, RosterImport, Tally, Visit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


def find_programme(slug: str) -> Programme | None:
    """The programme of an address, or None."""
    return session().scalar(
        select(Programme).where(Programme.slug == slug).options(selectinload(Programme.partners))
    )


def get_programme(slug: str) -> Programme:
    """The programme of an address. Raises `NotFound`."""
    found = find_programme(slug)
    if found is None:
        raise NotFound("no_programme", _l("There is no such programme."))
    return found


def get_by_id(programme_id: int) -> Programme:
    """The programme of an id. Raises `NotFound`."""
    found = session().scalar(
        select(Programme)
        .where(Programme.id == programme_id)
        .options(selectinload(Programme.partners))
    )
    if found is None:
        raise NotFound("no_programme", _l("There is no such programme."))
    return found


def list_programmes(year: int | None = None) -> Sequence[Programme]:
    """Programmes, of one year or all, the newest year first."""
    query = select(Programme).options(selectinload(Programme.partners))
    if year is not None:
        query = query.where(Programme.year == year)
    return session().scalars(query.order_by(Programme.year.desc(), Programme.id)).all()


def list_years() -> list[int]:
    """Years that have programmes, newest first."""
    return sorted(session().scalars(select(Programme.year).distinct()), reverse=True)


def list_partners() -> Sequence[Partner]:
    """All partners by name."""
    return session().scalars(select(Partner).order_by(Partner.name)).all()


def list_tallies(programme_id: int) -> Sequence[tuple[Tally, Partner | None]]:
    """The counts of a programme with their partners, the newest month first."""
    rows = session().execute(
        select(Tally, Partner)
        .outerjoin(Partner, Partner.id == Tally.partner_id)
        .where(Tally.programme_id == programme_id)
        .order_by(Tally.month_on.desc(), Partner.name, Tally.id)
    )
    return [(tally, partner) for tally, partner in rows]


def list_visits(programme_id: int) -> Sequence[Visit]:
    """The visits of a programme in the order of their days."""
    query = select(Visit).where(Visit.programme_id == programme_id)
    return session().scalars(query.order_by(Visit.visited_on, Visit.id)).all()


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import of a roster, and the nickname of who made it ('' for the system)."""

    done: RosterImport
    by: str
    is_newest: bool
    """Whether no later import of the programme stands: only then it can be undone."""


def list_imports(programme_id: int, *, limit: int = 50) -> list[ImportRow]:
    """The imports of a programme, newest first."""
    rows = session().execute(
        select(RosterImport, Account.nickname)
        .outerjoin(Account, Account.id == RosterImport.imported_by)
        .where(RosterImport.programme_id == programme_id)
        .order_by(RosterImport.id.desc())
        .limit(limit)
    )
    found: list[ImportRow] = []
    newest: int | None = None
    for done, nickname in rows:
        if newest is None and done.undone_at is None:
            newest = done.id
        found.append(ImportRow(done, nickname or "", done.id == newest))
    return found


def last_imports(programme_ids: Iterable[int]) -> dict[int, datetime]:
    """When each programme's roster was last imported; without those that have none standing."""
    rows = session().execute(
        select(RosterImport.programme_id, func.max(RosterImport.imported_at).label("at"))
        .where(
            RosterImport.programme_id.in_(sorted(set(programme_ids))),
            RosterImport.undone_at.is_(None),
        )
        .group_by(RosterImport.programme_id)
    )
    return {row.programme_id: row.at for row in rows}


def get_import(import_id: int) -> RosterImport:
    """The import of an id. Raises `NotFound`."""
    found = session().get(RosterImport, import_id)
    if found is None:
        raise NotFound("no_import", _l("There is no such import."))
    return found


def is_newest_import(done: RosterImport) -> bool:
    """Whether no later import of the same programme stands."""
    later = session().scalar(
        select(RosterImport.id)
        .where(
            RosterImport.programme_id == done.programme_id,
            RosterImport.id > done.id,
            RosterImport.undone_at.is_(None),
        )
        .limit(1)
    )
    return later is None


def find_same_file(programme_id: int, digest: str) -> RosterImport | None:
    """The last import of the very same file into the programme that was not undone, or None."""
    return session().scalar(
        select(RosterImport)
        .where(
            RosterImport.programme_id == programme_id,
            RosterImport.file_digest == digest,
            RosterImport.undone_at.is_(None),
        )
        .order_by(RosterImport.id.desc())
        .limit(1)
    )
