"""Mails about accounts. Links with tokens are made here, at the last moment: they are kept nowhere.

Must not know rooms above. All run outside a transaction: a slow mail server must not hold up votes.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ideas_app.accounts import queries, rules, service
from ideas_app.accounts.events import (
    AccountExpired,
    AccountExpiring,
    ConfirmationAsked,
    PasswordChanged,
    RegisteredAgain,
    ResetAsked,
    VerificationAsked,
    WaysInChanged,
)
from ideas_app.accounts.models import Account
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session
from ideas_app.web.email import compose, deliver, link

TRIES_KEPT = timedelta(hours=23)
"""With an hour between two rounds of housekeeping, nothing is kept for longer than a day."""


TOKENS_KEPT = timedelta(days=30)
"""How long a token that opens nothing any more can still be looked into."""


@housekeeping.hourly
def forget_old_traces() -> None:
    """Counts of tries go within a day, as the privacy notice says, and what can no longer be used:
    sessions, tokens, forms that nobody sent after all.
    """
    service.forget_tries(clock.now() - TRIES_KEPT)
    service.forget_sessions(clock.now() - max(rules.ABSOLUTE_LIFE.values()))
    service.forget_kept_before(clock.now() - rules.KEPT_FOR)
    service.forget_tokens(clock.now() - TOKENS_KEPT)


@outbox.handles(AccountExpired)
def erase_unused(event: AccountExpired) -> None:
    """Whoever did not come although asked twice is forgotten as if they had left."""
    service.erase_unused(event.account_id)


@outbox.handles(VerificationAsked, outside=True, lane="mail")
def mail_verification(event: VerificationAsked) -> None:
    """The link that proves the address."""
    account = _find_open(event.account_id)
    if account and account.verified_at is None:
        token = queries.verify_token(account)
        days = rules.VERIFY_LIFE.days
        _send("verify", account, address=link("accounts.verify", token=token), days=days)


@outbox.handles(RegisteredAgain, outside=True, lane="mail")
def mail_known_address(event: RegisteredAgain) -> None:
    """Tells the owner of an address, and nobody else, that it has an account already."""
    account = _find_open(event.account_id)
    if account:
        login, reset = link("accounts.login"), link("accounts.reset_request")
        _send("registered_again", account, login=login, reset=reset)


@outbox.handles(ResetAsked, outside=True, lane="mail")
def mail_reset(event: ResetAsked) -> None:
    """The link to a new password."""
    account = _find_open(event.account_id)
    if account:
        token = queries.reset_token(account)
        minutes = _minutes(rules.RESET_LIFE)
        _send("reset", account, address=link("accounts.reset", token=token), minutes=minutes)


@outbox.handles(PasswordChanged, outside=True, lane="mail")
def mail_password_changed(event: PasswordChanged) -> None:
    """Tells the owner that the password is a new one, in case it was somebody else."""
    account = _find_open(event.account_id)
    if account:
        _send("password_changed", account, reset=link("accounts.reset_request"))


@outbox.handles(AccountExpiring, outside=True, lane="mail")
def mail_expiring(event: AccountExpiring) -> None:
    """Asks the owner of an account that nobody uses to sign in, 30 and 7 days before it goes."""
    account = _find_open(event.account_id)
    if account:
        day, address = date.fromisoformat(event.goes_on), link("accounts.login")
        _send("account_expiring", account, day=day, days=event.days, address=address)


@outbox.handles(WaysInChanged, outside=True, lane="mail")
def mail_ways_in(event: WaysInChanged) -> None:
    """Tells the owner that the ways to log in have changed, in case it was somebody else."""
    account = _find_open(event.account_id)
    if account:
        _send("ways_in", account, what=event.what, settings=link("accounts.settings"))


@outbox.handles(ConfirmationAsked, outside=True, lane="mail")
def mail_confirmation(event: ConfirmationAsked) -> None:
    """The link by which somebody without a password shows who they are."""
    account = _find_open(event.account_id)
    token = service.confirmation_token(event.account_id, event.session_id) if account else None
    if account and token:
        minutes = _minutes(rules.CONFIRM_LINK_LIFE)
        address = link("accounts.confirm_mailed", token=token)
        _send("confirm", account, address=address, minutes=minutes)


def _find_open(account_id: int) -> Account | None:
    account = session().get(Account, account_id, populate_existing=True)
    is_open = account and account.email and not account.disabled_at and not account.deleted_at
    return account if is_open else None


def _send(kind: str, account: Account, **values: Any) -> None:
    key = f"{kind}-{outbox.once_key()}"
    told = {"key": key, "nickname": account.nickname, **values}
    mail = compose(kind, str(account.email), account.locale, **told)
    session().rollback()  # nothing stays open while the mail server is asked
    deliver(mail)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
