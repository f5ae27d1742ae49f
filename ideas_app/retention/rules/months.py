"""Months by their first day. Pure."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def next_month(month_on: date) -> date:
    """The first day of the month after."""
    return month_of(month_on + timedelta(days=31))


def months_between(first: date, last: date) -> list[date]:
    """Every month from that of one day to that of another, newest first; none where they are the wrong way round."""
    found, month_on = [], month_of(first)
    while month_on <= last:
        found.append(month_on)
        month_on = next_month(month_on)
    return found[::-1]


def parse_month(typed: str) -> date | None:
    """The month that "2026-10" names, or None."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return None
