"""What files hold, as rows and as papers; files that were asked for. Must not change anything."""

from __future__ import annotations

from ideas_app.exports.queries.files import (
    find_file,
    find_template,
    get_own_file,
    list_own_files,
    template_content,
)
from ideas_app.exports.queries.papers import (
    describe_ballots,
    describe_letter,
    describe_sheet,
    describe_sheets,
    list_sheet_ideas,
)
from ideas_app.exports.queries.rows import (
    count_ideas,
    iterate_ballots,
    iterate_evaluations,
    iterate_ideas,
    iterate_participation,
    iterate_report,
    iterate_shortlist,
)

__all__ = [
    "count_ideas",
    "describe_ballots",
    "describe_letter",
    "describe_sheet",
    "describe_sheets",
    "find_file",
    "find_template",
    "get_own_file",
    "iterate_ballots",
    "iterate_evaluations",
    "iterate_ideas",
    "iterate_participation",
    "iterate_report",
    "iterate_shortlist",
    "list_own_files",
    "list_sheet_ideas",
    "template_content",
]
