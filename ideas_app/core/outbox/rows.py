"""The table of the outbox. Must not know any event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, counter, instant, intpk, json_object
from ideas_app.core.columns import text as long_text

_OPEN = text("done_at IS NULL AND dead_at IS NULL")


class OutboxEvent(Base):
    """One event for one handler, so that a handler that fails does not run the others twice."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        # only what still waits: handled rows, however many, cost a claim nothing
        Index(
            "ix_outbox_event_open",
            "lane",
            "due_at",
            "id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[intpk]
    kind: Mapped[str] = mapped_column(String(80))
    handler: Mapped[str] = mapped_column(String(120))
    lane: Mapped[str] = mapped_column(String(20), default="inside", server_default="inside")
    """Rows of one lane wait for one another only: a slow mail server holds up mail and nothing else."""
    payload: Mapped[json_object]
    happened_at: Mapped[instant]
    due_at: Mapped[instant]
    """When it may be handed out; of a claimed row, when its claim ends."""
    claim: Mapped[str | None] = mapped_column(String(32))
    """The mark of whoever works on it now; None for nobody."""
    attempts: Mapped[counter]
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[long_text | None]
