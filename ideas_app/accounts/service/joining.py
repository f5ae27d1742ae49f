"""How people get accounts: registering, proving the address, and accounts made by the operator.

Must not know how a person signs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from ideas_app.accounts import queries, rules
from ideas_app.accounts.events import RegisteredAgain, VerificationAsked
from ideas_app.accounts.models import Account, Consent, Identity, LoginSession, Tie
from ideas_app.accounts.service import attempts
from ideas_app.accounts.service.consents import note_consent
from ideas_app.adapters.addresses import find_address
from ideas_app.adapters.passwords import hash_password
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ideas_app.core.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What somebody typed to join; without a password where another one vouches for them."""

    email: str
    password: str | None
    nickname: str
    born_on: date
    tie: Tie
    consents: frozenset[str]
    locale: str = "ko"


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person as a provider knows them: its own word for them, the same at every log-in."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpec:
    """An account that the operator makes. Without a password it opens by a reset mail only."""

    email: str
    nickname: str
    role: Role = Role.YOUTH
    password: str | None = None
    is_verified: bool = False
    born_on: date | None = None
    tie: Tie | None = None
    department: str | None = None
    locale: str | None = None


def register(actor: Actor, entry: Registration, *, address: str) -> None:
    """Makes an account whose address is still to be proved; the answer is the same for a known address.

    Then its owner gets a mail, and nothing changes. An account that was never verified is overwritten:
    whoever registers last and reads the mail decides. Raises `Invalid` with every fault (too young:
    nothing at all is kept, not even a counted try) and `TooMany`.
    """
    faults = _registration_faults(entry)
    if faults:
        raise Invalid(*faults)
    email = find_address(entry.email) or entry.email
    attempts.count(rules.REGISTER_PER_ADDRESS, address)
    attempts.count(rules.MAIL_PER_ACCOUNT, rules.email_key(email))
    password_hash = hash_password(str(entry.password))  # for a known address too: the same time
    account = queries.find_by_email(email)
    if account and not _may_be_overwritten(account):
        publish(RegisteredAgain(account.id))
        return
    if account is None:
        account = _add_youth(actor, email, entry)
    else:
        _start_over(account, entry)
    account.password_hash = password_hash
    _give_consents(account, entry.consents)
    publish(VerificationAsked(account.id))


def join_by(actor: Actor, entry: Registration, person: Vouched, *, address: str) -> Account:
    """Makes an account that a provider's word opens; its address is proved, as the provider says so.

    An account with this address that was never verified is overwritten, as by `register`. Raises `Invalid`
    with every fault (too young: nothing is kept), `TooMany`, and `Conflict` when the address or the person
    has an account: nobody gets into it by an address alone.
    """
    faults = _registration_faults(entry)
    if faults:
        raise Invalid(*faults)
    attempts.count(rules.REGISTER_PER_ADDRESS, address)
    if queries.find_by_identity(person.issuer, person.subject):
        raise Conflict("joined_already", _l("You have joined already. Please log in."))
    account = queries.find_by_email(entry.email)
    if account and not _may_be_overwritten(account):
        message = _l("There is an account with your address already. Log in to it, then link.")
        raise Conflict("email_known", message)
    try:
        with session().begin_nested():
            return _join(actor, account, entry, person)
    except IntegrityError:  # pressed twice at once
        raise Conflict("joined_already", _l("You have joined already. Please log in.")) from None


def _join(actor: Actor, account: Account | None, entry: Registration, person: Vouched) -> Account:
    if account is None:
        account = _add_youth(actor, find_address(entry.email) or entry.email, entry)
    else:
        _start_over(account, entry)
    account.password_hash = None
    _give_consents(account, entry.consents)
    identity = Identity(
        account_id=account.id,
        issuer=person.issuer,
        subject=person.subject,
        linked_at=clock.now(),
    )
    session().add(identity)
    verify(account)
    session().flush()
    return account


def has_account(email: str) -> bool:
    """Whether an address has an account that nobody may register anew. Never tell but its owner."""
    account = queries.find_by_email(email)
    return account is not None and not _may_be_overwritten(account)


def _add_youth(actor: Actor, email: str, entry: Registration) -> Account:
    account = _add(Account(email=email, email_key=rules.email_key(email), role=Role.YOUTH), entry)
    record(actor, Tag.ACCOUNT_CREATED, "account", account.id, diff={"role": Role.YOUTH.value})
    return account


def _start_over(account: Account, entry: Registration) -> None:
    """Whoever had begun with this address and never proved it has no part in the account any more."""
    _fill(account, entry)
    for table in (LoginSession, Consent, Identity):
        session().execute(delete(table).where(table.account_id == account.id))


def _may_be_overwritten(account: Account) -> bool:
    """Never an account that was given a role or closed: a stranger would get the role, or open it."""
    return (
        account.verified_at is None and account.disabled_at is None and account.role is Role.YOUTH
    )


def _registration_faults(entry: Registration) -> list[Fault]:
    """Every fault of a registration; too young comes alone, as the rest does not matter then."""
    age = rules.find_age_fault(entry.born_on, clock.today())
    if age:
        return [age]
    found = [
        _email_fault(entry.email),
        rules.find_nickname_fault(entry.nickname) or _taken_fault(entry.nickname),
    ]
    if entry.password is not None:
        own = {"nickname": entry.nickname, "email": entry.email}
        found.append(rules.find_password_fault(entry.password, **own))
    missing = [box for box in rules.CONSENTS if box.is_required and box.kind not in entry.consents]
    found += [
        Fault(
            f"consent_{box.kind}",
            "consent_missing",
            _l("Without this consent there can be no account."),
        )
        for box in missing
    ]
    return [fault for fault in found if fault]


def _email_fault(email: str, *, public: bool = True) -> Fault | None:
    if find_address(email, public=public):
        return None
    message = _l("This is not an e-mail address. Please check it, as in name@example.com.")
    return Fault("email", "email_wrong", message)


def _taken_fault(nickname: str, *, but: int | None = None) -> Fault | None:
    if not queries.is_nickname_taken(nickname, but=but):
        return None
    return Fault(
        "nickname", "nickname_taken", _l("Somebody has this nickname already. Try another.")
    )


def _add(account: Account, entry: Registration) -> Account:
    account.created_at = clock.now()
    _fill(account, entry)
    session().add(account)
    session().flush()
    return account


def _fill(account: Account, entry: Registration) -> None:
    """The nickname is shown but not held until the address is proved: a stranger could otherwise learn
    from a taken nickname that a registration with somebody's address went through.
    """
    account.nickname = entry.nickname
    account.nickname_key = None
    account.born_on = entry.born_on
    account.tie = entry.tie
    account.locale = entry.locale


def _give_consents(account: Account, kinds: Iterable[str]) -> None:
    wanted = set(kinds)
    for box in rules.CONSENTS:
        if box.kind in wanted:
            note_consent(account.id, box)


def ask_verification(actor: Actor) -> None:
    """Sends the proving mail once more. Raises `Conflict` when there is nothing to prove, `TooMany`."""
    account = queries.get_account(actor.id)
    if account.verified_at or not account.email_key:
        raise Conflict("verified_already", _l("Your e-mail address is confirmed already."))
    attempts.count(rules.MAIL_PER_ACCOUNT, account.email_key)
    publish(VerificationAsked(account.id))


def verify(account: Account) -> None:
    """The address is proved: the person may take part from now on, under a nickname of their own."""
    if account.verified_at is None:
        account.verified_at = clock.now()
        claim_nickname(account)


def claim_nickname(account: Account) -> None:
    """Takes the account's nickname, with a number behind where somebody was faster."""
    wanted = account.nickname
    for number in count(1):
        name = wanted if number == 1 else f"{wanted} {number}"
        try:
            with session().begin_nested():
                account.nickname = name
                account.nickname_key = text.key(name)
                session().flush()
        except IntegrityError:
            continue
        return


def create_account(actor: Actor, spec: AccountSpec) -> Account:
    """An account made by the operator, for staff and for demonstrations. Raises `Invalid`."""
    email = find_address(spec.email, public=False) or spec.email
    found = [
        _email_fault(spec.email, public=False),
        _taken_fault(spec.nickname),
    ]
    if spec.password is not None:
        found.append(
            rules.find_password_fault(spec.password, nickname=spec.nickname, email=spec.email)
        )
    if not rules.NICKNAME_LEAST <= text.length(spec.nickname) <= rules.NICKNAME_MOST:
        found.append(rules.find_nickname_fault(spec.nickname))
    if queries.find_by_email(email):
        found.append(Fault("email", "email_taken", _l("There is an account with this address.")))
    faults = [fault for fault in found if fault]
    if faults:
        raise Invalid(*faults)
    now = clock.now()
    account = Account(
        email=email,
        email_key=rules.email_key(email),
        password_hash=hash_password(spec.password) if spec.password else None,
        nickname=spec.nickname,
        nickname_key=text.key(spec.nickname),
        role=spec.role,
        born_on=spec.born_on,
        tie=spec.tie,
        department=spec.department,
        locale=spec.locale,
        created_at=now,
        verified_at=now if spec.is_verified else None,
    )
    session().add(account)
    session().flush()
    record(actor, Tag.ACCOUNT_CREATED, "account", account.id, diff={"role": spec.role.value})
    if not spec.is_verified:
        publish(VerificationAsked(account.id))
    return account
