"""What a name, a password, an age and an address must be like, and what roles are called. Pure."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission, Scope

if TYPE_CHECKING:
    from datetime import date

    from flask_babel import LazyString

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
RECOVERY_GROUPS, RECOVERY_GROUP = 6, 4


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
        (Path(__file__).parents[1] / "common_passwords.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    return frozenset(line for line in lines if not line.startswith("# "))


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
    Permission.REQUEST_ANSWER: _l("Answer people's requests about their data"),
    Permission.RETENTION_MANAGE: _l("Set how long data is kept"),
    Permission.TERMS_WRITE: _l("Write the privacy policy and the terms"),
    Permission.SYSTEM_OPERATE: _l("Look after background work and webhooks"),
}
"""What the table of roles calls each kind of act, in the order in which it is shown."""
