"""Every table has a period after which its rows go, or a reason for which they stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ideas_app.core.columns import Base
from ideas_app.core.retaining import Period, Rows, keep_for, kept_tables, periods

if TYPE_CHECKING:
    from flask import Flask


def test_every_table_has_a_period_or_a_reason_to_stay(app: Flask) -> None:
    told = {period.table for period in periods()} | set(kept_tables())
    silent = set(Base.metadata.tables) - told
    assert not silent, f"say in the room's `retention` how long these are kept: {sorted(silent)}"
    assert told <= set(Base.metadata.tables), "a table that there is no more"
    both = {period.table for period in periods()} & set(kept_tables())
    assert not both, f"a period and a reason to stay: {sorted(both)}"


def test_every_period_of_rows_counts_from_a_column_that_the_table_has(app: Flask) -> None:
    for period in periods():
        if isinstance(period.acts, Rows):
            assert period.acts.model.__tablename__ == period.table, period.name
            assert period.acts.since.class_ is period.acts.model, period.name


def test_the_law_stands_in_the_bounds(app: Flask) -> None:
    by_name = {period.name: period for period in periods()}
    assert by_name["access_record"].floor > 2 * 365
    assert "audit_entry" in kept_tables(), "rights given and taken: 3 years at least"


def test_a_period_outside_its_own_bounds_is_refused(app: Flask) -> None:
    one = periods()[0]
    values = {name: getattr(one, name) for name in Period.__slots__}
    with pytest.raises(ValueError, match="outside"):
        keep_for(Period(**{**values, "days": one.floor - 1}))
