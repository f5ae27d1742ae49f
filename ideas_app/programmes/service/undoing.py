"""An import is taken back as a whole, within thirty days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes import policy, queries
from ideas_app.programmes.models import Programme
from ideas_app.programmes.service.importing import lock_rosters
from ideas_app.programmes.service.presences import remove_empty_meetings, take_back_attendance
from ideas_app.programmes.service.storing import take_back

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import RosterImport


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo removed."""

    records: int
    persons: int


def undo_import(actor: Actor, done: RosterImport, reason: str) -> Undone:
    """Removes what an import made and puts back what it changed, so that all stands as before it.

    Persons whom another record names, or who are linked with an account, stay. The newest import of a
    programme goes first. Raises `Refused`; `Invalid` without a reason.
    """
    lock_rosters()
    now = clock.now()
    is_newest = queries.is_newest_import(done)
    policy.may_undo(actor, done, is_newest=is_newest, now=now).require()
    if not reason.strip():
        message = _l("Give a reason: it is kept in the log.")
        raise Invalid(Fault("reason", "reason_missing", message))
    import_id, programme_id = done.id, done.programme_id
    done.undone_at = now
    moved, done.moved = dict(done.moved or {}), {}
    session().flush()
    take_back_attendance(moved)
    records, persons = take_back(import_id, moved)
    remove_empty_meetings(moved.get("meetings") or [])
    programme = queries.get_by_id(programme_id)
    programme.records_count = Programme.records_count - records
    diff = {"import": import_id, "records": records, "persons": persons}
    record(actor, Tag.ROSTER_UNDONE, "programme", programme_id, reason=reason, diff=diff)
    return Undone(records, persons)
