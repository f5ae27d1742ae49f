"""Reads of evaluations: what waits for whom, how far each idea has come, and what may be shown of it.

Must not change anything. Scores leave this room only through `panel_of` and `list_for_export`, and both keep
them from everybody who still owes their own.
"""

from ideas_app.evaluations.queries.colleagues import Colleague, list_colleagues
from ideas_app.evaluations.queries.lists import (
    State,
    SubjectRow,
    count_waiting,
    list_asked,
    list_campaigns,
    list_own,
    list_subjects,
    list_waiting,
)
from ideas_app.evaluations.queries.one import (
    find_by_number,
    find_own,
    get_evaluation,
    get_row,
    get_subject,
    ideas_of,
    is_open,
    subject_of,
)
from ideas_app.evaluations.queries.panel import (
    CriterionLine,
    Panel,
    Person,
    findings_of,
    list_for_export,
    panel_of,
)
from ideas_app.evaluations.queries.rows import EvaluationRow
from ideas_app.evaluations.queries.tallies import counts_of

__all__ = [
    "Colleague",
    "CriterionLine",
    "EvaluationRow",
    "Panel",
    "Person",
    "State",
    "SubjectRow",
    "count_waiting",
    "counts_of",
    "find_by_number",
    "find_own",
    "findings_of",
    "get_evaluation",
    "get_row",
    "get_subject",
    "ideas_of",
    "is_open",
    "list_asked",
    "list_campaigns",
    "list_colleagues",
    "list_for_export",
    "list_own",
    "list_subjects",
    "list_waiting",
    "panel_of",
    "subject_of",
]
