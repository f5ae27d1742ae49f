"""What a certificate of participation says, and whether a code stands for one.

Must not know how the file is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from ideas_app.adapters import qr
from ideas_app.adapters.formats.blocks import (
    Code,
    Document,
    Facts,
    Grid,
    Paragraph,
    Picture,
)
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes.models import Attendance, Certificate, Participation, Person
from ideas_app.programmes.queries.meetings import count_meetings_of, sum_minutes_of
from ideas_app.programmes.rules.certificates import show_code
from ideas_app.web.email import link
from ideas_app.web.i18n import format_day, format_hours, localised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.adapters.formats import Language
    from ideas_app.programmes.queries.records import OwnRecord


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A record with its person and its check code."""

    record: Participation
    code: str


def get_own_record(account_id: int | None, participation_id: int) -> Participation:
    """A record of the person to whom the account is linked. Raises `NotFound`."""
    found = session().scalar(
        select(Participation)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.id == participation_id, Person.account_id == account_id)
        .where(Person.account_id.is_not(None))
    )
    if found is None:
        raise NotFound("no_record", _l("There is no such record."))
    return found


def view_certificate(participation_id: int) -> CertificateView:
    """A record that has a code. Raises `NoResultFound` otherwise."""
    row = session().execute(
        select(Participation, Certificate.code)
        .join(Certificate, Certificate.participation_id == Participation.id)
        .join(Participation.person)
        .join(Participation.programme)
        .options(contains_eager(Participation.person), contains_eager(Participation.programme))
        .where(Participation.id == participation_id)
    )
    record, code = row.one()
    return CertificateView(record, code)


def find_certified_name(code: str) -> str | None:
    """The name of the person whose certificate has a code; None where the record is no more."""
    return session().scalar(
        select(Person.name)
        .join(Participation, Participation.person_id == Person.id)
        .join(Certificate, Certificate.participation_id == Participation.id)
        .where(Certificate.code == code)
    )


def describe_certificate(view: CertificateView, lang: Language, *, author: str) -> Document:
    """The certificate in the language that is being spoken: name, programme, how far, and how to check it."""
    record = view.record
    person, programme = record.person, record.programme
    facts = [(_("Name"), person.name)]
    if person.born_on:
        facts.append((pgettext("roster", "Birth date"), format_day(person.born_on)))
    facts.append((_("Programme"), f"{localised(programme, 'title')} ({programme.year})"))
    if record.cohort:
        facts.append((pgettext("roster", "Cohort"), record.cohort))
    if record.joined_on:
        facts.append((pgettext("roster", "Took part on"), format_day(record.joined_on)))
    facts.append((_("How far"), _reached(record)))
    if record.certificate:
        named = record.certificate
        if record.certified_on:
            named = f"{named} ({format_day(record.certified_on)})"
        facts.append((_("Certificate"), named))
    if meetings := count_meetings_of([record.id]).get(record.id):
        facts.append((_("Meetings attended"), str(meetings)))
    if minutes := sum_minutes_of([record.id]).get(record.id):
        facts.append((_("Hours"), format_hours(minutes)))
    shown = show_code(view.code)
    address = link("programmes.check", code=shown)
    return Document(
        title=_("Certificate of participation"),
        about=_("The rosters of the centre say the following on the day of issue."),
        author=author,
        lang=lang,
        as_of=clock.today(),
        blocks=(
            Facts(tuple(facts)),
            Paragraph(_("Whoever holds this paper can check it at the address below:")),
            Code(f"{address}"),
            Picture(
                qr.draw(address, title=_("Address of the check")),
                _("Check code %(code)s", code=shown),
            ),
        ),
    )


def describe_year(
    records: Sequence[OwnRecord], year: int, lang: Language, *, author: str
) -> Document:
    """One person's participation in a year on one paper, each record with its own check code. `records` is not
    empty.
    """
    person = records[0].record.person
    facts = [(_("Name"), person.name)]
    if person.born_on:
        facts.append((pgettext("roster", "Birth date"), format_day(person.born_on)))
    facts.append((_("Year"), str(year)))
    programmes = len({each.record.programme_id for each in records})
    facts.append((_("Programmes"), str(programmes)))
    if minutes := sum(each.minutes for each in records):
        facts.append((_("Hours"), format_hours(minutes)))
    rows = tuple(
        (
            _programme(each.record),
            _reached(each.record),
            f"{each.meetings}/{each.held}" if each.held else "–",
            format_hours(each.minutes) if each.minutes else "–",
            each.code,
        )
        for each in records
    )
    head = (_("Programme"), _("How far"), _("Meetings"), _("Hours"), _("Check code"))
    address = link("programmes.check")
    return Document(
        title=_("Certificate of participation in %(year)s", year=year),
        about=_("The rosters of the centre say the following on the day of issue."),
        author=author,
        lang=lang,
        as_of=clock.today(),
        blocks=(
            Facts(tuple(facts)),
            Grid(_("Programmes of the year"), head, rows, widths=(34, 16, 12, 14, 24)),
            Paragraph(
                _("Whoever holds this paper can check each line by its code at the address below:")
            ),
            Code(address),
            Picture(qr.draw(address, title=_("Address of the check")), address),
        ),
    )


def _programme(record: Participation) -> str:
    """Title, cohort and certificate of a record."""
    parts = [localised(record.programme, "title"), record.cohort, record.certificate or ""]
    return " · ".join(part for part in parts if part)


def _reached(record: Participation) -> str:
    words: dict[Attendance, str] = {
        Attendance.ATTENDED: pgettext("attendance", "attended"),
        Attendance.COMPLETED: pgettext("attendance", "completed"),
        Attendance.CERTIFIED: pgettext("attendance", "certified"),
    }
    return words[record.status]
