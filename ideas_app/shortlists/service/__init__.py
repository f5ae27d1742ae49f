"""The verbs of rounds: asking, freezing the ballots, counting, analysing, changing, signing, publishing.

Must not know answers: they open their clocks when the round's event reaches them.
"""

from ideas_app.shortlists.service.asking import Question, ask_round, question_of
from ideas_app.shortlists.service.auditors import name_auditor, note_reading, remove_auditor
from ideas_app.shortlists.service.changing import change_list, take_change_back
from ideas_app.shortlists.service.counting import (
    analyse_round,
    compute_round,
    count_round,
    draw_round,
    freeze,
)
from ideas_app.shortlists.service.publishing import publish_round
from ideas_app.shortlists.service.signing import sign_list, unsign_list

__all__ = [
    "Question",
    "analyse_round",
    "ask_round",
    "change_list",
    "compute_round",
    "count_round",
    "draw_round",
    "freeze",
    "name_auditor",
    "note_reading",
    "publish_round",
    "question_of",
    "remove_auditor",
    "sign_list",
    "take_change_back",
    "unsign_list",
]
