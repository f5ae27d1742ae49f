"""How long notices are kept."""

from __future__ import annotations

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.retaining import YEAR, Period, Reason, Rows, keep, keep_for
from ideas_app.notifications.models import Notice

keep_for(
    Period(
        name="notice",
        table="notice",
        rows=_l("Notices, read or not"),
        since=_l("from the day of the notice"),
        ground=_l("Personal Information Protection Act, Article 21: the purpose has ended"),
        days=2 * YEAR,
        floor=30,
        ceiling=5 * YEAR,
        acts=Rows(Notice, Notice.made_at),
    )
)
keep(Reason.WITH_ACCOUNT, "notice_setting")
keep(Reason.SHORT, "daily_mail")
