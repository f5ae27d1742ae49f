"""The table of counts: what each one found, so that a later one can say what moved.

Must not know how anything is counted.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import Base, instant, intpk, json_object


class ReportRun(Base):
    """One count of a year whose records differed from those of the count before."""

    __tablename__ = "report_run"
    __table_args__ = (Index("ix_report_run_year", "year", "id"),)

    id: Mapped[intpk]
    year: Mapped[int]
    counted_at: Mapped[instant]
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """None where the service counted by itself."""
    digest: Mapped[str] = mapped_column(String(64))
    figures: Mapped[json_object]
    """Every figure by its name. For staff: small ones are not hidden here."""
    pictures: Mapped[json_object]
    """The charts of this count, by language and name, as the public may see them; empty until drawn."""
