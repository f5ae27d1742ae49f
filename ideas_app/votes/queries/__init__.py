"""Reads of supports and ballots. Must not change anything.

Who voted for what is told to the voter alone.
"""

from ideas_app.votes.queries.ballots import (
    Entry,
    ballots_as_lists,
    ballots_with_voters,
    count_entries,
    find_ballot,
    kept_picks,
    list_entries,
    list_texts,
    open_lines,
    picks_of,
)
from ideas_app.votes.queries.candidates import (
    CANDIDATES,
    Candidate,
    list_candidates,
    load_subjects,
    subject_key,
)
from ideas_app.votes.queries.papers import (
    Voter,
    count_done,
    find_earlier_vote,
    find_voter,
    get_paper,
    has_voted_on_paper,
    linked_account,
    list_waiting,
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
from ideas_app.votes.queries.turnout import find_unlinking, turnout, turnout_by_day

__all__ = [
    "CANDIDATES",
    "Candidate",
    "Entry",
    "Voter",
    "ballots_as_lists",
    "ballots_with_voters",
    "count_done",
    "count_entries",
    "count_of_idea",
    "find_ballot",
    "find_earlier_vote",
    "find_unlinking",
    "find_voter",
    "find_wrong_counters",
    "get_idea",
    "get_paper",
    "has_voted_on_paper",
    "kept_picks",
    "linked_account",
    "list_candidates",
    "list_entries",
    "list_opinions",
    "list_supported_ids",
    "list_texts",
    "list_waiting",
    "load_subjects",
    "open_lines",
    "picks_of",
    "programmes_of",
    "subject_key",
    "supported_ids",
    "supports_as_lists",
    "supports_with_voters",
    "turnout",
    "turnout_by_day",
]
