"""Forms of periods and of the monthly check. They check shape only."""

from __future__ import annotations

from wtforms import IntegerField

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField


class PeriodForm(BaseForm):
    """Another number of days for a period, with the reason."""

    days = IntegerField(_l("Days"), [Filled(_l("Write a number of days."))])
    reason = LineField(_l("Reason"), [Filled(), Characters(0, 300)])


class CheckForm(BaseForm):
    """The word under a month's check."""

    note = LinesField(_l("What was looked at and found"), [Filled(), Characters(0, 1000)])
