"""What a kind of notice is made of. Pure; must not know any kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask_babel import LazyString

    from ideas_app.notifications.rules.groups import Group

    Sentence = Callable[[dict[str, Any]], LazyString]


class Spot(StrEnum):
    """Where a notice leads."""

    IDEA = "idea"
    HISTORY = "history"
    COMMENT = "comment"
    ANSWER = "answer"
    PROMISE = "promise"
    BALLOT = "ballot"
    SHORTLIST = "shortlist"
    DESK = "desk"
    APPEAL = "appeal"
    OBJECTION = "objection"
    ANSWER_DESK = "answer_desk"
    PROMISE_DESK = "promise_desk"
    EVALUATION = "evaluation"
    RECORD = "record"
    RIGHTS = "rights"
    ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its endpoint, the values of its address, and the anchor on it."""

    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice: its sentence, its group, what the person can do now, whose words `reason` holds,
    where it leads, and whether it is mailed at all.
    """

    line: Sentence
    group: Group
    advice: LazyString | str = ""
    reason_from: LazyString | str = ""
    spot: Spot = Spot.IDEA
    by_mail: bool = True
