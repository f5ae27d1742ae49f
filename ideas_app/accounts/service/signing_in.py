"""Signing in and out, and a new password by mail.

A log-in is three steps, so that the slow hash is worked out while no transaction is open: `count_log_in`,
`queries.check_password`, `start_session`. Must not know the cookie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from ideas_app.accounts import queries, rules
from ideas_app.accounts.events import PasswordChanged, ResetAsked
from ideas_app.accounts.models import Account, ApiToken, LoginSession
from ideas_app.accounts.service import attempts
from ideas_app.accounts.service.joining import verify
from ideas_app.adapters.passwords import hash_password
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.tokens import new_token, token_hash

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.core.actor import Actor


def count_log_in(email: str, address: str) -> None:
    """Counts a try before the password is looked at; `start_session` takes it back. Raises `TooMany`."""
    attempts.count(rules.LOGIN_PER_ADDRESS, address)
    attempts.count(rules.LOGIN_PER_ACCOUNT, rules.email_key(email))


def start_session(
    account_id: int,
    *,
    browser: str = "",
    address: str = "",
    is_confirmed: bool = False,
    has_factor: bool = False,
) -> str:
    """A new session for an account whose password was right; its token, which only the browser keeps.

    `is_confirmed`: the password or a code was typed just now; `has_factor`: a code of the second factor was.
    Raises `Invalid` when the account is closed.
    """
    account = queries.get_account(account_id)
    require_open(account)
    attempts.forgive(rules.LOGIN_PER_ACCOUNT, str(account.email_key))
    attempts.forgive(rules.LOGIN_PER_ADDRESS, address, tries=1)
    now = clock.now()
    session().execute(
        delete(LoginSession).where(
            LoginSession.account_id == account_id,
            LoginSession.seen_at < now - rules.IDLE_LIFE[False],
        )
    )
    account.seen_at = now
    token = new_token()
    session().add(
        LoginSession(
            token_hash=token_hash(token),
            account_id=account_id,
            created_at=now,
            seen_at=now,
            browser=rules.browser_name(browser),
            confirmed_at=now if is_confirmed else None,
            factor_at=now if has_factor else None,
        )
    )
    return token


def require_open(account: Account) -> None:
    """Raises `Invalid` when the account is closed."""
    if account.disabled_at or account.deleted_at:
        message = _l(
            "This account is closed. Please write to the centre if you think that is wrong."
        )
        raise Invalid(Fault("email", "account_closed", message))


def confirm_password(actor: Actor, password: str, *, field: str = "password") -> None:
    """The actor's own password, asked again before a grave act; `count_log_in` comes first.

    Who has none must have shown another way, a moment ago, who they are: see `service.confirming`. Raises
    `Invalid` at the given field when the password is wrong, or the person did not.
    """
    if not actor.has_password:
        if not actor.is_confirmed:
            message = _l("Please show first that it is you.")
            raise Invalid(Fault(field, "confirm_first", message))
        return
    if not queries.is_password_of(actor.id, password):
        raise Invalid(Fault(field, "password_wrong", _l("This is not your password.")))
    attempts.forgive(rules.LOGIN_PER_ACCOUNT, str(queries.get_account(actor.id).email_key))


def end_session(token: str | None) -> None:
    """Logs one browser out: a copy of its cookie opens nothing from now on."""
    if token:
        session().execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))


def end_other_sessions(actor: Actor) -> None:
    """Logs out every browser of the actor but this one."""
    session().execute(
        delete(LoginSession).where(
            LoginSession.account_id == actor.id, LoginSession.id != actor.session_id
        )
    )


def ask_reset(email: str, *, address: str) -> None:
    """Asks for the mail with the link to a new password; the same for an unknown address.

    Raises `TooMany` after 5 mails in an hour, whoever the address belongs to.
    """
    attempts.count(rules.MAIL_PER_ADDRESS, address)
    attempts.count(rules.MAIL_PER_ACCOUNT, rules.email_key(email))
    account = queries.find_by_email(email)
    if account and not account.disabled_at:
        publish(ResetAsked(account.id))


def reset_password(token: str, password: str) -> None:
    """Sets a new password by the link of a mail, once; every session ends, and the address is proved.

    Raises `Conflict` when the link is no longer good, `Invalid` when the password is too easy.
    """
    account = queries.find_by_reset_token(token)
    if account is None:
        raise Conflict(
            "link_dead", _l("This link was used or is too old. Please ask for a new one.")
        )
    fault = rules.find_password_fault(
        password, nickname=account.nickname, email=account.email or ""
    )
    if fault:
        raise Invalid(fault)
    verify(account)
    set_password(account, password)
    publish(PasswordChanged(account.id))


def set_password(account: Account, password: str) -> None:
    """Sets a password that the caller has judged; every session of the account ends, and every token with
    them: whoever made one meanwhile is out.
    """
    account.password_hash = hash_password(password)
    session().execute(delete(ApiToken).where(ApiToken.account_id == account.id))
    session().execute(delete(LoginSession).where(LoginSession.account_id == account.id))
    attempts.forgive(rules.LOGIN_PER_ACCOUNT, str(account.email_key))


def forget_sessions(made_before: datetime) -> None:
    """Deletes sessions that are too old to be used again."""
    session().execute(delete(LoginSession).where(LoginSession.created_at < made_before))
