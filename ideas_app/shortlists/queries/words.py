"""The names of rules, completions and sources, for forms, pages and files. Must not know where they stand."""

from __future__ import annotations

from ideas_app.core.i18n import lazy_pgettext
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.rules import Completion, Rule

RULES = (
    (Rule.MES.value, lazy_pgettext("rule", "Method of Equal Shares")),
    (Rule.PHRAGMEN.value, lazy_pgettext("rule", "Sequential Phragmén")),
    (Rule.SEQPAV.value, lazy_pgettext("rule", "Sequential proportional approval")),
    (Rule.SATISFACTION.value, lazy_pgettext("rule", "Satisfaction approval")),
    (Rule.APPROVAL.value, lazy_pgettext("rule", "Most votes")),
)
COMPLETIONS = (
    (Completion.PHRAGMEN.value, lazy_pgettext("rule", "Sequential Phragmén")),
    (Completion.APPROVAL.value, lazy_pgettext("rule", "Most votes")),
    (Completion.NONE.value, lazy_pgettext("rule", "Leave seats empty")),
)
SOURCES = (
    (Source.BALLOT.value, lazy_pgettext("source", "Final ballot")),
    (Source.SUPPORTS.value, lazy_pgettext("source", "Supports of the gathering")),
)
