"""How long ways in stand open, and how often they may be tried. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import STAFF, Role, Scope

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


IDLE_LIFE = {False: timedelta(days=14), True: timedelta(minutes=30)}
"""How long a session may stand unused; the key is whether the account is staff."""
ABSOLUTE_LIFE = {False: timedelta(days=30), True: timedelta(hours=8)}
KEPT_FOR = timedelta(days=1)
"""How long what was typed into a form that met a shut door waits for its owner."""
KEPT_MOST = 200_000
"""Signs of one form; an official answer has some ten thousand."""
PROSE_LEAST = 10
"""Signs from which a text was typed and not only chosen."""
TOKEN_DAYS, TOKEN_DAYS_MOST = 90, 366
"""How long a token for a program lives unless said otherwise, and at most."""
TOKENS_MOST = 20
"""Living tokens of one account."""
TOKEN_MARK = "ya_"  # noqa: S105  # what every token begins with, so that scanners of code know it
TOKEN_NAME_MOST = 60
VERIFY_LIFE = timedelta(days=3)
RESET_LIFE = timedelta(minutes=30)
UNUSED_AT_LEAST = timedelta(days=365)
"""So long nobody must have signed in before an account may go by itself, whatever the period."""
CONFIRMED_FOR = timedelta(minutes=15)
"""For how long somebody who showed who they are is not asked again. ASVS 5.0, 7.5."""
CONFIRM_LINK_LIFE = timedelta(minutes=10)
"""ASVS 5.0, 6.5.5."""
FLOW_LIFE = timedelta(minutes=10)
"""How long the way to a provider and back may take; also from the password to the code."""
JOIN_LIFE = timedelta(minutes=30)
"""How long the page waits on which somebody known by a provider joins or links."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries within `window`, counted for one key."""

    name: str
    most: int
    window: timedelta

    @property
    def bucket(self) -> timedelta:
        """Tries are counted in fifths of the window, so that the window slides."""
        return self.window / 5


LOGIN_PER_ACCOUNT = Limit("login-account", 10, timedelta(minutes=5))
LOGIN_PER_ADDRESS = Limit("login-address", 30, timedelta(minutes=5))
MAIL_PER_ACCOUNT = Limit("mail-account", 5, timedelta(hours=1))
MAIL_PER_ADDRESS = Limit("mail-address", 20, timedelta(hours=1))
CODE_PER_ACCOUNT = Limit("code-account", 5, timedelta(minutes=5))
"""Six digits are guessed in a million tries: at five in five minutes, in two years of nights on average."""
STATE_ONCE = Limit("oidc-state", 1, timedelta(minutes=30))
"""An answer of a provider goes through once, also for somebody who kept the cookie: longer than `FLOW_LIFE`."""
REGISTER_PER_ADDRESS = Limit("register-address", 20, timedelta(hours=1))
"""Schools share one address: operators who need more raise it behind their own proxy."""
EXPORTS_PER_ACCOUNT = Limit("export-account", 5, timedelta(hours=1))
REQUESTS_PER_ADDRESS = Limit("request-address", 5, timedelta(hours=1))
LONGEST_WINDOW = timedelta(hours=1)


def is_fresh(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether somebody who showed who they are need not do so again yet."""
    return confirmed_at is not None and timedelta() <= now - confirmed_at <= CONFIRMED_FOR


def read_code(typed: str) -> str:
    """A code as it was meant: full-width digits, spaces and hyphens are how people type and apps show it."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(sign for sign in folded if sign not in " -\u00a0\t")


RECOVERY_CODES = 10
RECOVERY_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody takes for one another; 24 of them are 118 bits, too many to guess."""


def is_held(role: Role, *, setting: str, has_factor: bool, was_given: bool) -> bool:
    """Whether a session of this role may not act as staff before its second factor.

    `setting`: `required`, `optional` (only whoever has set one up is asked) or `off`.
    """
    if role not in STAFF or was_given or setting == "off":
        return False
    return has_factor or setting == "required"


def token_faults(name: str, scopes: Collection[Scope], days: int, *, is_staff: bool) -> list[Fault]:
    """What is wrong with the wish for a token, each fault at its field."""
    faults = []
    if not 1 <= text.length(name) <= TOKEN_NAME_MOST:
        message = _l("Give it a name of up to %(most)s characters.", most=TOKEN_NAME_MOST)
        faults.append(Fault("name", "token_name", message))
    if not scopes:
        message = _l("Choose at least one thing that the program may do.")
        faults.append(Fault("scopes", "scopes_missing", message))
    if Scope.STAFF in scopes and not is_staff:
        message = _l("Only staff can let a program do staff work.")
        faults.append(Fault("scopes", "scope_not_yours", message))
    if not 1 <= days <= TOKEN_DAYS_MOST:
        message = _l("A token lives from 1 to %(most)s days.", most=TOKEN_DAYS_MOST)
        faults.append(Fault("days", "token_days", message))
    return faults


def session_left(
    created_at: datetime, seen_at: datetime, now: datetime, *, staff: bool
) -> tuple[timedelta, bool]:
    """How long a session still lives, and whether doing something would make it longer; never below zero.

    It would not where its whole life ends before its idle one. ASVS 5.0, 7.3.1 and 7.3.2.
    """
    idle = seen_at + IDLE_LIFE[staff] - now
    whole = created_at + ABSOLUTE_LIFE[staff] - now
    return max(min(idle, whole), timedelta()), idle < whole


def is_prose(value: str) -> bool:
    """Whether a field's value was written by somebody, and did not only stand in the form."""
    return len(value) >= PROSE_LEAST and any(sign.isspace() or not sign.isascii() for sign in value)


def is_worth_keeping(fields: Collection[tuple[str, str]]) -> bool:
    """Whether a form that met a shut door is kept: prose in it, no password, and not without measure."""
    if any("password" in name for name, _value in fields):
        return False
    if sum(len(name) + len(value) for name, value in fields) > KEPT_MOST:
        return False
    return any(is_prose(value) for _name, value in fields)
