"""Reads of supports and ballots. Must not change anything.

Who voted for what is told to the voter alone.
"""

from ideas_app.votes.queries.ballots import (
    Entry,
    ballots_as_lists,
    count_entries,
    find_ballot,
    list_entries,
    open_lines,
    picks_of,
    turnout,
)
from ideas_app.votes.queries.candidates import (
    CANDIDATES,
    Candidate,
    list_candidates,
    load_subjects,
    subject_key,
)
from ideas_app.votes.queries.families import (
    count_leavers,
    get_family,
    has_left,
    is_counted_in_family,
    list_member_states,
    supports_member,
)
from ideas_app.votes.queries.supports import (
    count_of_idea,
    find_wrong_counters,
    get_idea,
    list_opinions,
    list_supported_ids,
    programmes_of,
    supported_ids,
    supports_as_lists,
)

__all__ = [
    "CANDIDATES",
    "Candidate",
    "Entry",
    "ballots_as_lists",
    "count_entries",
    "count_leavers",
    "count_of_idea",
    "find_ballot",
    "find_wrong_counters",
    "get_family",
    "get_idea",
    "has_left",
    "is_counted_in_family",
    "list_candidates",
    "list_entries",
    "list_member_states",
    "list_opinions",
    "list_supported_ids",
    "load_subjects",
    "open_lines",
    "picks_of",
    "programmes_of",
    "subject_key",
    "supported_ids",
    "supports_as_lists",
    "supports_member",
    "turnout",
]
