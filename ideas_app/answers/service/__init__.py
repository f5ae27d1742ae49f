"""The verbs of answers: opening the clock, answering, extending once, saying what became of a promise.

Must not know how shortlists are computed; `answers` stands above `shortlists` and opens a clock for
each entry of a published one.
"""

from ideas_app.answers.service.clocks import (
    close_answer,
    extend,
    give_clocks_back,
    open_answer,
    open_answers,
)
from ideas_app.answers.service.promises import change_promise
from ideas_app.answers.service.writing import write_answer

__all__ = [
    "change_promise",
    "close_answer",
    "extend",
    "give_clocks_back",
    "open_answer",
    "open_answers",
    "write_answer",
]
