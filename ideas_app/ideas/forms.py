"""The form of an idea, for writing and for changing it. Checks shape only: lengths and texts are rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules import IdeaContent
from ideas_app.web.baseform import BaseForm, LineField, LinesField
from ideas_app.web.i18n import localised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wtforms import Field, Form

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.errors import Fault
    from ideas_app.programmes.models import Programme

NO_PROGRAMME = ""
_KEPT = ("title", "why", "how", "field", "programme", "neighbourhood", "is_idea", "is_public")
_LONGEST = 20_000
"""Characters of one field that a draft keeps: a draft may be too long, but not without end."""


class Wanted:
    """Marks a field that must be filled; the words for an empty one come from the rules."""

    field_flags = {"required": True}  # noqa: RUF012  # read by WTForms as a class attribute

    def __call__(self, _form: Form, _field: Field) -> None:
        """Says nothing: `ideas.rules.faults_of` does."""


class Ticked:
    """A box that must be ticked before sending."""

    field_flags = {"required": True}  # noqa: RUF012  # read by WTForms as a class attribute

    def __call__(self, _form: Form, field: Field) -> None:
        """Raises where it is not ticked."""
        if not field.data:
            raise ValidationError(_l("Please confirm this before you go on."))


class EditForm(BaseForm):
    """What an author writes and may change."""

    title = LineField(_l("Title"), [Wanted()])
    why = LinesField(_l("Why is it needed, and for whom?"), [Wanted()])
    how = LinesField(_l("How could it change?"))
    field = RadioField(_l("Field"), [Wanted()], validate_choice=False)
    programme = RadioField(_l("Which programme did it grow out of?"), validate_choice=False)
    neighbourhood = SelectField(_l("Neighbourhood"), validate_choice=False)

    def offer(
        self, campaign: Campaign, programmes: Iterable[Programme], places: Iterable[str]
    ) -> None:
        """Fills the choices: the campaign's fields, the programmes in their order, the neighbourhoods."""
        self.field.choices = [(one.key, localised(one, "name")) for one in campaign.fields]
        self.programme.choices = [
            *((one.slug, localised(one, "title")) for one in programmes),
            (NO_PROGRAMME, _l("It has nothing to do with a programme")),
        ]
        known = list(places)
        if self.neighbourhood.data and self.neighbourhood.data not in known:
            known.append(self.neighbourhood.data)
        self.neighbourhood.choices = [("", _l("Not chosen")), *((name, name) for name in known)]

    def to_content(self) -> IdeaContent:
        """What was typed, for the service."""
        return content_of(self.kept())

    def kept(self) -> dict[str, Any]:
        """What was typed, as plain JSON for a draft."""
        values: dict[str, Any] = {}
        for name in _KEPT:
            if name in self._fields:
                value = self._fields[name].data
                values[name] = value if isinstance(value, bool) else (value or "")[:_LONGEST]
        return values

    def take(self, faults: Iterable[Fault]) -> bool:
        """Puts faults of the rules at their fields; whether there were any."""
        wrong = False
        for fault in faults:
            target = self._fields[fault.field]
            target.errors = [*target.errors, fault.message]
            wrong = True
        return wrong


class ChangeForm(EditForm):
    """The same of an idea that was sent: it knows which text the author began from."""

    seen = HiddenField()


class IdeaForm(EditForm):
    """The same with the two things that a sender confirms."""

    is_idea = BooleanField(
        _l(
            "This is an idea for a policy, not a complaint about one case that an office should settle."
        ),
        [Ticked()],
    )
    is_public = BooleanField(
        _l(
            "I know that the idea and my nickname can be read by everybody. "
            "My name and how to reach me are never shown."
        ),
        [Ticked()],
    )


def content_of(kept: Mapping[str, Any]) -> IdeaContent:
    """The content that a draft holds."""
    return IdeaContent(
        title=str(kept.get("title") or ""),
        why=str(kept.get("why") or ""),
        how=str(kept.get("how") or ""),
        field=str(kept.get("field") or ""),
        programme=str(kept.get("programme") or "") or None,
        neighbourhood=str(kept.get("neighbourhood") or "") or None,
    ).cleaned()
