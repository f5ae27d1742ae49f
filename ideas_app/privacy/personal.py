"""What requests keep of a person: what they asked for and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.core.personal import Balance, Column, Holding, Room, Trace, declare
from ideas_app.privacy import queries, service

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.personal import Rows


def read_requests(account_id: int) -> Rows:
    """The person's own requests."""
    for row in reversed(queries.list_own(account_id)):
        names = ("id", "text", "received_at", "due_on", "extended_to", "extension_reason")
        answered = ("answer", "settled_at")
        values = {name: getattr(row, name) for name in (*names, *answered)}
        yield {
            **values,
            "kind": row.kind.value,
            "about": row.about.value,
            "state": row.state.value,
        }


def preview(account_id: int) -> Iterable[Balance]:
    """A request stays as a line of the register, without words and without its owner."""
    count = len(queries.list_own(account_id))
    words = _l(
        "Only the kind, the days and the outcome stay: the centre has to show that it answered."
    )
    yield Balance(_l("Requests about your data"), count, count, count, words)


declare(
    Room(
        "privacy",
        holdings=(
            Holding(
                key="requests",
                title=_l("Your requests about your data"),
                columns=(
                    Column("id", _l("Request"), "int"),
                    Column("kind", _l("Kind")),
                    Column("about", lazy_pgettext("request", "About")),
                    Column("text", _l("Text")),
                    Column("state", _l("Status")),
                    Column("received_at", _l("Sent"), "datetime"),
                    Column("due_on", _l("To be answered by"), "date"),
                    Column("extended_to", _l("Extended to"), "date"),
                    Column("extension_reason", _l("Reason for more time")),
                    Column("answer", _l("Answer")),
                    Column("settled_at", _l("Decided"), "datetime"),
                ),
                read=read_requests,
                kept=_l(
                    "Your words 30 days after the answer, kind, days and outcome as a register."
                ),
                leaving=_l(
                    "Your words are emptied and the link to you is cut; what is open is dropped."
                ),
                places=("data_request.account_id",),
            ),
        ),
        traces=(Trace(("data_request.settled_by",), "which staff did the work"),),
        forget=service.forget_person,
        preview=preview,
    )
)
