"""What earlier counts said, and the charts that were drawn of them. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.core.db import session
from ideas_app.reports.models import ReportRun
from ideas_app.reports.rules import NAMES, Moved, list_moved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.reports.rules import Outcomes

SHOWN = 20
"""Counts that the desk lists."""


def find_run(run_id: int) -> ReportRun | None:
    """A count, or None."""
    return session().get(ReportRun, run_id)


def find_last_run(year: int) -> ReportRun | None:
    """The newest count of a year, or None."""
    return next(iter(list_runs(year, limit=1)), None)


def list_runs(year: int, *, limit: int = SHOWN) -> Sequence[ReportRun]:
    """The counts of a year, newest first."""
    query = select(ReportRun).where(ReportRun.year == year).order_by(ReportRun.id.desc())
    return session().scalars(query.limit(limit)).all()


def list_changes(runs: Sequence[ReportRun]) -> list[tuple[ReportRun, list[Moved]]]:
    """Each count with what it found different from the one before; the oldest has none."""
    older = [*runs[1:], None][: len(runs)]
    return [
        (run, list_moved(before.figures, run.figures) if before else [])
        for run, before in zip(runs, older, strict=True)
    ]


def list_moved_since(outcomes: Outcomes) -> tuple[ReportRun | None, list[Moved]]:
    """The last count that differs from the present figures' records, and the figures that moved."""
    query = (
        select(ReportRun)
        .where(ReportRun.year == outcomes.year, ReportRun.digest != outcomes.input_digest)
        .order_by(ReportRun.id.desc())
        .limit(1)
    )
    before = session().scalar(query)
    now = {name: getattr(outcomes, name) for name in NAMES}
    return before, list_moved(before.figures, now) if before else []


def find_pictures(outcomes: Outcomes, locale: str) -> dict[str, str]:
    """The charts of exactly these figures by name; empty while they are not drawn."""
    last = find_last_run(outcomes.year)
    if last is None or last.digest != outcomes.input_digest:
        return {}
    return dict(last.pictures.get(locale, {}))
