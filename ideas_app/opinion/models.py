"""The table of opinion maps: at most one for each campaign, and nothing of a person in it.

Must not know how a map is computed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, intpk


class OpinionMap(Base):
    """A campaign's map as it was computed last; the row is there from the first asking on."""

    __tablename__ = "opinion_map"
    __table_args__ = (UniqueConstraint("campaign_id"),)

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    digest: Mapped[str | None] = mapped_column(String(64))
    """Of the votes that the result stands for: the same votes are not computed twice."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What `rules.public_plain` tells: groups, shares and hexagons, never a place or a person."""
    computed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """When it was asked for anew; None when nothing is owed."""
