"""The verbs of answers: opening the clock, handing on, drafting, looking over, publishing, extending once,
saying what became of a promise.

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
from ideas_app.answers.service.promises import change_promise
from ideas_app.answers.service.reviews import approve, ask_review, send_back
from ideas_app.answers.service.templates import remove_template, save_template
from ideas_app.answers.service.timed import publish_due, publish_scheduled, schedule, unschedule
from ideas_app.answers.service.together import publish_many
from ideas_app.answers.service.writing import publish, write_answer

__all__ = [
    "approve",
    "ask_review",
    "assign",
    "assign_many",
    "change_promise",
    "close_answer",
    "discard_draft",
    "extend",
    "give_clocks_back",
    "open_answer",
    "open_answers",
    "pass_on",
    "pass_on_many",
    "publish",
    "publish_due",
    "publish_many",
    "publish_scheduled",
    "remove_template",
    "save_draft",
    "save_template",
    "schedule",
    "send_back",
    "unschedule",
    "write_answer",
]
