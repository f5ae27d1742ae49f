"""Programmes, the counts and visits entered by hand, reading a participant list, and the recount."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from ideas_app.audit.rules import Look, Tag
from ideas_app.audit.service import record, record_look
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes import policy, queries
from ideas_app.programmes.models import Outcome, Participation, Partner, Programme, Tally, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ideas_app.core.actor import Actor
    from ideas_app.core.paging import Page

STATUSES = ("planned", "open", "closed")
_SLUG = re.compile(r"[0-9a-z가-힣]+(?:-[0-9a-z가-힣]+)*")
_RESERVED = frozenset({"any", "claims", "imports", "meetings", "new"})
"""Words that addresses and filters use themselves."""
_LONGEST = {
    "slug": 80,
    "title": 200,
    "title_en": 200,
    "description": 2000,
    "description_en": 2000,
    "category": 40,
    "certificate": 80,
    "certificate_en": 80,
}
MOST_COUNTED = 1_000_000


@dataclass(frozen=True, slots=True)
class ProgrammeSpec:
    """What a programme is. An empty `slug` is made from the title; partners are names with an English one."""

    title: str
    year: int
    slug: str = ""
    title_en: str = ""
    description: str = ""
    description_en: str = ""
    category: str = ""
    status: str = "open"
    starts_on: date | None = None
    ends_on: date | None = None
    outcome: str = Outcome.ATTENDANCE.value
    certificate: str | None = None
    certificate_en: str | None = None
    is_specialist: bool = False
    is_invented: bool = False
    partners: tuple[tuple[str, str], ...] = ()


def create_programme(actor: Actor, spec: ProgrammeSpec) -> Programme:
    """A new programme. Raises `Refused`; `Invalid` for a taken address and what cannot be."""
    policy.may_manage(actor, now=clock.now()).require()
    values = _values(spec)
    values["slug"] = values["slug"] or text.slugify(f"{spec.title} {spec.year}", longest=60)
    _check(values)
    if queries.find_programme(values["slug"]):
        message = _l("Another programme has this address already. Choose another.")
        raise Invalid(Fault("slug", "slug_taken", message))
    programme = Programme(**values, mapping={}, created_at=clock.now())
    programme.partners = _partners(spec.partners)
    session().add(programme)
    session().flush()
    diff = {"slug": programme.slug, "title": programme.title, "year": programme.year}
    record(actor, Tag.PROGRAMME_CREATED, "programme", programme.id, diff=diff)
    return programme


def change_programme(actor: Actor, programme: Programme, spec: ProgrammeSpec) -> Programme:
    """Changes a programme; its address stays, so that links live on.

    Raises `Refused`, `Invalid`; `Conflict` where names stand already and counts alone are wanted.
    """
    policy.may_manage(actor, now=clock.now()).require()
    values = _values(spec) | {"slug": programme.slug}
    _check(values)
    if Outcome(values["outcome"]) in policy.COUNTS_ONLY and programme.records_count:
        message = _l(
            "This programme has a roster, so it cannot become counselling, which is kept as counts "
            "alone. Undo its imports first."
        )
        raise Conflict("has_roster", message)
    diff: dict[str, Any] = {}
    for name, value in values.items():
        before = getattr(programme, name)
        if before != value:
            diff[name] = [_plain(before), _plain(value)]
            setattr(programme, name, value)
    partners = _partners(spec.partners)
    if {each.id for each in partners} != {each.id for each in programme.partners}:
        names = [each.name for each in programme.partners], [each.name for each in partners]
        diff["partners"] = list(names)
        programme.partners = partners
    if diff:
        record(actor, Tag.PROGRAMME_CHANGED, "programme", programme.id, diff=diff)
    return programme


def record_tally(
    actor: Actor,
    programme: Programme,
    partner: str | None,
    month_on: date,
    *,
    participants: int,
    sessions: int = 0,
) -> Tally:
    """Sets the count of a programme, partner (by name, None for the centre) and month; again replaces it.

    `sessions` are meetings, `participants` people without names. The programme's counter moves along.
    """
    policy.may_manage(actor, now=clock.now()).require()
    for name, number in (("participants", participants), ("sessions", sessions)):
        if not 0 <= number <= MOST_COUNTED:
            message = _l("Write a number from 0 to %(most)s.", most=MOST_COUNTED)
            raise Invalid(Fault(name, "number_out_of_range", message))
    _lock(programme)
    partner_id = _partners(((partner, ""),))[0].id if partner else None
    first = month_on.replace(day=1)
    tally = session().scalar(
        select(Tally).where(
            Tally.programme_id == programme.id,
            Tally.month_on == first,
            Tally.partner_id == partner_id if partner_id else Tally.partner_id.is_(None),
        )
    )
    if tally is None:
        tally = Tally(programme_id=programme.id, partner_id=partner_id, month_on=first)
        tally.participants = tally.sessions = 0
        session().add(tally)
    before = tally.participants, tally.sessions
    tally.participants, tally.sessions = participants, sessions
    session().execute(
        update(Programme)
        .where(Programme.id == programme.id)
        .values(tallied_count=Programme.tallied_count + (participants - before[0]))
    )
    diff = {
        "month": first.isoformat()[:7],
        "partner": partner_id,
        "participants": [before[0], participants],
        "sessions": [before[1], sessions],
    }
    record(actor, Tag.TALLY_RECORDED, "programme", programme.id, diff=diff)
    return tally


def add_visit(
    actor: Actor,
    programme: Programme,
    *,
    visited_on: date,
    participants: int,
    company: str | None = None,
    company_en: str | None = None,
) -> Visit:
    """One visit to a company. The people are in the programme's records: no counter moves."""
    policy.may_manage(actor, now=clock.now()).require()
    if not 0 <= participants <= MOST_COUNTED:
        message = _l("Write a number from 0 to %(most)s.", most=MOST_COUNTED)
        raise Invalid(Fault("participants", "number_out_of_range", message))
    if text.length(company or "") > 80 or text.length(company_en or "") > 80:
        message = _l("At most %(most)s characters fit here.", most=80)
        raise Invalid(Fault("company", "text_too_long", message))
    visit = Visit(
        programme_id=programme.id,
        company=text.one_line(company or "") or None,
        company_en=text.one_line(company_en or "") or None,
        visited_on=visited_on,
        participants=participants,
    )
    session().add(visit)
    session().flush()
    diff = {"visit": visit.id, "on": visited_on.isoformat(), "participants": participants}
    record(actor, Tag.TALLY_RECORDED, "programme", programme.id, diff=diff)
    return visit


def read_participants(
    actor: Actor, programme: Programme, *, after: str | None = None, limit: int = 50
) -> Page[queries.Participant]:
    """A page of a programme's participants, masked. Each reading stands in the access log with its lines."""
    policy.may_read_roster(actor, programme, now=clock.now()).require()
    page = queries.list_participants(programme.id, after=after, limit=limit)
    _record_look(actor, Look.ROSTER, programme, [line.id for line in page])
    return page


def unmask_participant(
    actor: Actor, programme: Programme, participation_id: int, *, reason: str
) -> queries.Unmasked:
    """One line of a roster as it was entered. Raises `Refused`, `NotFound`, and `Invalid` without a reason."""
    policy.may_read_roster(actor, programme, now=clock.now()).require()
    line = queries.get_unmasked(programme.id, participation_id)
    _record_look(actor, Look.UNMASKED, programme, [participation_id], reason)
    return line


def _record_look(
    actor: Actor, look: Look, programme: Programme, ids: list[int], reason: str = ""
) -> None:
    record_look(
        actor,
        look,
        ids,
        whose="participation",
        on=("programme", programme.id),
        reason=reason,
    )


def recount() -> None:
    """Sets every counter of programmes to what the rows say."""
    records = (
        select(func.count())
        .where(Participation.programme_id == Programme.id)
        .correlate(Programme)
        .scalar_subquery()
    )
    tallied = (
        select(func.coalesce(func.sum(Tally.participants), 0))
        .where(Tally.programme_id == Programme.id)
        .correlate(Programme)
        .scalar_subquery()
    )
    session().execute(
        update(Programme)
        .values(records_count=records, tallied_count=tallied)
        .execution_options(synchronize_session=False)
    )
    session().expire_all()


def _values(spec: ProgrammeSpec) -> dict[str, Any]:
    """The columns of a specification, its texts normalised, absent ones as the table wants them."""
    values = asdict(spec)
    del values["partners"]
    for name in _LONGEST:
        lines = name.startswith("description")
        typed = values[name] or ""
        values[name] = text.normalise(typed) if lines else text.one_line(typed)
    for name in ("certificate", "certificate_en"):
        values[name] = values[name] or None
    values["outcome"] = values["outcome"] or Outcome.ATTENDANCE.value
    return values


def _check(values: dict[str, Any]) -> None:
    faults = [
        Fault(name, "text_too_long", _l("At most %(most)s characters fit here.", most=most))
        for name, most in _LONGEST.items()
        if len(values[name] or "") > most
    ]
    if not values["title"]:
        faults.append(Fault("title", "title_missing", _l("Give the programme a title.")))
    if not _SLUG.fullmatch(values["slug"]) or values["slug"] in _RESERVED:
        message = _l("Use small letters, digits and single hyphens, such as ai-pot-2.")
        faults.append(Fault("slug", "slug_unfit", message))
    if not 2000 <= values["year"] <= 2100:
        faults.append(Fault("year", "year_unfit", _l("Write a year from 2000 to 2100.")))
    if values["status"] not in STATUSES:
        message = _l("Choose planned, open or closed.")
        faults.append(Fault("status", "status_unknown", message))
    if values["outcome"] not in set(Outcome):
        faults.append(Fault("outcome", "outcome_unknown", _l("Choose what it leads to.")))
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        message = _l("The last day lies before the first day.")
        faults.append(Fault("ends_on", "ends_before_start", message))
    if faults:
        raise Invalid(*faults)
    values["outcome"] = Outcome(values["outcome"])


def _partners(wanted: Sequence[tuple[str, str]]) -> list[Partner]:
    """Partners by name, made where they are new; an English name is kept where there was none."""
    names = {
        text.one_line(name): text.one_line(english) for name, english in wanted if name.strip()
    }
    too_long = [name for name, english in names.items() if len(name) > 80 or len(english) > 80]
    if too_long:
        message = _l("At most %(most)s characters fit here.", most=80)
        raise Invalid(Fault("partners", "text_too_long", message))
    known = {
        partner.name: partner
        for partner in session().scalars(select(Partner).where(Partner.name.in_(names)))
    }
    for name, english in names.items():
        if name not in known:
            known[name] = Partner(name=name, name_en=english)
            session().add(known[name])
        elif english and not known[name].name_en:
            known[name].name_en = english
    session().flush()
    return [known[name] for name in names]


def _lock(programme: Programme) -> None:
    """Counts of one programme are entered one after the other: the unique rule sees no empty partner twice."""
    session().execute(select(Programme.id).where(Programme.id == programme.id).with_for_update())


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
