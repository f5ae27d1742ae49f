"""Reads of rounds, of what their pages show, and of a voter's own line. Must not change anything."""

from ideas_app.shortlists.queries.analysis import Analysis, Firm, Miss, SeatsRow
from ideas_app.shortlists.queries.document import describe_round
from ideas_app.shortlists.queries.groups import Groups, read_group_tables
from ideas_app.shortlists.queries.history import entries_of, tell_rounds
from ideas_app.shortlists.queries.own_line import OwnLine, find_own_line
from ideas_app.shortlists.queries.page import (
    Figures,
    Line,
    Link,
    RoundPage,
    Shown,
    find_pictures,
    read_page,
)
from ideas_app.shortlists.queries.pictures import draw_pictures
from ideas_app.shortlists.queries.rounds import (
    CHOOSABLE,
    Choice,
    RoundRow,
    changes_of,
    choices_of,
    find_changed_rounds,
    find_published,
    get_round,
    hold,
    is_auditor,
    list_auditors,
    list_ballots,
    list_choices,
    list_elected,
    list_ideas_of,
    list_rounds,
    list_text_of,
    require_standing,
    seal_of,
)
from ideas_app.shortlists.queries.sentences import tell
from ideas_app.shortlists.queries.voters import read_groups

__all__ = [
    "CHOOSABLE",
    "Analysis",
    "Choice",
    "Figures",
    "Firm",
    "Groups",
    "Line",
    "Link",
    "Miss",
    "OwnLine",
    "RoundPage",
    "RoundRow",
    "SeatsRow",
    "Shown",
    "changes_of",
    "choices_of",
    "describe_round",
    "draw_pictures",
    "entries_of",
    "find_changed_rounds",
    "find_own_line",
    "find_pictures",
    "find_published",
    "get_round",
    "hold",
    "is_auditor",
    "list_auditors",
    "list_ballots",
    "list_choices",
    "list_elected",
    "list_ideas_of",
    "list_rounds",
    "list_text_of",
    "read_group_tables",
    "read_groups",
    "read_page",
    "require_standing",
    "seal_of",
    "tell",
    "tell_rounds",
]
