"""Showing once more who one is, before a grave act: one design for all who sign in.

By the password, by a code of the second factor, by a provider that asks anew, or by a link in a mail. The
session's row keeps when; for `rules.CONFIRMED_FOR` nobody is asked again in that browser. Must not know
which act comes after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.accounts import queries, rules
from ideas_app.accounts.events import ConfirmationAsked
from ideas_app.accounts.models import LoginSession
from ideas_app.accounts.service import attempts
from ideas_app.accounts.service.signing_in import confirm_password
from ideas_app.core import clock, tokens
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

_PURPOSE = "confirm"


def mark_confirmed(actor: Actor) -> None:
    """The actor has just shown in this browser who they are."""
    row = session().get(LoginSession, actor.session_id)
    if row is not None and row.account_id == actor.id:
        row.confirmed_at = clock.now()


def renew_session(actor: Actor) -> str:
    """A new token for the actor's session; the former one opens nothing any more. Raises `Conflict` when it ended."""
    row = session().get(LoginSession, actor.session_id, with_for_update=True)
    if row is None or row.account_id != actor.id:
        raise Conflict("session_ended", _l("You have been logged out meanwhile."))
    token = tokens.new_token()
    row.token_hash = tokens.token_hash(token)
    return token


def confirm_by_password(actor: Actor, password: str) -> None:
    """By the password; `count_log_in` comes first. Raises `Invalid` when it is wrong."""
    confirm_password(actor, password)
    mark_confirmed(actor)


def ask_confirmation(actor: Actor) -> None:
    """By mail: asks for the link. Raises `TooMany`, and `Conflict` for an account without a proved address."""
    account = queries.get_account(actor.id)
    if not account.email_key or not account.verified_at or actor.session_id is None:
        raise Conflict("no_address", _l("There is no confirmed address to send a mail to."))
    attempts.count(rules.MAIL_PER_ACCOUNT, account.email_key)
    publish(ConfirmationAsked(account.id, actor.session_id))


def confirmation_token(account_id: int, session_id: int) -> str | None:
    """What the mail carries: good once, in the browser that asked. None when that browser has signed out."""
    row = session().get(LoginSession, session_id, populate_existing=True)
    if row is None or row.account_id != account_id:
        return None
    return tokens.sign(_PURPOSE, [account_id, session_id, _stamp(row)])


def is_confirmation(actor: Actor, token: str) -> bool:
    """Whether a mailed link was asked for in this very browser and is good."""
    life = int(rules.CONFIRM_LINK_LIFE.total_seconds())
    row = session().get(LoginSession, actor.session_id) if actor.session_id else None
    wanted = [actor.id, actor.session_id, _stamp(row)] if row else None
    return wanted is not None and tokens.unsign(_PURPOSE, token, max_age=life) == wanted


def confirm_by_link(actor: Actor, token: str) -> None:
    """By the mailed link. Raises `Conflict` for a link that is used, too old or of another browser."""
    if not is_confirmation(actor, token):
        message = _l("This link is no longer good, or was asked for in another browser.")
        raise Conflict("link_dead", message)
    mark_confirmed(actor)


def _stamp(row: LoginSession) -> str:
    """Changes with each confirmation, so that a link is good once."""
    return row.confirmed_at.isoformat() if row.confirmed_at else ""
