"""The verbs of voting: give and take back a support, prepare, open and cast a ballot, recount.

Rows are the truth. A counter moves in the transaction of its row, by the number of rows that
really changed. Must not know the request, and never tells who voted for what.
"""

from ideas_app.votes.service.aside import restore, set_aside
from ideas_app.votes.service.ballots import cast_ballot, check_picks, open_ballot
from ideas_app.votes.service.counters import recount, recount_family
from ideas_app.votes.service.entries import set_entries
from ideas_app.votes.service.importing import ForeignBallots, import_ballots
from ideas_app.votes.service.reading import answer_reading
from ideas_app.votes.service.supports import give_support, take_support_back

__all__ = [
    "ForeignBallots",
    "answer_reading",
    "cast_ballot",
    "check_picks",
    "give_support",
    "import_ballots",
    "open_ballot",
    "recount",
    "recount_family",
    "restore",
    "set_aside",
    "set_entries",
    "take_support_back",
]
