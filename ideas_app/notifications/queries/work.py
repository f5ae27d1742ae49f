"""How much work waits for one of the staff: what the daily mail says. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.answers import queries as answers
from ideas_app.core.db import session
from ideas_app.core.permissions import Permission, has
from ideas_app.moderation import queries as moderation
from ideas_app.notifications.models import Notice
from ideas_app.notifications.queries.inbox import seen_by
from ideas_app.notifications.rules import KINDS, Group
from ideas_app.privacy import queries as privacy
from ideas_app.retention import queries as retention

if TYPE_CHECKING:
    from ideas_app.accounts.models import Account
    from ideas_app.answers.queries import AnswerRow
    from ideas_app.moderation.queries import QueueRow, Waiting
    from ideas_app.privacy.queries import RequestCounts

SOON = 3
"""Working days before its due day from which on an answer is named."""
SHOWN = 5
_COUNTED = frozenset({"appeal_filed", "objection_filed", "promise_due"})
"""Duties that the lists of the desks count already."""
_DUTIES = [
    kind for kind, each in KINDS.items() if each.group is Group.DUTY and kind not in _COUNTED
]


@dataclass(slots=True)
class Work:
    """What waits: counts, and the things that have waited longest."""

    waiting: Waiting | None = None
    oldest: list[QueueRow] = field(default_factory=list)
    overdue: list[AnswerRow] = field(default_factory=list)
    soon: list[AnswerRow] = field(default_factory=list)
    promises: int = 0
    months: int = 0
    """Months of the access log that are over and that nobody has checked."""
    asked: list[Notice] = field(default_factory=list)
    """What was asked of this person and is unread."""
    requests: RequestCounts | None = None
    """People's requests about their data, for those who answer them."""

    @property
    def desk(self) -> int:
        """What a moderator has to act on."""
        return self.waiting.moderation + self.waiting.objections if self.waiting else 0

    @property
    def total(self) -> int:
        """Everything that waits."""
        answers = len(self.overdue) + len(self.soon)
        requests = self.requests.waiting if self.requests else 0
        return self.desk + answers + self.promises + self.months + len(self.asked) + requests

    def __bool__(self) -> bool:
        return self.total > 0


def work_of(account: Account) -> Work:
    """What waits for a member of staff today, by what their role may do.

    An administrator, who may do everything, is told what was asked of them in person, which months of the access
    log are to be checked, and which requests about personal data wait, whose days the law counts.
    """
    work = Work(asked=_list_asked(account.id))
    if has(account.role, Permission.REQUEST_ANSWER):
        work.requests = privacy.count_open()
    if account.role.value == "admin":
        work.months = len(retention.list_unchecked_months())
        return work
    if has(account.role, Permission.IDEA_MODERATE):
        _add_desk(work)
    if has(account.role, Permission.ANSWER_WRITE):
        _add_answers(work)
    return work


def _list_asked(account_id: int) -> list[Notice]:
    query = (
        select(Notice)
        .where(Notice.account_id == account_id, Notice.read_at.is_(None))
        .where(Notice.kind.in_(_DUTIES), seen_by(account_id))
        .order_by(Notice.id)
    )
    return list(session().scalars(query))


def _add_desk(work: Work) -> None:
    work.waiting = moderation.count_waiting()
    work.oldest = moderation.list_queue(moderation.Filters(), limit=SHOWN).rows


def _add_answers(work: Work) -> None:
    inbox = answers.list_inbox()
    work.overdue = [row for row in inbox if row.days_left < 0]
    work.soon = [row for row in inbox if 0 <= row.days_left <= SOON]
    work.promises = answers.count_promises_due()
