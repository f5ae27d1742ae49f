"""What is to go out by mail, and to whom. Must not change anything.

A notice is looked at again right before its mail: what was read, hidden or switched off meanwhile stays
where it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, select

from ideas_app.accounts.models import Account
from ideas_app.comments import queries as comments
from ideas_app.core.db import session
from ideas_app.core.permissions import STAFF
from ideas_app.notifications.models import Daily, DailyMail, Mailing, Notice
from ideas_app.notifications.queries.inbox import seen_by
from ideas_app.notifications.queries.settings import settings_of, settings_of_all
from ideas_app.notifications.rules import Group, Why, group_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ideas_app.notifications.queries.settings import Settings


def _gets_mail() -> ColumnElement[bool]:
    """Whether an account can be reached by mail."""
    return and_(
        Account.email.is_not(None),
        Account.verified_at.is_not(None),
        Account.disabled_at.is_(None),
        Account.deleted_at.is_(None),
    )


def find_to_mail(notice_id: int) -> tuple[Notice, Account] | None:
    """A notice that is still to be mailed and its receiver: not mailed yet, its thing not hidden meanwhile,
    its mail not switched off.
    """
    row = (
        session()
        .execute(
            select(Notice, Account)
            .join(Account, Account.id == Notice.account_id)
            .where(Notice.id == notice_id, Notice.mailed_at.is_(None), _gets_mail())
            .where(seen_by(Notice.account_id))
            .execution_options(populate_existing=True)
        )
        .one_or_none()
    )
    if row is None or not _is_told_still(row[0], settings_of(row[1].id)):
        return None
    return row[0], row[1]


def _is_told_still(notice: Notice, settings: Settings) -> bool:
    """Whether a notice still says something that can be seen, and is wanted by mail."""
    if settings.of(group_of(notice.kind)).mailing is Mailing.NONE:
        return False
    comment = comments.find_comment(notice.values.get("comment_id"))
    is_own = notice.values.get("why") == Why.WRITER and notice.kind != "reply"
    return comment is None or is_own or comments.is_visible(comment)


def list_waiting_for_digest(day: date) -> Sequence[int]:
    """The accounts that have something for the digest of a day and whose digest was not begun yet."""
    begun = exists().where(
        DailyMail.account_id == Notice.account_id,
        DailyMail.kind == Daily.DIGEST.value,
        DailyMail.day == day,
    )
    query = (
        select(Notice.account_id)
        .join(Account, Account.id == Notice.account_id)
        .where(Notice.mailing == Mailing.DIGEST, Notice.digest_on.is_(None))
        .where(Notice.read_at.is_(None), _gets_mail(), ~begun)
    )
    return session().scalars(query.distinct().order_by(Notice.account_id)).all()


def list_staff_at_work(day: date) -> list[int]:
    """Staff who want the daily mail about waiting work and whose mail of a day was not begun yet."""
    begun = exists().where(
        DailyMail.account_id == Account.id,
        DailyMail.kind == Daily.WORK.value,
        DailyMail.day == day,
    )
    query = select(Account.id).where(Account.role.in_(STAFF), _gets_mail(), ~begun)
    settings = settings_of_all(session().scalars(query.order_by(Account.id)).all())
    return [one for one in settings if settings[one].of(Group.WORK).mailing is not Mailing.NONE]


def find_daily(daily_id: int) -> tuple[DailyMail, Account] | None:
    """A daily mail that has not gone out, and its receiver, if that person still gets mail."""
    row = (
        session()
        .execute(
            select(DailyMail, Account)
            .join(Account, Account.id == DailyMail.account_id)
            .where(DailyMail.id == daily_id, DailyMail.mailed_at.is_(None), _gets_mail())
            .execution_options(populate_existing=True)
        )
        .one_or_none()
    )
    return (row[0], row[1]) if row else None


def list_for_digest(daily: DailyMail) -> list[Notice]:
    """What a digest says, newest first: unread, to be seen, wanted, and not mailed at once."""
    query = (
        select(Notice)
        .where(Notice.account_id == daily.account_id, Notice.digest_on == daily.day)
        .where(Notice.read_at.is_(None), Notice.mailed_at.is_(None))
        .where(seen_by(daily.account_id))
        .order_by(Notice.id.desc())
    )
    settings = settings_of(daily.account_id)
    return [notice for notice in session().scalars(query) if _is_told_still(notice, settings)]
