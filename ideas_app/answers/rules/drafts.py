"""A draft as it is stored, and what it still lacks. Pure.

Must not know who wrote it or who may read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ideas_app.answers.models import Decision
from ideas_app.answers.rules import (
    PROMISE_MAX,
    PROMISING,
    REASON_MAX,
    AnswerContent,
    PromiseContent,
)
from ideas_app.core import text
from ideas_app.core.errors import Fault
from ideas_app.core.hangul import words_of
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LINE_MAX = {"headline": 200, "department": 80, "post": 80}
"""What the columns of one line hold."""
PROMISES_MAX = 12

_FILLERS = """\
하는 하면 하지 하고 해서 있는 있어 있으 있을 있나 없는 없어 없으 없을 같은 같아 같이 그런 그리 그래 그러 이런 이렇
너무 정말 우리 저는 저도 제가 때문 것은 것이 아니 어떻 많은 많이 지금 그냥 이건 그건 되는 되면 누가 누구
"""
STEM = 2
"""So many first characters tell a Korean word from its endings."""
_SAYS_NOTHING = frozenset(_FILLERS.split())


def to_plain(content: AnswerContent) -> dict[str, Any]:
    """A draft as plain values of JSON."""
    return {
        "decision": content.decision.value if content.decision else None,
        "headline": text.one_line(content.headline),
        "reason": text.normalise(content.reason),
        "department": text.one_line(content.department),
        "post": text.one_line(content.post),
        "next_on": content.next_on.isoformat() if content.next_on else None,
        "promises": [
            [text.one_line(one.text), one.due_on.isoformat() if one.due_on else None]
            for one in content.promises
        ],
    }


def from_plain(plain: Mapping[str, Any]) -> AnswerContent:
    """The draft that `to_plain` stored."""
    decision, next_on = plain["decision"], plain["next_on"]
    return AnswerContent(
        decision=Decision(decision) if decision else None,
        headline=plain["headline"],
        reason=plain["reason"],
        department=plain["department"],
        post=plain["post"],
        next_on=date.fromisoformat(next_on) if next_on else None,
        promises=tuple(
            PromiseContent(words, date.fromisoformat(day) if day else None)
            for words, day in plain["promises"]
        ),
    )


def draft_faults(content: AnswerContent) -> list[Fault]:
    """What keeps a draft from being stored: only what would not fit. Gaps are what drafts are for."""
    faults = []
    lines = (
        ("headline", content.headline),
        ("department", content.department),
        ("post", content.post),
    )
    for name, value in lines:
        if len(text.one_line(value)) > LINE_MAX[name]:
            faults.append(_too_long(name, LINE_MAX[name]))
    if text.length(content.reason) > REASON_MAX:
        faults.append(_too_long("reason", REASON_MAX))
    if any(text.length(one.text) > PROMISE_MAX for one in content.promises):
        faults.append(_too_long("promises", PROMISE_MAX))
    if len(content.promises) > PROMISES_MAX:
        message = _l("At most %(most)s promises fit into one answer.", most=PROMISES_MAX)
        faults.append(Fault("promises", "too_many", message))
    return faults


def _too_long(name: str, most: int) -> Fault:
    return Fault(name, "too_long", _l("Too long: at most %(most)s characters.", most=most))


# -- what is still to be done ------------------------------------------------------------------------


class Need(StrEnum):
    """What a letter is looked over for before it goes out."""

    DECISION = "decision"
    REASON = "reason"
    PLACE = "place"
    DATES = "dates"
    WORRIES = "worries"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the list; what is only recommended keeps nothing from being published."""

    need: Need
    is_met: bool
    is_required: bool = True


def requirements_of(
    content: AnswerContent, worries: Sequence[str] = (), *, has_promises: bool = False
) -> list[Requirement]:
    """What a draft has and lacks, in the order of the form. `has_promises`: some were published before.

    The weightiest worry, the first of `worries`, should be spoken of in the reason.
    """
    days_given = all(one.text.strip() and one.due_on for one in content.promises)
    has_day = bool(content.promises or content.next_on or has_promises)
    lines = [
        Requirement(Need.DECISION, content.decision is not None),
        Requirement(Need.REASON, bool(content.reason.strip())),
        Requirement(Need.PLACE, bool(content.department.strip() and content.post.strip())),
        Requirement(Need.DATES, days_given and (content.decision not in PROMISING or has_day)),
    ]
    if worries:
        is_named = names_worry(content.reason, worries[0])
        lines.append(Requirement(Need.WORRIES, is_named, is_required=False))
    return lines


def stems_of(words: str) -> list[str]:
    """The beginnings of the words of a text, each once, without those that say nothing."""
    found = (word[:STEM] for word in words_of(words) if len(word) >= STEM)
    return [stem for stem in dict.fromkeys(found) if stem not in _SAYS_NOTHING]


def names_worry(reason: str, worry: str) -> bool:
    """Whether a reason takes up a word of a worry. A hint for the writer, never a judgement."""
    return not set(stems_of(worry)).isdisjoint(stems_of(reason))
