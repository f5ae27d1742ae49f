"""Reads of supports and ballots. Must not change anything.

Who voted for what is told to the voter alone.
"""

from ideas_app.votes.queries.ballots import (
    Entry,
    ballots_as_lists,
    ballots_with_voters,
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
from ideas_app.votes.queries.supports import (
    count_of_idea,
    find_wrong_counters,
    get_idea,
    list_opinions,
    list_supported_ids,
    programmes_of,
    supported_ids,
    supports_as_lists,
    supports_with_voters,
)

__all__ = [
    "CANDIDATES",
    "Candidate",
    "Entry",
    "ballots_as_lists",
    "ballots_with_voters",
    "count_entries",
    "count_of_idea",
    "find_ballot",
    "find_wrong_counters",
    "get_idea",
    "list_candidates",
    "list_entries",
    "list_opinions",
    "list_supported_ids",
    "load_subjects",
    "open_lines",
    "picks_of",
    "programmes_of",
    "subject_key",
    "supported_ids",
    "supports_as_lists",
    "supports_with_voters",
    "turnout",
]
