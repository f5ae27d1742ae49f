"""What people change about their own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from ideas_app.accounts import policy, queries, rules
from ideas_app.accounts.events import PasswordChanged
from ideas_app.accounts.service import attempts
from ideas_app.accounts.service.signing_in import confirm_password, end_other_sessions
from ideas_app.adapters.passwords import hash_password
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.places import NEIGHBOURHOODS

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.accounts.models import Account, Tie
    from ideas_app.core.actor import Actor


def change_nickname(actor: Actor, nickname: str) -> None:
    """Takes another nickname; it shows at once on everything the person wrote. Raises `Invalid`."""
    account = queries.get_account(actor.id)
    if nickname == account.nickname:
        return
    fault = rules.find_nickname_fault(nickname)
    if fault:
        raise Invalid(fault)
    try:
        with session().begin_nested():
            account.nickname = nickname
            account.nickname_key = text.key(nickname) if account.verified_at else None
            session().flush()
    except IntegrityError:
        message = _l("Somebody has this nickname already. Try another.")
        raise Invalid(Fault("nickname", "nickname_taken", message)) from None


def choose_language(actor: Actor, locale: str) -> None:
    """The language of pages and mails. Raises `Invalid` for one that does not exist."""
    if locale not in {"ko", "en"}:
        raise Invalid(Fault("locale", "locale_unknown", _l("Please choose one of the languages.")))
    queries.get_account(actor.id).locale = locale


def say_neighbourhood(actor: Actor, neighbourhood: str) -> None:
    """Says in which part of the city one lives, or with an empty text no longer.

    Raises `Invalid` for a place that the city does not have.
    """
    if neighbourhood and neighbourhood not in NEIGHBOURHOODS:
        message = _l("Please choose one of the list.")
        raise Invalid(Fault("neighbourhood", "neighbourhood_unknown", message))
    queries.get_account(actor.id).neighbourhood = neighbourhood or None


def switch_shortcuts(actor: Actor, *, off: bool) -> None:
    """Whether single letters are keys on the pages of the desk, in every browser of the person."""
    queries.get_account(actor.id).shortcuts_off = off


def change_password(actor: Actor, present: str, password: str) -> None:
    """Sets a new password; the other sessions end. Raises `Invalid`: wrong present one, too easy a new one."""
    account = queries.get_account(actor.id)
    confirm_password(actor, present, field="present")
    fault = rules.find_password_fault(
        password, nickname=account.nickname, email=account.email or ""
    )
    if fault:
        raise Invalid(fault)
    account.password_hash = hash_password(password)
    end_other_sessions(actor)
    publish(PasswordChanged(account.id))


def choose_tie(actor: Actor, tie: Tie) -> None:
    """Says anew how one belongs to the city: it counts from the next vote on, and the log keeps that it changed."""
    account = queries.get_account(actor.id)
    if account.tie is not tie:
        account.tie = tie
        record(actor, Tag.ACCOUNT_CORRECTED, "account", account.id, diff={"field": "tie"})


def correct_birth_date(actor: Actor, born_on: date) -> None:
    """Sets one's own date of birth right, once; later the centre does it on request.

    Ages decide who may vote, so the log keeps that it changed, never from what to what. Raises `Invalid` for a
    day that cannot be, `Refused` the second time.
    """
    account = queries.get_account(actor.id)
    policy.may_correct_birth_date(
        actor, account, was_corrected=queries.was_birth_date_corrected(account.id), now=clock.now()
    ).require()
    _set_birth_date(actor, account, born_on, "")


def correct_birth_date_of(actor: Actor, account: Account, born_on: date, *, reason: str) -> None:
    """Sets somebody's date of birth right, after they proved it to the centre. Raises `Refused`, `Invalid`."""
    policy.may_manage(actor, account, now=clock.now()).require()
    if not reason.strip():
        message = _l("Give a reason: it is kept in the log of rights.")
        raise Invalid(Fault("reason", "reason_missing", message))
    _set_birth_date(actor, account, born_on, reason)


def _set_birth_date(actor: Actor, account: Account, born_on: date, reason: str) -> None:
    fault = rules.find_age_fault(born_on, clock.today())
    if fault:
        raise Invalid(fault)
    if account.born_on != born_on:
        account.born_on = born_on
        told = {"field": "born_on"}
        record(actor, Tag.ACCOUNT_CORRECTED, "account", account.id, reason=reason, diff=told)


def note_download(actor: Actor, password: str) -> None:
    """Lets somebody take away all that is kept of them: the password again, and the log keeps that it happened.

    `count_log_in` comes first. Raises `Invalid` for a wrong password, `TooMany` above some downloads an hour.
    """
    confirm_password(actor, password)
    attempts.count(rules.EXPORTS_PER_ACCOUNT, str(actor.id))
    record(actor, Tag.ACCOUNT_EXPORTED, "account", actor.id)
