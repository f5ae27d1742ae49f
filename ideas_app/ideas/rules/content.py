"""What an author writes: its normal form, and everything that keeps it from being sent. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules.marks import has_resident_number

if TYPE_CHECKING:
    from collections.abc import Collection

    from ideas_app.campaigns.rules import CampaignRules

NEIGHBOURHOOD_MAX = 20
"""A neighbourhood's name is short; a longer one is an address, which is never kept."""


@dataclass(frozen=True, slots=True)
class IdeaContent:
    """What an author writes, as it came; `cleaned` gives the normal form."""

    title: str
    why: str
    field: str
    """Key of one of the campaign's fields."""
    how: str = ""
    programme: str | None = None
    """Slug of the programme it grew out of."""
    neighbourhood: str | None = None

    def cleaned(self) -> IdeaContent:
        """The same in normal form."""
        return IdeaContent(
            title=text.one_line(self.title),
            why=text.normalise(self.why),
            how=text.normalise(self.how),
            field=self.field,
            programme=self.programme or None,
            neighbourhood=text.one_line(self.neighbourhood or "") or None,
        )


def revision_of(version: int, *texts: str) -> str:
    """Stands for an idea's texts as somebody read them; any change of them gives another. 16 hex digits.

    A version alone does not tell: before publication and shortly after it the author's changes make no new one.
    """
    told = "\x1f".join((str(version), *texts))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def faults_of(
    content: IdeaContent, rules: CampaignRules, field_keys: Collection[str]
) -> list[Fault]:
    """Everything that keeps an idea from being sent, each at its field, with what to do.

    `content` is in normal form. Lengths are counted in graphemes, as a reader counts.
    """
    faults = [*_title_faults(content.title, rules), *_body_faults(content, rules)]
    if content.field not in field_keys:
        message = _l("Choose the field that the idea belongs to.")
        faults.append(Fault("field", "unknown_field", message))
    if text.length(content.neighbourhood or "") > NEIGHBOURHOOD_MAX:
        message = _l("Only the name of a neighbourhood fits here, not an address.")
        faults.append(Fault("neighbourhood", "neighbourhood_long", message))
    for name in ("title", "why", "how"):
        if has_resident_number(getattr(content, name)):
            message = _l(
                "This looks like a resident registration number. Please take it out: "
                "it must not be kept here."
            )
            faults.append(Fault(name, "resident_number", message))
    return faults


def _title_faults(title: str, rules: CampaignRules) -> list[Fault]:
    count = text.length(title)
    if count == 0:
        message = _l(
            "The title is empty. Please write at least %(least)s characters.", least=rules.title_min
        )
        return [Fault("title", "title_empty", message)]
    if count < rules.title_min:
        message = _l(
            "The title is too short (%(count)s). Please write at least %(least)s characters, "
            "so that it says the wish.",
            count=count,
            least=rules.title_min,
        )
        return [Fault("title", "title_short", message)]
    return _too_long("title", title, rules.title_max)


def _body_faults(content: IdeaContent, rules: CampaignRules) -> list[Fault]:
    if not content.why:
        message = _l("Why it is needed is missing. Two or three sentences are enough.")
        return [
            Fault("why", "why_empty", message),
            *_too_long("how", content.how, rules.how_max),
        ]
    return [
        *_too_long("why", content.why, rules.why_max),
        *_too_long("how", content.how, rules.how_max),
    ]


def _too_long(name: str, value: str, most: int) -> list[Fault]:
    over = text.length(value) - most
    if over <= 0:
        return []
    message = _l(
        "Too long by %(over)s: at most %(most)s characters fit here.", over=over, most=most
    )
    return [Fault(name, f"{name}_long", message)]
