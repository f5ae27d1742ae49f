"""Words in place of codes, in the language that is spoken when a bundle is made. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.answers.models import StepKind
from ideas_app.answers.rules import Standing
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.exports.rules import WORDS as EXPORT_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

WORDS: dict[str, Mapping[str, LazyString]] = {
    "state": EXPORT_WORDS["state"],
    "code": EXPORT_WORDS["code"],
    "decision": EXPORT_WORDS["decision"],
    "kind": EXPORT_WORDS["kind"],
    "standing": {
        Standing.KEPT.value: lazy_pgettext("promise", "Kept"),
        Standing.NEXT.value: lazy_pgettext("promise", "Coming"),
        Standing.MOVED.value: lazy_pgettext("promise", "Moved"),
        Standing.SILENT.value: lazy_pgettext("promise", "No word"),
        Standing.DROPPED.value: lazy_pgettext("promise", "Dropped"),
    },
    "step_kind": {
        StepKind.PROGRESS.value: lazy_pgettext("step", "On the way"),
        StepKind.DONE.value: lazy_pgettext("step", "Kept"),
        StepKind.MOVED.value: lazy_pgettext("step", "Moved"),
        StepKind.DROPPED.value: lazy_pgettext("step", "Dropped"),
        StepKind.REOPENED.value: lazy_pgettext("step", "Open again"),
    },
}
"""By column, what each of its codes is called. Files for spreadsheets hold the words, JSON the codes."""


def worded(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with words in place of its codes."""
    return {name: _word(name, value) for name, value in row.items()}


def _word(column: str, value: Any) -> Any:
    words = WORDS.get(column)
    return str(words[value]) if words is not None and value else value
