"""Reads of answers: one by its subject, the public ledger, the official's inbox, the on-time rate.

Must not change anything.
"""

from ideas_app.answers.queries.filters import Department, LedgerFilter, list_departments
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
from ideas_app.answers.queries.promises import (
    DESK_MOST,
    PromiseRow,
    days_silent,
    get_picture,
    get_promise_row,
    get_step,
    hold_promises,
    hold_promises_to_mind,
    last_steps_of,
    list_promises_by_ids,
    list_promises_of_desk,
    list_public_promises,
    list_years_of_promises,
    trails_of,
)
from ideas_app.answers.queries.public import list_public
from ideas_app.answers.queries.rates import (
    YEAR,
    CityRates,
    Ledger,
    count_promises,
    list_rates_by_department,
    on_time_rate,
    read_city_rates,
    read_ledger,
)
from ideas_app.answers.queries.rows import AnswerRow, get_row

__all__ = [
    "DESK_MOST",
    "YEAR",
    "AnswerRow",
    "CityRates",
    "Department",
    "Ledger",
    "LedgerFilter",
    "PromiseRow",
    "answered_on",
    "count_owed",
    "count_promises",
    "days_silent",
    "days_to_spare",
    "find_of_idea",
    "find_of_subject",
    "get_answer",
    "get_picture",
    "get_promise",
    "get_promise_row",
    "get_row",
    "get_step",
    "hold_promises",
    "hold_promises_to_mind",
    "last_steps_of",
    "list_departments",
    "list_ideas_of",
    "list_inbox",
    "list_promises",
    "list_promises_by_ids",
    "list_promises_due",
    "list_promises_of_desk",
    "list_public",
    "list_public_promises",
    "list_rates_by_department",
    "list_running_of_members",
    "list_years_of_promises",
    "on_time_rate",
    "read_city_rates",
    "read_ledger",
    "standing",
    "timing",
    "trails_of",
]
