"""Reads of periods, of the register and of the access log's months. Must not change anything."""

from __future__ import annotations

from ideas_app.retention.queries.access import (
    Month,
    MonthRow,
    check_of,
    list_months,
    list_unchecked_months,
    read_month,
)
from ideas_app.retention.queries.periods import (
    PeriodRow,
    Plan,
    count_destroyed,
    plan_of,
    read_periods,
)
from ideas_app.retention.queries.register import RegisterLine, find_register_break, list_register

__all__ = (
    "Month",
    "MonthRow",
    "PeriodRow",
    "Plan",
    "RegisterLine",
    "check_of",
    "count_destroyed",
    "find_register_break",
    "list_months",
    "list_register",
    "list_unchecked_months",
    "plan_of",
    "read_month",
    "read_periods",
)
