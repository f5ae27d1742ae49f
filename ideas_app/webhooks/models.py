"""Tables of webhooks: who is told, and what became of each message.

No message is kept: its body is made when it is sent, of what is public then.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import (
    Base,
    counter,
    enum_column,
    instant,
    intpk,
    json_list,
    json_object,
    str20,
    str40,
    str80,
)


class Endpoint(Base):
    """An address of somebody else's machine, with what it wants to hear of."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[intpk]
    name: Mapped[str80]
    address: Mapped[str] = mapped_column(String(500))
    events: Mapped[json_list]
    """Values of `rules.Event`."""
    secret: Mapped[str80]
    """Readable, as both sides sign with it; it opens nothing here, and pages show it once."""
    old_secret: Mapped[str80 | None]
    old_secret_until: Mapped[datetime | None]
    """Until then messages carry a signature of each secret, so that the receiver can change in peace."""
    is_on: Mapped[bool]
    off_because: Mapped[str20 | None]
    """"hand", "failing" or "gone"."""
    failures: Mapped[counter]
    """Failed tries since the last message that arrived."""
    failing_since: Mapped[datetime | None]
    made_at: Mapped[instant]


class DeliveryState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"
    """By the time it was to be sent, what it spoke of was no longer public."""


class Delivery(Base):
    """One message to one endpoint."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index("ix_webhook_delivery_endpoint_id", "endpoint_id", "id"),)

    id: Mapped[intpk]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    message_id: Mapped[str40] = mapped_column(unique=True)
    event: Mapped[str40]
    subject: Mapped[json_object]
    """The ids that the event named."""
    state: Mapped[DeliveryState] = mapped_column(
        enum_column(DeliveryState), default=DeliveryState.WAITING
    )
    tries: Mapped[counter]
    status: Mapped[int | None]
    error: Mapped[str80 | None]
    took_ms: Mapped[int | None]
    happened_at: Mapped[instant]
    tried_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
