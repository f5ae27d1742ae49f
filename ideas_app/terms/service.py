"""The verbs of whoever writes the house's texts: keep a draft, publish it, drop it, name the officer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.terms import policy, queries, rules
from ideas_app.terms.models import HouseText, PolicyContact
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from datetime import date

    from ideas_app.core.actor import Actor
    from ideas_app.terms.models import TextKind


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody typed: both bodies, what changed in both languages, the day from which it holds."""

    body_ko: str
    body_en: str
    note_ko: str
    note_en: str
    in_force_on: date | None


def keep_draft(actor: Actor, kind: TextKind, writing: Writing) -> HouseText:
    """Keeps what was typed as the draft of a text; readers see nothing of it. Raises `Refused`, `Invalid`."""
    policy.may_write(actor).require()
    faults = [
        *_place_faults("body_ko", writing.body_ko),
        *_place_faults("body_en", writing.body_en),
    ]
    if faults:
        raise Invalid(*faults)
    draft = queries.find_draft(kind)
    if draft is None:
        newest = session().scalar(select(func.max(HouseText.version)).where(HouseText.kind == kind))
        draft = HouseText(kind=kind.value, version=(newest or 0) + 1)
        session().add(draft)
    draft.body_ko, draft.body_en = writing.body_ko, writing.body_en
    draft.note_ko, draft.note_en = writing.note_ko, writing.note_en
    draft.in_force_on, draft.saved_at = writing.in_force_on, clock.now()
    session().flush()
    return draft


def _place_faults(field: str, body: str) -> list[Fault]:
    unknown = rules.unknown_places(body)
    if not unknown:
        return []
    message = _l("Nothing fills in “%(word)s”. See the list of words beside.", word=unknown[0])
    return [Fault(field, "unknown_place", message)]


def publish(actor: Actor, kind: TextKind, writing: Writing) -> HouseText:
    """Publishes what was typed as the next version, in force from its day. The version before stays readable, as
    it reads now.

    Raises `Refused`, and `Invalid`: a language, the note or the day missing, a day past or before that of the
    newest version, nothing changed.
    """
    draft = keep_draft(actor, kind, writing)
    newest = next(iter(queries.list_versions(kind)), None)
    faults = [*_missing(writing), *_day_faults(writing.in_force_on, newest)]
    if newest and (newest.body_ko, newest.body_en) == (writing.body_ko, writing.body_en):
        message = _l("Nothing was changed yet.")
        faults.append(Fault("body_ko", "unchanged", message))
    if faults:
        raise Invalid(*faults)
    if newest:
        _keep_as_it_reads(newest)
    draft.published_at, draft.published_by = clock.now(), actor.id
    diff = {"kind": kind.value, "version": draft.version, "from": str(draft.in_force_on)}
    audit.record(actor, Tag.POLICY_CHANGED, "text", draft.id, reason=draft.note_ko, diff=diff)
    return draft


def _missing(writing: Writing) -> list[Fault]:
    missing = _l("Both languages are needed before it is published.")
    told = _l("Say what changed and why: readers see it beside the version.")
    wanted = (
        ("body_ko", missing),
        ("body_en", missing),
        ("note_ko", told),
        ("note_en", told),
    )
    return [
        Fault(name, f"{name}_missing", message)
        for name, message in wanted
        if not getattr(writing, name).strip()
    ]


def _day_faults(day: date | None, newest: HouseText | None) -> list[Fault]:
    if day is None:
        return [Fault("in_force_on", "day_missing", _l("Say from which day it holds."))]
    earliest = max(clock.today(), (newest.in_force_on if newest else None) or clock.today())
    if day < earliest:
        message = _l("Choose today or a later day, and none before that of the newest version.")
        return [Fault("in_force_on", "day_past", message)]
    return []


def _keep_as_it_reads(text: HouseText) -> None:
    for locale in ("ko", "en"):
        with speaking(locale):
            setattr(text, f"filled_{locale}", queries.filled(text))


def drop_draft(actor: Actor, kind: TextKind) -> None:
    """Throws the draft of a text away. Raises `Refused`, `NotFound`."""
    policy.may_write(actor).require()
    draft = queries.find_draft(kind)
    if draft is None:
        raise NotFound("no_draft", _l("There is no draft."))
    session().delete(draft)


def name_contact(actor: Actor, *, officer: str, department: str, phone: str, email: str) -> None:
    """Says who answers for personal data; the policy shows it at once. Raises `Refused`."""
    policy.may_write(actor).require()
    contact = session().get(PolicyContact, queries.CONTACT)
    if contact is None:
        contact = PolicyContact(id=queries.CONTACT)
        session().add(contact)
    contact.officer, contact.department = officer, department
    contact.phone, contact.email = phone, email
    audit.record(actor, Tag.POLICY_CONTACT_CHANGED, "text", None)
