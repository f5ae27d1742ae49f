"""The verbs of voting: give and take back a support, prepare, open and cast a ballot, enter one from
paper, recount, and forget who cast which.

Rows are the truth. A counter moves in the transaction of its row, by the number of rows that
really changed. Must not know the request, and never tells who voted for what.
"""

from ideas_app.votes.service.aside import restore, set_aside
from ideas_app.votes.service.ballots import cast_ballot, check_picks, open_ballot, save_draft
from ideas_app.votes.service.counters import recount, recount_family
from ideas_app.votes.service.entries import set_entries
from ideas_app.votes.service.forgetting import VoteFigures, count_votes, forget_voter
from ideas_app.votes.service.importing import ForeignBallots, import_ballots
from ideas_app.votes.service.leaving import forget_leavers, leave_family, return_to_family
from ideas_app.votes.service.papers import (
    Lookup,
    enter_paper,
    look_up_voter,
    register_paper,
    set_aside_paper,
)
from ideas_app.votes.service.reading import answer_reading
from ideas_app.votes.service.supports import Supported, give_support, take_support_back
from ideas_app.votes.service.unlinking import destroy_links, forget_drafts

__all__ = [
    "ForeignBallots",
    "Lookup",
    "Supported",
    "VoteFigures",
    "answer_reading",
    "cast_ballot",
    "check_picks",
    "count_votes",
    "destroy_links",
    "enter_paper",
    "forget_drafts",
    "forget_leavers",
    "forget_voter",
    "give_support",
    "import_ballots",
    "leave_family",
    "look_up_voter",
    "open_ballot",
    "recount",
    "recount_family",
    "register_paper",
    "restore",
    "return_to_family",
    "save_draft",
    "set_aside",
    "set_aside_paper",
    "set_entries",
    "take_support_back",
]
