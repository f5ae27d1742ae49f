"""How long accounts and their traces are kept.

Of the accounts only those of youth end by themselves: a colleague's is closed by an administrator on leaving, and
one that an administrator closed cannot be signed in to, so nobody could answer its warning.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.accounts.events import AccountExpired, AccountExpiring
from ideas_app.accounts.models import Account
from ideas_app.accounts.rules import UNUSED_AT_LEAST
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.permissions import Role
from ideas_app.core.retaining import YEAR, Period, Reason, Subjects, keep, keep_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_DAY = timedelta(days=1)


def list_unused(day: date) -> list[tuple[int, date]]:
    """Accounts of youth that nobody signed in to since the end of a day, each with the day of the last time."""
    seen_at = func.coalesce(Account.seen_at, Account.created_at)
    query = (
        select(Account.id, Account.seen_at, Account.created_at)
        .where(Account.role == Role.YOUTH, Account.deleted_at.is_(None))
        .where(Account.disabled_at.is_(None))
        .where(seen_at < clock.day_start(day + _DAY))
        .order_by(Account.id)
    )
    rows = session().execute(query)
    return [(row.id, clock.local_date(row.seen_at or row.created_at)) for row in rows]


def _announce(account_id: int, goes_on: date, days: int) -> None:
    publish(AccountExpiring(account_id, goes_on.isoformat(), days))


def _expire(account_ids: Sequence[int]) -> int:
    for account_id in account_ids:
        publish(AccountExpired(account_id))
    return len(account_ids)


keep_for(
    Period(
        name="account_unused",
        table="account",
        rows=_l("Accounts that nobody signs in to any more"),
        since=_l("from the last time somebody was signed in"),
        ground=_l("Personal Information Protection Act, Article 21: the purpose has ended"),
        days=2 * YEAR,
        floor=UNUSED_AT_LEAST.days,
        ceiling=5 * YEAR,
        acts=Subjects(list_unused, _announce, _expire),
    )
)
keep(Reason.WITH_ACCOUNT, "consent", "identity", "recovery_code", "second_factor")
# the words that people agreed to, as they stood then
keep(Reason.PROOF, "consent_text")
# a token that is dead goes after 30 days, a living one with its account
keep(Reason.SHORT, "api_token", "attempt", "kept_form", "login_session")
