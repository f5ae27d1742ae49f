"""The shape of what staff type about programmes and rosters. Must not know who may type it, or when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.programmes.models import Outcome
from ideas_app.programmes.rules.sessions import LONGEST
from ideas_app.programmes.service import Given, ProgrammeSpec
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wtforms import Field

    from ideas_app.programmes.models import Partner, Programme

OUTCOMES = (
    (Outcome.ATTENDANCE.value, lazy_pgettext("outcome", "Attendance")),
    (Outcome.CERTIFICATE.value, lazy_pgettext("outcome", "Certificate")),
    (Outcome.VISIT.value, lazy_pgettext("outcome", "Visits to companies")),
    (Outcome.COUNSELLING.value, lazy_pgettext("outcome", "Counselling (counts only)")),
    (Outcome.IDEAS.value, lazy_pgettext("outcome", "Policy ideas")),
)
STATUSES = (
    ("planned", lazy_pgettext("programme", "Planned")),
    ("open", lazy_pgettext("programme", "Running")),
    ("closed", lazy_pgettext("programme", "Ended")),
)
_PLAIN = (
    *("title", "title_en", "slug", "year", "category", "status", "starts_on", "ends_on"),
    *("certificate", "certificate_en", "is_specialist", "description", "description_en"),
)
"""Fields that stand in the form as in the table."""
_COUNT = NumberRange(min=0, max=1_000_000, message=_l("Write a number from 0 on."))


class ProgrammeForm(BaseForm):
    """A programme. Partners stand one on a line; after a slash an English name."""

    title = LineField(_l("Title"), [Filled(), Characters(most=200)])
    title_en = LineField(_l("Title in English"), [Characters(most=200)])
    slug = LineField(lazy_pgettext("programme", "Address"), [Characters(most=80)])
    year = IntegerField(_l("Year"), [InputRequired(_l("Write a year."))])
    category = LineField(_l("Category"), [Characters(most=40)])
    status = SelectField(
        _l("State"), choices=[SelectChoice(*one) for one in STATUSES], default="open"
    )
    outcome = SelectField(_l("What it leads to"), choices=[SelectChoice(*one) for one in OUTCOMES])
    starts_on = DateField(_l("First day"), [Optional()])
    ends_on = DateField(_l("Last day"), [Optional()])
    partners = LinesField(_l("Partners"), [Characters(most=1000)])
    certificate = LineField(_l("Certificate"), [Characters(most=80)])
    certificate_en = LineField(_l("Certificate in English"), [Characters(most=80)])
    is_specialist = BooleanField(_l("Its certificates count as specialists of regional industry"))
    description = LinesField(_l("Description"), [Characters(most=1000)])
    description_en = LinesField(_l("Description in English"), [Characters(most=2000)])

    @classmethod
    def of(cls, programme: Programme) -> ProgrammeForm:
        """The form filled with a programme."""
        partners = "\n".join(
            f"{each.name} / {each.name_en}" if each.name_en else each.name
            for each in programme.partners
        )
        plain = {name: getattr(programme, name) for name in _PLAIN}
        data = {**plain, "partners": partners, "outcome": programme.outcome.value}
        return cls(data=data)

    def spec(self, *, is_invented: bool = False) -> ProgrammeSpec:
        """What was typed, for the service."""
        return ProgrammeSpec(
            title=self.title.data or "",
            title_en=self.title_en.data or "",
            slug=self.slug.data or "",
            year=self.year.data or 0,
            category=self.category.data or "",
            status=self.status.data or "open",
            outcome=self.outcome.data or Outcome.ATTENDANCE.value,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            certificate=self.certificate.data or None,
            certificate_en=self.certificate_en.data or None,
            is_specialist=bool(self.is_specialist.data),
            is_invented=is_invented,
            description=self.description.data or "",
            description_en=self.description_en.data or "",
            partners=tuple(_partner(line) for line in (self.partners.data or "").splitlines()),
        )


def _partner(line: str) -> tuple[str, str]:
    name, _, english = line.partition("/")
    return name.strip(), english.strip()


class TallyForm(BaseForm):
    """A count of one partner and month."""

    month = LineField(_l("Month"), [Filled()])
    partner = SelectField(_l("Partner"), validate_choice=False)
    participants = IntegerField(_l("People"), [InputRequired(_l("Write a number.")), _COUNT])
    sessions = IntegerField(_l("Meetings"), [Optional(), _COUNT])

    def offer(self, partners: Sequence[Partner]) -> None:
        """The partners to choose from; the first choice is the centre itself."""
        centre = SelectChoice("", _l("The centre itself"))
        self.partner.choices = [centre, *(SelectChoice(one.name, one.name) for one in partners)]

    def validate_month(self, field: Field) -> None:
        """A month such as 2026-03, read into `month_on`."""
        try:
            self.month_on = date.fromisoformat(f"{field.data}-01")
        except ValueError:
            raise ValidationError(_l("Write the month like 2026-03.")) from None


class VisitForm(BaseForm):
    """One visit to a company."""

    visited_on = DateField(_l("Day"), [InputRequired(_l("Write the day."))])
    company = LineField(_l("Company"), [Characters(most=80)])
    company_en = LineField(_l("Company in English"), [Characters(most=80)])
    participants = IntegerField(_l("People"), [InputRequired(_l("Write a number.")), _COUNT])


class UploadForm(BaseForm):
    """The file of a roster."""

    file = FileField(_l("File"))


class UndoForm(BaseForm):
    """Why an import is taken back."""

    reason = LineField(_l("Reason"), [Filled(_l("Give a reason: it is kept in the log."))])


class ClaimForm(BaseForm):
    """The consent to the link between an account and a record."""

    consent = BooleanField()


class MeetingForm(BaseForm):
    """A meeting of a programme."""

    held_on = DateField(_l("Day"), [InputRequired(_l("Write the day."))])
    title = LineField(_l("What it is about"), [Characters(most=80)])
    minutes = IntegerField(
        _l("Length in minutes"),
        [
            Optional(),
            NumberRange(
                min=1,
                max=LONGEST,
                message=_l("Write the minutes as a number from 1 to %(most)s.", most=LONGEST),
            ),
        ],
    )


class AttendanceForm(BaseForm):
    """What the attendance list is taken for."""

    purpose = LineField(
        _l("What the file is for"),
        [Filled(_l("Say what the file is for: it is kept in the log.")), Characters(most=200)],
    )


class CodeForm(BaseForm):
    """The code on the day and, where the account is not linked yet, who one is."""

    code = LineField(_l("Code"), [Filled(_l("Write the six digits from the screen."))])
    name = LineField(_l("Your name as on the roster"), [Characters(most=40)])
    consent = BooleanField()

    def given(self) -> Given | None:
        """What the person says of themselves; None while they have said nothing."""
        if not self.name.data and not self.consent.data:
            return None
        return Given(self.name.data or "", has_consented=bool(self.consent.data))


class AskForm(BaseForm):
    """A request to the centre to find one's record."""

    programme = SelectField(_l("Programme"), validate_choice=False)
    name = LineField(_l("Your name as on the roster"), [Filled(), Characters(most=40)])
    phone = LineField(_l("Telephone number that you gave then"), [Characters(most=20)])
    word = LineField(_l("What helps to find you"), [Characters(most=200)])
    consent = BooleanField()

    def offer(self, programmes: Sequence[Programme], titles: dict[str, str]) -> None:
        """The programmes to choose from."""
        self.programme.choices = [SelectChoice(one.slug, titles[one.slug]) for one in programmes]

    def given(self) -> Given:
        """What was typed, for the service."""
        return Given(
            self.name.data or "",
            self.phone.data or "",
            self.word.data or "",
            has_consented=bool(self.consent.data),
        )


class RefuseForm(BaseForm):
    """Why the centre does not find somebody on its roster."""

    reason = LineField(_l("Reason that the person reads"), [Filled(), Characters(most=200)])


class CheckForm(BaseForm):
    """The code of a certificate and, if wanted, the name on the paper."""

    code = LineField(
        _l("Check code"), [Filled(_l("Write the code from the paper.")), Characters(most=40)]
    )
    name = LineField(_l("Name on the paper"), [Characters(most=40)])


class ShowForm(BaseForm):
    """Why somebody's line is read in full."""

    reason = LineField(_l("What you need it for"), [Filled(), Characters(0, 200)])
