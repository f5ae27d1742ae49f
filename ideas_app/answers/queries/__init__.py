"""Reads of answers: one by its subject, the public ledger, the official's inbox, the on-time rate.

Must not change anything.
"""

from ideas_app.answers.queries.inbox import count_owed, list_inbox, list_promises_due
from ideas_app.answers.queries.one import (
    answered_on,
    days_to_spare,
    find_of_idea,
    find_of_subject,
    get_answer,
    get_promise,
    list_ideas_of,
    list_promises,
    list_running_of_members,
    standing,
    timing,
)
from ideas_app.answers.queries.public import list_public
from ideas_app.answers.queries.rates import Ledger, count_promises, on_time_rate, read_ledger
from ideas_app.answers.queries.rows import AnswerRow, get_row

__all__ = [
    "AnswerRow",
    "Ledger",
    "answered_on",
    "count_owed",
    "count_promises",
    "days_to_spare",
    "find_of_idea",
    "find_of_subject",
    "get_answer",
    "get_promise",
    "get_row",
    "list_ideas_of",
    "list_inbox",
    "list_promises",
    "list_promises_due",
    "list_public",
    "list_running_of_members",
    "on_time_rate",
    "read_ledger",
    "standing",
    "timing",
]
