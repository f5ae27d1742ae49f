"""The table of bundles of open data, as they are handed out. Must not know what they hold."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideas_app.campaigns.models import Campaign
from ideas_app.core.columns import Base, day, instant, intpk, json_list

PRESENT = 0
"""The edition that follows the data; those from 1 on are kept unchanged."""


class OpenBundle(Base):
    """All open data of one campaign in one language, as one ZIP file."""

    __tablename__ = "open_bundle"
    __table_args__ = (UniqueConstraint("campaign_id", "lang", "edition"),)

    id: Mapped[intpk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    lang: Mapped[str] = mapped_column(String(8))
    edition: Mapped[int]
    as_of: Mapped[day]
    """The day of the data: since then nothing in it has changed until `checked_at`."""
    data_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what the tables say, without the day: the same data has the same."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file, in hex."""
    size: Mapped[int]
    files: Mapped[json_list]
    """What lies in it, as `rules.PackedFile` in plain values."""
    holds: Mapped[json_list] = mapped_column(deferred=True)
    """Ids of the ideas whose text it holds: hidden or taken back, they close the file."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[instant]
    checked_at: Mapped[instant]

    campaign: Mapped[Campaign] = relationship(lazy="raise_on_sql")
