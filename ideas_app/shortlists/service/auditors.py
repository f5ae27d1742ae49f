"""Naming people who may check the ballots of a small round, and noting when they take the file.

Must not know how they check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.accounts import queries as accounts
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.shortlists import policy
from ideas_app.shortlists.models import RoundAuditor

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round


def name_auditor(actor: Actor, round_: Round, email: str, reason: str) -> None:
    """Lets the person behind an address take the ballot file of this round; logged with its reason.

    Naming somebody twice changes nothing. Raises `Refused`; `Invalid` for an address that no
    confirmed account has, and without a reason.
    """
    policy.may_name_auditors(actor).require()
    account = accounts.find_by_email(email)
    if account is None or account.verified_at is None:
        message = _l("No confirmed account has this address. The person signs up first.")
        raise Invalid(Fault("email", "no_account", message))
    row = {
        "round_id": round_.id,
        "account_id": account.id,
        "named_at": clock.now(),
        "named_by": actor.id,
    }
    if insert_ignore(RoundAuditor, row):
        diff = {"account": account.id}
        audit.record(actor, Tag.ROUND_AUDITOR_NAMED, "round", round_.id, reason=reason, diff=diff)


def remove_auditor(actor: Actor, round_: Round, account_id: int) -> None:
    """Takes the right back. Raises `Refused`."""
    policy.may_name_auditors(actor).require()
    row = session().get(RoundAuditor, (round_.id, account_id))
    if row is not None:
        session().delete(row)
        session().flush()
        diff = {"account": account_id}
        audit.record(actor, Tag.ROUND_AUDITOR_REMOVED, "round", round_.id, diff=diff)


def note_reading(actor: Actor, round_: Round) -> None:
    """Notes that somebody took a ballot file that is not public."""
    audit.record(actor, Tag.ROUND_FILE_READ, "round", round_.id, diff={"digest": round_.digest})
