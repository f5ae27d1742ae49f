"""What notices keep of a person: what they were told, the channels they chose, that daily mails went out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Balance, Column, Holding, Room, declare
from ideas_app.notifications import service
from ideas_app.notifications.models import DailyMail, Notice, NoticeSetting
from ideas_app.notifications.rules import line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.personal import Leaving, Rows


def read_notices(account_id: int) -> Rows:
    """Everything that the person was told, in the words of the inbox."""
    query = select(Notice).where(Notice.account_id == account_id).order_by(Notice.id)
    for notice in session().scalars(query):
        names = ("made_at", "read_at", "mailed_at", "idea_id")
        told = str(line_of(notice.kind, notice.values))
        yield {**{name: getattr(notice, name) for name in names}, "text": told}


def read_settings(account_id: int) -> Rows:
    """The channels that the person chose in place of what is usual."""
    query = select(NoticeSetting).where(NoticeSetting.account_id == account_id)
    for row in session().scalars(query.order_by(NoticeSetting.topic)):
        yield {"topic": row.topic, "in_inbox": row.in_inbox, "mailing": row.mailing.value}


def read_daily(account_id: int) -> Rows:
    """On which days a daily mail was sent."""
    query = select(DailyMail).where(DailyMail.account_id == account_id).order_by(DailyMail.id)
    for row in session().scalars(query):
        yield {"kind": row.kind, "day": row.day, "mailed_at": row.mailed_at}


def preview(account_id: int) -> Iterable[Balance]:
    """All notices go."""
    count = select(func.count(Notice.id)).where(Notice.account_id == account_id)
    yield Balance(_l("Notices"), session().scalar(count) or 0, 0, 0)


def forget(leaving: Leaving) -> None:
    """Deletes what is the person's, and what others were told by their name or of what is gone."""
    service.forget(leaving.account_id, gone=leaving.gone["idea"])


_GONE = _l("Deleted at once.")

declare(
    Room(
        "notifications",
        holdings=(
            Holding(
                key="notices",
                title=_l("Your notices"),
                columns=(
                    Column("made_at", _l("Time"), "datetime"),
                    Column("text", _l("Text")),
                    Column("idea_id", _l("Idea"), "int"),
                    Column("read_at", _l("Read"), "datetime"),
                    Column("mailed_at", _l("Mailed"), "datetime"),
                ),
                read=read_notices,
                kept=_l("Until you leave."),
                leaving=_GONE,
                places=("notice.account_id",),
            ),
            Holding(
                key="channels",
                title=_l("The channels you chose"),
                columns=(
                    Column("topic", _l("Kind")),
                    Column("in_inbox", _l("In the inbox"), "bool"),
                    Column("mailing", _l("By mail")),
                ),
                read=read_settings,
                kept=_l("Until you leave."),
                leaving=_GONE,
                places=("notice_setting.account_id",),
            ),
            Holding(
                key="daily_mails",
                title=_l("Daily mails sent to you"),
                columns=(
                    Column("kind", _l("Kind")),
                    Column("day", _l("Day"), "date"),
                    Column("mailed_at", _l("Mailed"), "datetime"),
                ),
                read=read_daily,
                kept=_l("60 days."),
                leaving=_GONE,
                places=("daily_mail.account_id",),
            ),
        ),
        forget=forget,
        preview=preview,
    )
)
