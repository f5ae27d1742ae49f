"""What comes round by itself: the daily mails, and forgetting that they went out. Running twice does no harm."""

from __future__ import annotations

from ideas_app.adapters.holidays import is_day_off
from ideas_app.core import housekeeping
from ideas_app.notifications import service


@housekeeping.hourly
def begin_digests() -> None:
    """From 8 o'clock on, one digest a person and day."""
    service.begin_digests()


@housekeeping.hourly
def begin_work_mails() -> None:
    """From 8 o'clock of a working day on, one mail to each of the staff for whom work waits."""
    service.begin_work_mails(is_day_off)


@housekeeping.hourly
def forget_daily_mails() -> None:
    """Daily mails of long ago serve nothing any more."""
    service.forget_daily()
