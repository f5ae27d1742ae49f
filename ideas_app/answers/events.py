"""What happens to answers, as ids for the outbox. Must not hold objects."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerPublished:
    """The city answered."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class AnswerExtended:
    """The city asked for more time, once, in public."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class PromiseChanged:
    """A promise was kept, moved or dropped."""

    promise_id: int


@dataclass(frozen=True, slots=True)
class AnswerAssigned:
    """An answer was given to an official, or passed on to a department; `account_id` is whoever takes
    it, None where only a department is named.
    """

    answer_id: int
    account_id: int | None


@dataclass(frozen=True, slots=True)
class AnswerReviewAsked:
    """A draft waits for a second pair of eyes; `account_id` is whoever was asked, None for any colleague."""

    answer_id: int
    account_id: int | None


@dataclass(frozen=True, slots=True)
class AnswerReviewed:
    """The second pair of eyes has seen a draft: it may go out, or it came back with a word on why."""

    answer_id: int
    approved: bool


@dataclass(frozen=True, slots=True)
class AnswerChanged:
    """A published answer reads differently now."""

    answer_id: int


@dataclass(frozen=True, slots=True)
class PromiseDue:
    """The day of a promise has come: the official is asked what became of it."""

    promise_id: int


@dataclass(frozen=True, slots=True)
class PromiseSilent:
    """The day of a promise has passed without a word: its page says so, and whoever follows hears it."""

    promise_id: int


@dataclass(frozen=True, slots=True)
class PromiseProgressed:
    """A step on the way to a promise was reported."""

    step_id: int


@dataclass(frozen=True, slots=True)
class AnswerToPublish:
    """The time has come that was set for a draft; `at` (ISO 8601) and `version` say which setting is meant."""

    answer_id: int
    at: str
    version: int
