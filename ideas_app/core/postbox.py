"""What became of each mail: a row a mail, under a key that is the same for every attempt at it.

What is guaranteed. A mail is never sent twice by itself, and never forgotten. Mail servers cannot be asked
afterwards whether they took a message, and a commit of theirs and one of ours cannot be made one: between the
dot that ends a message and the server's "250" there is a moment in which a killed process knows neither. So
everything that can be done before that moment is done before it (connection, sender, receiver, the whole text),
the row says HANDING before the dot is sent and SENT after the answer. A worker killed before HANDING left
nothing behind at the server, which throws a message without its dot away: it is sent again. One killed after it
leaves a mail that is UNSURE: it is not sent again by itself, and stands among what failed, where an
administrator may send it again. Losing the answer is the only way to get there (RFC 5321 4.1.1.4, RFC 1047).

Holds no address, no subject and no text. Must not know how mail is sent, nor what it is about.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core import clock
from ideas_app.core.columns import Base, counter, enum_column, instant, intpk, str80, str200
from ideas_app.core.db import insert_ignore, session, transaction

if TYPE_CHECKING:
    from collections.abc import Sequence


class MailState(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    HANDING = "handing"
    """The text is with the server; the dot that makes it count is being sent."""
    SENT = "sent"
    UNSURE = "unsure"
    """Whoever sent the dot did not live to hear the answer."""
    FAILED = "failed"
    """The server refused the receiver or the message for good."""


class MailDelivery(Base):
    """One mail to one person."""

    __tablename__ = "mail_delivery"
    __table_args__ = (
        Index("ix_mail_delivery_state", "state", "id"),
        Index("ix_mail_delivery_event_id", "event_id"),
    )

    id: Mapped[intpk]
    key: Mapped[str200] = mapped_column(unique=True)
    state: Mapped[MailState] = mapped_column(enum_column(MailState), default=MailState.QUEUED)
    attempts: Mapped[counter]
    error: Mapped[str80 | None]
    """The kind of the last fault and the server's number; never its words, which may hold the address."""
    event_id: Mapped[int | None]
    """The event of the outbox that wants it sent, so that it can be asked for again."""
    made_at: Mapped[instant]
    handing_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


def find_state(key: str) -> MailState:
    """Where a mail stands before an attempt at it; one that was never tried is QUEUED.

    Found HANDING, the mail becomes UNSURE: whoever sent its dot no longer holds the event.
    """
    query = select(MailDelivery.state).where(MailDelivery.key == key)
    state = session().scalar(query)
    session().rollback()
    if state is MailState.HANDING:
        note(key, MailState.UNSURE, "WorkerLost")
        return MailState.UNSURE
    return state or MailState.QUEUED


def begin_handing(key: str, event_id: int | None) -> bool:
    """Notes, before the dot, that it is about to be sent; False when another process is at it."""
    with transaction() as current:
        _make(key, event_id)
        found = current.execute(
            update(MailDelivery)
            .where(MailDelivery.key == key, MailDelivery.state == MailState.QUEUED)
            .values(
                state=MailState.HANDING,
                event_id=event_id,
                attempts=MailDelivery.attempts + 1,
                handing_at=clock.now(),
            )
            .returning(MailDelivery.id)
            .execution_options(synchronize_session=False)
        )
        return len(found.all()) == 1


def note(
    key: str, state: MailState, error: str | None = None, *, event_id: int | None = None
) -> None:
    """Notes how an attempt ended. One that never came to the dot counts as an attempt too."""
    with transaction():
        row = _find_locked(key)
        if row is None:
            _make(key, event_id)
            row = _find_locked(key)
        if row is None:
            return  # forgotten in this very moment: nothing to note it on
        if row.state is MailState.QUEUED:
            row.attempts += 1
        row.state, row.error = state, error
        if state is MailState.SENT:
            row.sent_at = clock.now()


def _find_locked(key: str) -> MailDelivery | None:
    query = select(MailDelivery).where(MailDelivery.key == key).with_for_update()
    return session().scalars(query.execution_options(populate_existing=True)).one_or_none()


def _make(key: str, event_id: int | None) -> None:
    made = {"key": key, "state": MailState.QUEUED, "event_id": event_id, "made_at": clock.now()}
    insert_ignore(MailDelivery, made)


def count_by_state() -> dict[MailState, int]:
    """How many mails stand where."""
    query = select(MailDelivery.state, func.count(MailDelivery.id)).group_by(MailDelivery.state)
    return {row[0]: row[1] for row in session().execute(query)}


def list_of_events(event_ids: Sequence[int]) -> dict[int, MailDelivery]:
    """By event, the mail that may or may not have arrived."""
    query = select(MailDelivery).where(
        MailDelivery.event_id.in_(event_ids), MailDelivery.state == MailState.UNSURE
    )
    return {row.event_id: row for row in session().scalars(query) if row.event_id is not None}


def release(event_id: int) -> None:
    """Lets the unsure mails of an event be sent again: somebody has decided so."""
    session().execute(
        update(MailDelivery)
        .where(MailDelivery.event_id == event_id, MailDelivery.state == MailState.UNSURE)
        .values(state=MailState.QUEUED)
    )


def forget(before: datetime) -> None:
    """Deletes the rows of mails that were settled before an instant."""
    settled = MailDelivery.state.in_((MailState.SENT, MailState.FAILED))
    session().execute(
        delete(MailDelivery)
        .where(settled, MailDelivery.made_at < before)
        .execution_options(synchronize_session=False)
    )
