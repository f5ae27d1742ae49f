"""An administrator signs that a month of the access log was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.audit.models import AccessRecord
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.retention import policy, queries
from ideas_app.retention.models import AccessCheck
from ideas_app.retention.queries.access import digest_of
from ideas_app.retention.rules.months import next_month

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.core.actor import Actor


def sign_check(actor: Actor, month_on: date, note: str) -> None:
    """Keeps who checked a month, when, what was found, and the fingerprint of the records it speaks of.

    Raises `Refused` (not an administrator, the month not over, checked already), `Invalid` without a note.
    """
    checked = queries.check_of(month_on) is not None
    policy.may_check(actor, month_on, is_checked=checked, today=clock.today()).require()
    if not note.strip():
        message = _l("Write what you looked at and found, be it nothing odd.")
        raise Invalid(Fault("note", "note_missing", message))
    begins, ends = clock.day_start(month_on), clock.day_start(next_month(month_on))
    counted = select(func.count()).select_from(AccessRecord)
    values = {
        "month_on": month_on,
        "checked_by": actor.id,
        "checked_at": clock.now(),
        "records": session().scalar(
            counted.where(AccessRecord.at >= begins, AccessRecord.at < ends)
        ),
        "digest": digest_of(month_on),
        "note": note.strip(),
    }
    if not insert_ignore(AccessCheck, values):
        raise Conflict("checked", _l("This month is checked already. A check is never changed."))
