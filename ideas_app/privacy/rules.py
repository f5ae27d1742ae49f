"""The clock of requests, their words, and the shape of a download. Pure; must not know the database.

Sources: 개인정보 보호법 제35조-제38조 and 시행령 제41조-제44조: ten days, the reason and the remedy with every refusal;
행정기본법 제6조 and 민법 제161조: a term that ends on a day off ends on the next working day.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.privacy.models import About, RequestKind, RequestState

if TYPE_CHECKING:
    from datetime import date

    from flask_babel import LazyString

    from ideas_app.core.workdays import IsDayOff

DAYS = 10
"""Calendar days to answer in, and by which the one extension is longer."""
SOON = 3
"""Calendar days before the last day from which on a request is marked."""
TEXT_MAX, ANSWER_MAX, PROOF_MAX, NAME_MAX = 1000, 2000, 200, 40

_DAY = timedelta(days=1)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

KIND_WORDS: dict[RequestKind, LazyString] = {
    RequestKind.ACCESS: _l("See what is kept of me"),
    RequestKind.CORRECTION: _l("Correct something"),
    RequestKind.DELETION: _l("Delete something"),
    RequestKind.STOP: _l("Stop using my data"),
}
ABOUT_WORDS: dict[About, LazyString] = {
    About.ACCOUNT: _l("My account here"),
    About.ROSTER: _l("The centre's list of a programme"),
    About.OTHER: _l("Something else"),
}
STATE_WORDS: dict[RequestState, LazyString] = {
    RequestState.OPEN: lazy_pgettext("request", "Waits for the answer"),
    RequestState.DONE: lazy_pgettext("request", "Done"),
    RequestState.REFUSED: lazy_pgettext("request", "Refused"),
    RequestState.WITHDRAWN: lazy_pgettext("request", "Taken back"),
}
REMEDIES = (
    (_l("Personal Information Dispute Mediation Committee"), "1833-6972", "www.kopico.go.kr"),
    (_l("Privacy report centre of KISA"), "118", "privacy.kisa.or.kr"),
    (_l("Central Administrative Appeals Commission"), "110", "www.simpan.go.kr"),
)
"""Where somebody turns who does not agree with a refusal: name, telephone, address."""


def due_day(received: date, is_day_off: IsDayOff) -> date:
    """The last day to answer: ten calendar days after the day of arrival, which is not counted (민법 제157조);
    where that is a day off, the next working day.
    """
    return _workday_from(received + DAYS * _DAY, is_day_off)


def extended_day(due: date, is_day_off: IsDayOff) -> date:
    """The last day after the one extension: ten more days, ending on a working day as before."""
    return _workday_from(due + DAYS * _DAY, is_day_off)


def _workday_from(day: date, is_day_off: IsDayOff) -> date:
    while is_day_off(day):
        day += _DAY
    return day


def urgency(last: date, today: date) -> str:
    """How pressing an open request is: "over" (past its last day), "soon" or ""."""
    if today > last:
        return "over"
    return "soon" if (last - today).days <= SOON else ""


def find_text_faults(kind: str, about: str, words: str) -> list[Fault]:
    """What is wrong with a request."""
    faults = []
    if kind not in set(RequestKind):
        faults.append(Fault("kind", "kind_unknown", _l("Please choose one.")))
    if about not in set(About):
        faults.append(Fault("about", "about_unknown", _l("Please choose one.")))
    if not words.strip():
        message = _l("Say in a sentence what it is about, so that the centre finds it.")
        faults.append(Fault("text", "text_missing", message))
    elif text.length(words) > TEXT_MAX:
        message = _l("Too long: at most %(most)s characters.", most=TEXT_MAX)
        faults.append(Fault("text", "too_long", message))
    return faults


def find_person_faults(name: str, contact: str) -> list[Fault]:
    """What is wrong with how somebody without an account says who they are and where they are answered."""
    faults = []
    if not 1 <= text.length(name) <= NAME_MAX:
        message = _l("Write your name as it stands on the roster, 1 to 40 letters.")
        faults.append(Fault("name", "name_unreadable", message))
    if not is_address(contact) and read_digits(contact) is None:
        message = _l("Write an e-mail address or a telephone number: the centre asks you there.")
        faults.append(Fault("contact", "contact_unreadable", message))
    return faults


def is_address(contact: str) -> bool:
    """Whether a contact looks like an e-mail address."""
    return len(contact) <= 320 and _ADDRESS.fullmatch(contact) is not None


def read_digits(contact: str) -> str | None:
    """The digits of a Korean telephone number, or None."""
    digits = re.sub(r"\D", "", contact)
    return digits if digits.startswith("0") and 9 <= len(digits) <= 11 else None
