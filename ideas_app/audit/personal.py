"""What the log keeps of a person: their own acts. It can never be changed, so it holds numbers, never names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import queries
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Column, Holding, Room, Trace, declare

if TYPE_CHECKING:
    from ideas_app.core.personal import Rows


def read_acts(account_id: int) -> Rows:
    """What the person did, and what was done to the account."""
    for entry in queries.list_of_person(account_id):
        yield {
            "at": entry.at,
            "tag": entry.tag,
            "subject": f"{entry.subject_type} {entry.subject_id or ''}".strip(),
            "is_own": entry.actor_id == account_id,
            "reason": entry.reason,
        }


declare(
    Room(
        "audit",
        holdings=(
            Holding(
                key="log",
                title=_l("What the log says of you"),
                columns=(
                    Column("at", _l("Time"), "datetime"),
                    Column("tag", _l("Act")),
                    Column("subject", _l("Thing")),
                    Column("is_own", _l("Done by you"), "bool"),
                    Column("reason", _l("Reason")),
                ),
                read=read_acts,
                kept=_l("For good: the log proves that nothing was changed in secret."),
                leaving=_l(
                    "It stays with a number that belongs to nobody any more; it holds no name."
                ),
                places=("audit_entry.actor_id", "audit_entry.subject_id"),
            ),
        ),
        traces=(Trace(("access_record.actor_id",), "which staff looked at people's data"),),
    )
)
