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
from ideas_app.answers.service.pictures import Upload, draw_pictures
from ideas_app.answers.service.promises import (
    Change,
    change_promise,
    change_promises,
    reopen_promise,
)
from ideas_app.answers.service.steps import mind_promises, pass_promise_on, report_step
from ideas_app.answers.service.writing import write_answer

__all__ = [
    "Change",
    "Upload",
    "change_promise",
    "change_promises",
    "close_answer",
    "draw_pictures",
    "extend",
    "give_clocks_back",
    "mind_promises",
    "open_answer",
    "open_answers",
    "pass_promise_on",
    "reopen_promise",
    "report_step",
    "write_answer",
]
