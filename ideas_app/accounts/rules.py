"""Pure decisions about accounts: ages, names, passwords, limits, how long a session lives.

Must not know the database, the clock or the request. Sources: ASVS 5.0 V6 and V7; korea.md of the
design for ages; the list of common passwords says in its head how it was composed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission, Scope

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask_babel import LazyString

IDLE_LIFE = {False: timedelta(days=14), True: timedelta(hours=8)}
"""How long a session may stand unused; the key is whether the account is staff."""
ABSOLUTE_LIFE = {False: timedelta(days=30), True: timedelta(hours=12)}

TOKEN_DAYS, TOKEN_DAYS_MOST = 90, 366
"""How long a token for a program lives unless said otherwise, and at most."""
TOKENS_MOST = 20
"""Living tokens of one account."""
TOKEN_MARK = "ya_"  # noqa: S105  # what every token begins with, so that scanners of code know it
TOKEN_NAME_MOST = 60

VERIFY_LIFE = timedelta(days=3)
RESET_LIFE = timedelta(minutes=30)

PASSWORD_LEAST, PASSWORD_MOST = 10, 128
NICKNAME_LEAST, NICKNAME_MOST = 2, 20
AGE_LEAST = 14
"""Below this a guardian would have to consent: such a registration is refused and nothing is kept."""
AGE_MOST = 120

DELETED_NICKNAME = "탈퇴한 이용자"
"""What stands in the nickname column of a deleted account; shown through the filter `nickname`."""

ADMINS_WARNED = 5
"""More administrators than this are shown as a warning: few hands, few doors."""

_COLUMN = 80
_RESERVED = frozenset(
    text.key(name)
    for name in (
        *(
            "운영자",
            "관리자",
            "담당자",
            "공무원",
            "청년센터",
            "청년뜰",
            "군산시",
            "군산시청",
            "시청",
        ),
        *("시장", "시스템", DELETED_NICKNAME),
        *("admin", "administrator", "moderator", "official", "staff", "system", "root", "support"),
    )
)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One box: the four facts that the law wants said before anybody ticks it, and their version.

    A change of meaning gets a new version; who ticked the old one is asked again.
    """

    kind: str
    version: int
    is_required: bool
    title: LazyString
    purpose: LazyString
    items: LazyString
    retention: LazyString
    refusal: LazyString
    label: LazyString


CONSENTS: tuple[ConsentText, ...] = (
    ConsentText(
        kind="terms",
        version=1,
        is_required=True,
        title=_l("Terms of use"),
        purpose=_l(
            "To agree on the rules under which all take part: one account per person, respect."
        ),
        items=_l("The fact, the version and the time of your agreement."),
        retention=_l("Until you leave."),
        refusal=_l(
            "You may refuse. Then you cannot have an account; reading stays open to everybody."
        ),
        label=_l("I agree to the terms of use."),
    ),
    ConsentText(
        kind="privacy",
        version=1,
        is_required=True,
        title=_l("Your data for the account"),
        purpose=_l(
            "To make your account, to check the age, and to count one voice for each person."
        ),
        items=_l(
            "E-mail address, nickname, password (kept so that nobody can read it), date of birth, "
            "tie to the city, kind of browser of your open sessions."
        ),
        retention=_l(
            "Until you leave. Then it is emptied at once; ideas and comments stay without a name."
        ),
        refusal=_l(
            "You may refuse. Then you cannot submit or vote; reading stays open to everybody."
        ),
        label=_l("I agree that this data is collected and used."),
    ),
    ConsentText(
        kind="news",
        version=2,
        is_required=False,
        title=_l("News by mail"),
        purpose=_l(
            "To send you, at most once a day unless you choose otherwise, news about ideas that you wrote, "
            "support, discuss or follow. Decisions on your own ideas come without this consent."
        ),
        items=_l("E-mail address."),
        retention=_l("Until you withdraw it, at any time, in your settings."),
        refusal=_l(
            "You may refuse. Everything works without it, and notices stand in the service."
        ),
        label=_l("I would like to get news by mail."),
    ),
)
"""Shown apart, each unticked. Other consents (ballot file, participation) are asked where they matter."""


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
REGISTER_PER_ADDRESS = Limit("register-address", 20, timedelta(hours=1))
"""Schools share one address: operators who need more raise it behind their own proxy."""
LONGEST_WINDOW = timedelta(hours=1)


def email_key(address: str) -> str:
    """The form under which two spellings of one address are the same: NFKC and case folded."""
    return unicodedata.normalize("NFKC", address.strip()).casefold()


def age_on(born_on: date, reference: date) -> int:
    """Full years (만 나이) on a reference date; somebody born on February 29 ages on March 1."""
    before_birthday = (reference.month, reference.day) < (born_on.month, born_on.day)
    return reference.year - born_on.year - before_birthday


def find_age_fault(born_on: date, reference: date) -> Fault | None:
    """Why nobody born on this day may register on the reference date, or None."""
    if born_on > reference or age_on(born_on, reference) > AGE_MOST:
        message = _l("This date cannot be a birth date. Please check the year, month and day.")
        return Fault("born_on", "birth_date_wrong", message)
    if age_on(born_on, reference) < AGE_LEAST:
        message = _l(
            "You can join from the age of %(age)s. Nothing you typed here was kept. "
            "You can read everything without an account.",
            age=AGE_LEAST,
        )
        return Fault("born_on", "too_young", message)
    return None


def find_nickname_fault(nickname: str) -> Fault | None:
    """Why a nickname cannot be taken, or None. Whether somebody has it already is not known here."""
    count = text.length(nickname)
    if not NICKNAME_LEAST <= count <= NICKNAME_MOST:
        message = _l(
            "A nickname has %(least)s to %(most)s characters; this one has %(count)s.",
            least=NICKNAME_LEAST,
            most=NICKNAME_MOST,
            count=count,
        )
        return Fault("nickname", "nickname_length", message)
    key = text.key(nickname)
    if (
        not all(_may_stand_in_name(sign) for sign in nickname)
        or max(len(key), len(nickname)) > _COLUMN
    ):
        message = _l("Use letters, digits, spaces and - _ . only.")
        return Fault("nickname", "nickname_signs", message)
    if key in _RESERVED:
        message = _l("This nickname would look like the centre's own. Please choose another one.")
        return Fault("nickname", "nickname_reserved", message)
    return None


def _may_stand_in_name(sign: str) -> bool:
    """Letters, marks and digits of any script, and a few signs; nothing invisible or turning."""
    return sign in " -_.·'" or unicodedata.category(sign)[0] in "LMN"


def find_password_fault(password: str, *, nickname: str = "", email: str = "") -> Fault | None:
    """Why a password is too easy, or None. No rule of composition: length and surprise count."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        message = _l(
            "A password has at least %(least)s characters (and at most %(most)s). "
            "Three or four words in a row are easy to remember.",
            least=PASSWORD_LEAST,
            most=PASSWORD_MOST,
        )
        return Fault("password", "password_length", message)
    key = unicodedata.normalize("NFKC", password).casefold()
    if key in common_passwords() or len(set(key)) < 4:
        message = _l("Many people use this password, so it is guessed first. Please take another.")
        return Fault("password", "password_common", message)
    own = (text.key(nickname), email_key(email).partition("@")[0])
    if any(len(part) >= 3 and part in key for part in own):
        message = _l("Your nickname or e-mail address is in this password. Please take another.")
        return Fault("password", "password_personal", message)
    return None


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that guessers try first, case folded."""
    lines = (
        (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    )
    return frozenset(line for line in lines if not line.startswith("# "))


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


_BROWSERS = (
    ("SamsungBrowser", "Samsung Internet"),
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER", "NAVER"),
    ("Whale", "Whale"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """`Chrome, Android`: enough to know one's own sessions, too little to follow anybody. Maybe empty."""
    found = (
        next((name for mark, name in names if mark in user_agent), "")
        for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))


SCOPE_WORDS: dict[Scope, LazyString] = {
    Scope.READ: _l("Read what I can read"),
    Scope.WRITE: _l("Write in my name: ideas, comments, supports, ballots"),
    Scope.STAFF: _l("Do my staff work"),
}
"""What a program may be let do, in the words of its owner."""

PERMISSION_WORDS: dict[Permission, LazyString] = {
    Permission.IDEA_SUBMIT: _l("Submit ideas"),
    Permission.IDEA_SUPPORT: _l("Support ideas"),
    Permission.IDEA_FOLLOW: _l("Follow ideas"),
    Permission.COMMENT_WRITE: _l("Write comments"),
    Permission.FLAG_RAISE: _l("Report ideas and comments"),
    Permission.BALLOT_CAST: _l(
        "Vote in the final ballot (staff only where the campaign lets them)"
    ),
    Permission.IDEA_MODERATE: _l("Review, return, reject and hide ideas"),
    Permission.COMMENT_HIGHLIGHT: _l("Highlight comments"),
    Permission.BALLOT_PREPARE: _l("Prepare the ballot"),
    Permission.SHORTLIST_READ: _l("Read unpublished shortlists"),
    Permission.SHORTLIST_COMPUTE: _l("Compute shortlists"),
    Permission.SHORTLIST_PUBLISH: _l("Publish shortlists"),
    Permission.OPINION_READ: _l("Read opinion maps before voting has closed"),
    Permission.ANSWER_WRITE: _l("Write official answers and promises"),
    Permission.EVALUATION_ASK: _l("Ask colleagues to evaluate ideas"),
    Permission.EVALUATION_GIVE: _l("Evaluate ideas, and read what colleagues found"),
    Permission.PROGRAMME_MANAGE: _l("Manage programmes"),
    Permission.ROSTER_IMPORT: _l("Import rosters"),
    Permission.EXPORT_OPEN: _l("Export open files"),
    Permission.EXPORT_WORKING: _l("Export working files, with a purpose"),
    Permission.EXPORT_TEMPLATE: _l("Upload the form for papers"),
    Permission.CAMPAIGN_MANAGE: _l("Manage campaigns"),
    Permission.ACCOUNT_MANAGE: _l("Give and take roles"),
    Permission.AUDIT_READ: _l("Check the access log"),
    Permission.SYSTEM_OPERATE: _l("Look after background work and webhooks"),
}
"""What the table of roles calls each kind of act, in the order in which it is shown."""
