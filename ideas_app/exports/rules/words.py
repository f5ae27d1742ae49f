"""Words in place of codes, in the language that is spoken when the file is made. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.core.i18n import lazy_pgettext
from ideas_app.evaluations.rules import WORDS as EVALUATION_WORDS

if TYPE_CHECKING:
    from flask_babel import LazyString

WORDS: dict[str, dict[str, LazyString]] = {
    "export": {
        "ideas": lazy_pgettext("export", "Policy ideas"),
        "shortlist": lazy_pgettext("export", "Shortlist"),
        "sheets": lazy_pgettext("export", "Idea sheets"),
        "ballots": lazy_pgettext("export", "Ballot result"),
        "participation": lazy_pgettext("export", "Participation"),
        "report": lazy_pgettext("export", "Yearly report"),
        "evaluations": lazy_pgettext("export", "Evaluations (working file)"),
    },
    "state": {
        "submitted": lazy_pgettext("export state", "Received"),
        "published": lazy_pgettext("export state", "Gathering support"),
        "returned": lazy_pgettext("export state", "Returned to be mended"),
        "rejected": lazy_pgettext("export state", "Not published"),
        "withdrawn": lazy_pgettext("export state", "Withdrawn"),
        "hidden": lazy_pgettext("export state", "Hidden"),
        "on_ballot": lazy_pgettext("export state", "On the ballot"),
        "shortlisted": lazy_pgettext("export state", "Shortlisted"),
        "not_shortlisted": lazy_pgettext("export state", "Not shortlisted"),
        "answered": lazy_pgettext("export state", "Answered"),
        "done": lazy_pgettext("export state", "Done"),
    },
    "code": {
        "duplicate": lazy_pgettext("export code", "Duplicate"),
        "not_our_competence": lazy_pgettext("export code", "Not our competence"),
        "complaint": lazy_pgettext("export code", "Complaint"),
        "already_done": lazy_pgettext("export code", "Already done"),
        "personal_data": lazy_pgettext("export code", "Personal data"),
        "abuse": lazy_pgettext("export code", "Abuse"),
        "advertising": lazy_pgettext("export code", "Advertising"),
        "unclear": lazy_pgettext("export code", "Unclear"),
        "prank": lazy_pgettext("export code", "Prank"),
    },
    "decision": {
        "adopted": lazy_pgettext("decision", "Adopted"),
        "partly": lazy_pgettext("decision", "Adopted in part"),
        "later": lazy_pgettext("decision", "For later review"),
        "hard": lazy_pgettext("decision", "Hard to adopt"),
        "already": lazy_pgettext("decision", "Already in place"),
        "passed_on": lazy_pgettext("decision", "Passed to another body"),
    },
    "kind": {
        "idea": lazy_pgettext("export kind", "Idea"),
        "family": lazy_pgettext("export kind", "Family"),
    },
    **{
        part: {value.value: word for value, word in words.items()}
        for part, words in EVALUATION_WORDS.items()
    },
}


def word_of(column: str, value: Any) -> Any:
    """What a cell shows: the word of a code in columns that hold codes, else the value as it is."""
    words = WORDS.get(column)
    if words is None or value is None or value == "":
        return "" if value is None and words is not None else value
    return str(words[str(value)])
