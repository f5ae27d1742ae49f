"""Shapes of what comes in with a ballot, on screen or on paper, and with the reading stack. Must not know
who may vote, or how much may be ticked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wtforms import BooleanField, DateField
from wtforms.validators import Optional, ValidationError

from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes.rules.issues import Unreadable
from ideas_app.programmes.rules.names import normalise_name
from ideas_app.programmes.rules.phones import read_phone
from ideas_app.votes.rules import Said, VoterGiven
from ideas_app.web.baseform import BaseForm, Characters, Filled, LineField, LinesField

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from werkzeug.datastructures import MultiDict
    from wtforms import Field

    from ideas_app.votes.queries import Candidate, Entry

_LONGEST_ID = 10


def picked_entries(form: MultiDict[str, str]) -> frozenset[int]:
    """The ticked lines: `entry` values that are numbers; anything else is no tick."""
    return frozenset(int(value) for value in form.getlist("entry") if _is_id(value))


def chosen_candidates(form: MultiDict[str, str], candidates: list[Candidate]) -> list[Candidate]:
    """The candidates whose key (`i17`, `f3`) was ticked, in the order of the list."""
    keys = set(form.getlist("subject"))
    return [candidate for candidate in candidates if candidate.key in keys]


def read_answer(form: MultiDict[str, str]) -> tuple[int, Said]:
    """The card and what was said of it. Raises `NotFound` for a card that is none, `Invalid` for other words."""
    value = form.get("idea", "")
    if not _is_id(value):
        raise NotFound("not_found", _l("There is no such idea."))
    said = form.get("said", "")
    if said not in set(Said):
        raise Invalid(Fault("said", "unknown_answer", _l("Choose one of the three answers.")))
    return int(value), Said(said)


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < _LONGEST_ID


@dataclass(frozen=True, slots=True)
class Way:
    """Where a button of the ballot leads after the ticks have been kept."""

    view: str = "all"
    is_compare: bool = False
    first: int | None = None
    second: int | None = None
    says_kept: bool = False


def ballot_way(form: MultiDict[str, str]) -> Way:
    """Reads the pressed button `go`: `keep`, `compare`, `compare:17`, `view:picked`; else the list.

    `compare` alone takes the two lines of the fields `a` and `b`.
    """
    kind, _, what = form.get("go", "").partition(":")
    if kind == "compare":
        first, second = what or form.get("a", ""), form.get("b", "")
        return Way(
            is_compare=True,
            first=int(first) if _is_id(first) else None,
            second=int(second) if _is_id(second) and not what else None,
        )
    view = what if kind == "view" else form.get("view", "all")
    return Way(view=view or "all", says_kept=kind != "view")


def find_pair(
    args: MultiDict[str, str], lines: Sequence[Entry], picked: Collection[int]
) -> list[Entry]:
    """The two lines to compare: those asked for, filled up from the ticks, then from the list."""
    by_id = {str(line.id): line for line in lines}
    asked = [by_id[value] for name in "ab" if (value := args.get(name, "")) in by_id]
    ticked = [line for line in lines if line.id in picked]
    pair: list[Entry] = []
    for line in (*asked, *ticked, *lines):
        if line not in pair:
            pair.append(line)
    return pair[:2]


class VoterForm(BaseForm):
    """Who brings a ballot on paper, read off a document."""

    name = LineField(_l("Name as in the document"), validators=[Filled(), Characters(most=40)])
    born_on = DateField(
        _l("Date of birth"),
        validators=[Filled(_l("Give the birth date as in the document, like 1999-03-14."))],
    )
    phone = LineField(
        _l("Phone number, to find the person on the rosters"), validators=[Optional()]
    )
    account = LineField(
        _l("E-mail address or nickname of the account, if there is one"),
        validators=[Optional(), Characters(most=320)],
    )
    has_document = BooleanField(
        _l(
            "I have seen a document, and the person lives, works or studies in the city and has not "
            "voted online."
        ),
        validators=[Filled(_l("Look at a document first: without it the paper cannot be taken."))],
    )

    def validate_name(self, field: Field) -> None:
        """A name as rosters know it."""
        try:
            normalise_name(field.data or "")
        except Unreadable:
            raise ValidationError(
                _l("Write the name with letters only, as in the document.")
            ) from None

    def validate_phone(self, field: Field) -> None:
        """A number, or nothing."""
        try:
            read_phone(field.data or None)
        except Unreadable:
            raise ValidationError(_l("This is no phone number, like 010-1234-5678.")) from None

    def given(self) -> VoterGiven:
        """What was given, once the form is valid."""
        return VoterGiven(
            name=normalise_name(self.name.data or ""),
            born_on=self.born_on.data,  # type: ignore[arg-type]  # filled
            phone=read_phone(self.phone.data or None),
            account=self.account.data or "",
        )


class AsideForm(BaseForm):
    """Why a paper does not count."""

    reason = LinesField(
        _l("Why this paper does not count"), validators=[Filled(), Characters(most=300)]
    )
