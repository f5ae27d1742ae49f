"""The exact arithmetic of a shortlist: ballots in, list, rounds and figures out.

Standard library only, integers and fractions only; the same input gives the same bytes out on any
machine with Python 3.11 or later. Small enough to be handed out as the citizens' verifier. Must
not know Flask, the database, the clock, people or texts.
"""

from ideas_app.shortlists.rules.analysis import analyse, seed_of
from ideas_app.shortlists.rules.auditing import Audit, Violation, audit
from ideas_app.shortlists.rules.ballots import Ballots, tie_order, write_pairs
from ideas_app.shortlists.rules.bundle import verifier_source
from ideas_app.shortlists.rules.election import (
    DEFAULT_SEATS,
    Comparison,
    compare,
    list_below_minimum,
    shortlist,
)
from ideas_app.shortlists.rules.errors import TallyError
from ideas_app.shortlists.rules.explanations import SENTENCES, Sentence, explain
from ideas_app.shortlists.rules.groups import MIN_CELL, Voter, find_least, group_tables
from ideas_app.shortlists.rules.recount import Recount, recount, tell_recount
from ideas_app.shortlists.rules.resampling import Firmness, judge_firmness, stability
from ideas_app.shortlists.rules.results import (
    Completion,
    Leader,
    Phase,
    Result,
    Round,
    Rule,
    Tie,
    to_plain,
)
from ideas_app.shortlists.rules.sealing import (
    Change,
    count_changes,
    order_list,
    seal_list,
    write_list,
)
from ideas_app.shortlists.rules.shortfall import Margin, margins

__all__ = [
    "DEFAULT_SEATS",
    "MIN_CELL",
    "SENTENCES",
    "Audit",
    "Ballots",
    "Change",
    "Comparison",
    "Completion",
    "Firmness",
    "Leader",
    "Margin",
    "Phase",
    "Recount",
    "Result",
    "Round",
    "Rule",
    "Sentence",
    "TallyError",
    "Tie",
    "Violation",
    "Voter",
    "analyse",
    "audit",
    "compare",
    "count_changes",
    "explain",
    "find_least",
    "group_tables",
    "judge_firmness",
    "list_below_minimum",
    "margins",
    "order_list",
    "recount",
    "seal_list",
    "seed_of",
    "shortlist",
    "stability",
    "tell_recount",
    "tie_order",
    "to_plain",
    "verifier_source",
    "write_list",
    "write_pairs",
]
