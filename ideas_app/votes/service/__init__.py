"""The verbs of voting: give and take back a support, prepare, open and cast a ballot, recount.

Rows are the truth. A counter moves in the transaction of its row, by the number of rows that
really changed. Must not know the request, and never tells who voted for what.
"""

from ideas_app.votes.service.ballots import cast_ballot, check_picks, open_ballot
from ideas_app.votes.service.counters import recount, recount_family
from ideas_app.votes.service.entries import set_entries
from ideas_app.votes.service.importing import ForeignBallots, import_ballots
from ideas_app.votes.service.leaving import forget_leavers, leave_family, return_to_family
from ideas_app.votes.service.supports import give_support, take_support_back

__all__ = [
    "ForeignBallots",
    "cast_ballot",
    "check_picks",
    "forget_leavers",
    "give_support",
    "import_ballots",
    "leave_family",
    "open_ballot",
    "recount",
    "recount_family",
    "return_to_family",
    "set_entries",
    "take_support_back",
]
