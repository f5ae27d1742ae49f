"""Reads of the house's texts: versions, the one in force, what fills its places. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import select

from ideas_app.accounts.rules import CONSENTS
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.retaining import days_of_all, periods
from ideas_app.terms import rules
from ideas_app.terms.models import HouseText, PolicyContact, TextKind
from ideas_app.web.i18n import format_length, format_long_day, locale_code
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

CONTACT = 1
"""The one row of who answers for personal data."""


def kind_of(name: str) -> TextKind:
    """The text of a name. Raises `NotFound`."""
    if name not in set(TextKind):
        raise NotFound("no_text", _l("There is no such text."))
    return TextKind(name)


def list_versions(kind: TextKind) -> Sequence[HouseText]:
    """Published versions, newest first, also those whose day is still to come."""
    query = select(HouseText).where(HouseText.kind == kind, HouseText.published_at.is_not(None))
    return session().scalars(query.order_by(HouseText.version.desc())).all()


def get_version(kind: TextKind, version: int) -> HouseText:
    """One published version. Raises `NotFound`."""
    for one in list_versions(kind):
        if one.version == version:
            return one
    raise NotFound("no_version", _l("There is no such version."))


def get_in_force(kind: TextKind) -> HouseText:
    """The version that holds today. Raises `NotFound` where none does yet."""
    found = rules.in_force(list_versions(kind), clock.today())
    if found is None:
        raise NotFound("no_version", _l("There is no such version."))
    return found


def find_coming(kind: TextKind) -> HouseText | None:
    """The next version whose day is still to come."""
    today = clock.today()
    coming = [one for one in list_versions(kind) if one.in_force_on and one.in_force_on > today]
    return min(coming, key=lambda one: one.version, default=None)


def until_of(text: HouseText, versions: Sequence[HouseText]) -> date | None:
    """The day on which a later version came into force; None for the newest."""
    later = [one.in_force_on for one in versions if one.version > text.version and one.in_force_on]
    return min(later, default=None)


def find_draft(kind: TextKind) -> HouseText | None:
    """The version that is being written."""
    query = select(HouseText).where(HouseText.kind == kind, HouseText.published_at.is_(None))
    return session().scalar(query)


def get_contact() -> PolicyContact:
    """Who answers for personal data; empty where nobody was named yet."""
    found = session().get(PolicyContact, CONTACT)
    return found or PolicyContact(id=CONTACT, officer="", department="", phone="", email="")


def filled(text: HouseText) -> str:
    """The Markdown of a version in the language that is spoken, with its places filled in.

    A version that a later one replaced reads as it last did.
    """
    is_korean = locale_code() == "ko"
    kept = text.filled_ko if is_korean else text.filled_en
    return kept or fill_in(text.body_ko if is_korean else text.body_en, text.in_force_on)


def fill_in(body: str, in_force_on: date | None) -> str:
    """A body with its places filled in as things stand now, in the language that is spoken."""
    contact = get_contact()
    reached = " · ".join(plain for plain in (contact.phone, contact.email) if plain)
    none = _("not named yet")
    values = {
        "site": house_name("SITE_NAME"),
        "city": house_name("CITY_NAME"),
        "in_force": format_long_day(in_force_on) if in_force_on else none,
        "officer": rules.plain(contact.officer) or none,
        "department": rules.plain(contact.department) or none,
        "contact": rules.plain(reached) or none,
    }
    if "{periods}" in body:
        values["periods"] = _period_table()
    if "{consents}" in body:
        values["consents"] = _consent_table()
    return rules.fill(body, values)


def _period_table() -> str:
    days = days_of_all()
    heads = [pgettext("period", "What"), _("Kept for"), pgettext("period", "Counted"), _("Ground")]
    return rules.table(
        heads,
        [
            [
                rules.plain(str(each.rows)),
                format_length(days[each.name]),
                rules.plain(str(each.since)),
                rules.plain(str(each.ground)),
            ]
            for each in periods()
            if each.is_personal
        ],
    )


def _consent_table() -> str:
    heads = [_("Consent"), _("What for"), _("What is taken"), _("How long"), _("If you refuse")]
    return rules.table(
        heads,
        [
            [
                rules.plain(str(part))
                for part in (box.title, box.purpose, box.items, box.retention, box.refusal)
            ]
            for box in CONSENTS
        ],
    )
