"""Certificates of participation: a person has their own record printed, and anybody who holds the paper may
ask whether it is genuine.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.accounts.rules import Limit
from ideas_app.accounts.service.attempts import count
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes import queries
from ideas_app.programmes.models import Certificate
from ideas_app.programmes.rules.certificates import ALPHABET, LENGTH, read_code, write_code
from ideas_app.programmes.rules.names import name_key

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

CHECK_PER_ADDRESS = Limit("certificate-address", 30, timedelta(minutes=10))


def issue_certificate(actor: Actor, participation_id: int) -> queries.CertificateView:
    """The certificate of one's own record, with a check code that stays the same each time.

    Raises `NotFound` for somebody else's record, as for one that is not there.
    """
    own = queries.get_own_record(actor.id, participation_id)
    _draw_code(own.id)
    return queries.view_certificate(own.id)


def issue_year(actor: Actor, year: int) -> list[queries.OwnRecord]:
    """One's own records of a year, each with its check code, for one paper. Raises `NotFound` where there is
    none.
    """
    for each in queries.list_own_records(actor.id, year):
        _draw_code(each.record.id)
    found = queries.list_own_records(actor.id, year)
    if not found:
        raise NotFound("no_record", _l("There is no such record."))
    return found


def _draw_code(participation_id: int) -> None:
    """Gives a record its code, unless it has one."""
    values = {
        "participation_id": participation_id,
        "code": write_code(secrets.randbelow(len(ALPHABET) ** LENGTH)),
        "made_at": clock.now(),
    }
    insert_ignore(Certificate, values)


def check_certificate(typed: str, name: str, *, address: str) -> bool:
    """Whether a certificate with this code stands on the rosters today, under this name where one is given.

    Yes or no, never more: whoever holds the paper has the rest before their eyes. Raises `TooMany`.
    """
    count(CHECK_PER_ADDRESS, address)
    code = read_code(typed)
    found = queries.find_certified_name(code) if code else None
    return found is not None and (not name.strip() or name_key(name) == name_key(found))
