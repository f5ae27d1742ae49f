"""What people change about their own account, and how they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from ideas_app.accounts import policy, queries, rules
from ideas_app.accounts.events import AccountDeleted, PasswordChanged
from ideas_app.accounts.models import Consent, Identity, LoginSession, RecoveryCode, SecondFactor
from ideas_app.accounts.service.managing import other_admins
from ideas_app.accounts.service.signing_in import confirm_password, end_other_sessions
from ideas_app.adapters.passwords import hash_password
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, text
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.permissions import Role
from ideas_app.core.places import NEIGHBOURHOODS

if TYPE_CHECKING:
    from ideas_app.accounts.rules import ConsentText
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


def give_consent(actor: Actor, kind: str) -> None:
    """Ticks one box in its present version. Raises `NotFound` for a box that does not exist."""
    box = _box(kind)
    account = queries.get_account(actor.id)
    now = clock.now()
    values = {"account_id": account.id, "kind": kind, "version": box.version, "given_at": now}
    if not insert_ignore(Consent, values):
        session().execute(
            update(Consent)
            .where(Consent.account_id == account.id, Consent.kind == kind)
            .where(Consent.version == box.version, Consent.withdrawn_at.is_not(None))
            .values(given_at=now, withdrawn_at=None)
        )


def withdraw_consent(actor: Actor, kind: str) -> None:
    """Takes a consent back. A required one cannot stand alone: raises `Conflict` that says how to leave."""
    if _box(kind).is_required:
        message = _l(
            "The account cannot be without this consent. To withdraw it, delete the account."
        )
        raise Conflict("consent_required", message)
    session().execute(
        update(Consent)
        .where(Consent.account_id == actor.id, Consent.kind == kind)
        .where(Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )


def _box(kind: str) -> ConsentText:
    for box in rules.CONSENTS:
        if box.kind == kind:
            return box
    raise NotFound("consent_unknown", _l("There is no such consent."))


def delete_account(actor: Actor, password: str) -> None:
    """Leaves for good: the row is emptied, sessions and consents go; texts and counts stay without a name.

    Raises `Invalid` for a wrong password, `Refused` for the last administrator.
    """
    account = queries.get_account(actor.id)
    confirm_password(actor, password)
    others = other_admins(account)
    policy.may_delete_own(actor, account, other_admins=others, now=clock.now()).require()
    record(actor, Tag.ACCOUNT_DELETED, "account", account.id)
    for name in (
        "email",
        "email_key",
        "password_hash",
        "nickname_key",
        "born_on",
        "tie",
        "neighbourhood",
    ):
        setattr(account, name, None)
    account.department = account.locale = account.trusted_at = account.verified_at = None
    account.nickname = rules.DELETED_NICKNAME
    account.role = Role.YOUTH
    account.deleted_at = clock.now()
    session().execute(delete(LoginSession).where(LoginSession.account_id == account.id))
    for table in (Consent, Identity, SecondFactor, RecoveryCode):
        session().execute(delete(table).where(table.account_id == account.id))
    publish(AccountDeleted(account.id))
