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
from ideas_app.answers.service.drafts import discard_draft, save_draft
from ideas_app.answers.service.hands import assign, assign_many, pass_on, pass_on_many
from ideas_app.answers.service.pictures import Upload, draw_pictures
from ideas_app.answers.service.promises import (
    Change,
    change_promise,
    change_promises,
    reopen_promise,
)
from ideas_app.answers.service.reviews import approve, ask_review, send_back
from ideas_app.answers.service.steps import mind_promises, pass_promise_on, report_step
from ideas_app.answers.service.templates import remove_template, save_template
from ideas_app.answers.service.timed import publish_due, publish_scheduled, schedule, unschedule
from ideas_app.answers.service.together import publish_many
from ideas_app.answers.service.writing import publish, write_answer

__all__ = [
    "Change",
    "Upload",
    "approve",
    "ask_review",
    "assign",
    "assign_many",
    "change_promise",
    "change_promises",
    "close_answer",
    "discard_draft",
    "draw_pictures",
    "extend",
    "give_clocks_back",
    "mind_promises",
    "open_answer",
    "open_answers",
    "pass_on",
    "pass_on_many",
    "pass_promise_on",
    "publish",
    "publish_due",
    "publish_many",
    "publish_scheduled",
    "remove_template",
    "reopen_promise",
    "report_step",
    "save_draft",
    "save_template",
    "schedule",
    "send_back",
    "unschedule",
    "write_answer",
]
