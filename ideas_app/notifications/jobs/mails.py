"""The mails of notices. All are sent outside a transaction: a slow mail server must not hold up votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import handles
from ideas_app.notifications import queries, service
from ideas_app.notifications.events import DailyMailBegun, NoticeMade
from ideas_app.notifications.models import Daily
from ideas_app.notifications.rules import arrange, is_quiet
from ideas_app.web.email import deliver

if TYPE_CHECKING:
    from ideas_app.accounts.models import Account
    from ideas_app.adapters.mail import Mail
    from ideas_app.notifications.models import DailyMail


@handles(NoticeMade, outside=True, lane="mail")
def mail_notice(event: NoticeMade) -> None:
    """Sends the mail of a notice and notes that it went out; one mailed already is left alone, and at night
    it waits for the morning.
    """
    if is_quiet(clock.now()):
        with transaction():
            service.postpone(event.notice_id)
        return
    found = queries.find_to_mail(event.notice_id)
    if found is None:
        return
    notice, account = found
    mail = service.write_notice(account, notice)
    session().rollback()  # nothing stays open while the mail server is asked
    deliver(mail)
    with transaction():
        service.note_mailed(event.notice_id)


@handles(DailyMailBegun, outside=True, lane="mail")
def mail_daily(event: DailyMailBegun) -> None:
    """Sends a digest, or the mail about waiting work, unless there is nothing to say any more."""
    if is_quiet(clock.now()):
        with transaction():
            service.postpone_daily(event.daily_id)
        return
    found = queries.find_daily(event.daily_id)
    mail = _write_daily(*found) if found else None
    session().rollback()
    if mail is None:
        return
    deliver(mail)
    with transaction():
        service.note_daily_mailed(event.daily_id)


def _write_daily(daily: DailyMail, account: Account) -> Mail | None:
    # by person and day: SQLite may give the id of a deleted row again
    key = f"{daily.kind}-{daily.account_id}-{daily.day.isoformat()}"
    if daily.kind == Daily.WORK.value:
        work = queries.work_of(account)
        return service.write_work(account, work, key=key) if work else None
    notices = queries.list_for_digest(daily)
    if not notices:
        return None
    digest = arrange(notices, lambda notice: notice.idea_id)
    return service.write_digest(account, digest, key=key)
