"""What an administrator may make of a period. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from ideas_app.core.retaining import Period


def find_days_fault(period: Period, days: int | None) -> Fault | None:
    """Why a number of days cannot be the period, or None."""
    if period.is_fixed:
        return Fault("days", "period_fixed", _l("This period is fixed by what it serves."))
    if days is None or not period.floor <= days <= period.ceiling:
        message = _l(
            "Write a number of days from %(least)s to %(most)s: the law or the purpose sets these bounds.",
            least=period.floor,
            most=period.ceiling,
        )
        return Fault("days", "days_out_of_bounds", message)
    return None
