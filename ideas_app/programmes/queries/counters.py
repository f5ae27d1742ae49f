"""Counters against their rows, for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.programmes.models import Participation, Programme, Tally

if TYPE_CHECKING:
    from sqlalchemy import Select


def find_wrong_counters() -> list[str]:
    """Programmes whose counters differ from their rows, in words for the operator."""
    records = _numbers(
        select(Participation.programme_id, func.count()).group_by(Participation.programme_id)
    )
    tallied = _numbers(
        select(Tally.programme_id, func.sum(Tally.participants)).group_by(Tally.programme_id)
    )
    rows = session().execute(
        select(
            Programme.id, Programme.slug, Programme.records_count, Programme.tallied_count
        ).order_by(Programme.id)
    )
    wrong = []
    for programme_id, slug, records_count, tallied_count in rows:
        for name, counted, stored in (
            ("records", records.get(programme_id, 0), records_count),
            ("tallied", tallied.get(programme_id, 0), tallied_count),
        ):
            if counted != stored:
                wrong.append(f"programme {slug}: {name} {stored}, rows say {counted}")
    return wrong


def _numbers(query: Select[Any, Any]) -> dict[int, int]:
    return {row[0]: int(row[1] or 0) for row in session().execute(query)}
