"""Shapes of what comes in with a ballot or the reading stack. Must not know who may vote, or how much may be ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.votes.rules import Said

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from ideas_app.votes.queries import Candidate

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
