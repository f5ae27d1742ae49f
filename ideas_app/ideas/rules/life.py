"""The states of an idea and which may follow which. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.ideas.models import RejectCode, State

if TYPE_CHECKING:
    from ideas_app.ideas.models import Idea

LISTED = frozenset(
    {
        State.PUBLISHED,
        State.ON_BALLOT,
        State.SHORTLISTED,
        State.NOT_SHORTLISTED,
        State.ANSWERED,
        State.DONE,
    }
)
"""States that the public list shows."""

HIDDEN_CODES = frozenset({RejectCode.PERSONAL_DATA, RejectCode.ABUSE, RejectCode.ADVERTISING})
"""Only for these is a text hidden; otherwise a rejected idea stays readable with its code."""

_AFTER_GATHERING = {State.SHORTLISTED, State.NOT_SHORTLISTED, State.ANSWERED}
_ANY_TIME = {State.WITHDRAWN, State.HIDDEN}
"""The author may take an idea back, and a moderator hide it, until the city has answered."""

TRANSITIONS: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.PUBLISHED, State.RETURNED, State.REJECTED} | _ANY_TIME),
    State.RETURNED: frozenset({State.SUBMITTED, State.REJECTED, State.PUBLISHED} | _ANY_TIME),
    State.REJECTED: frozenset({State.PUBLISHED} | _ANY_TIME),
    State.WITHDRAWN: frozenset({State.HIDDEN}),
    State.HIDDEN: frozenset(set(State) - {State.HIDDEN}),
    State.PUBLISHED: frozenset({State.ON_BALLOT} | _AFTER_GATHERING | _ANY_TIME),
    State.ON_BALLOT: frozenset({State.PUBLISHED} | _AFTER_GATHERING | _ANY_TIME),
    State.SHORTLISTED: frozenset({State.ANSWERED, State.NOT_SHORTLISTED} | _ANY_TIME),
    State.NOT_SHORTLISTED: frozenset({State.ANSWERED, State.SHORTLISTED} | _ANY_TIME),
    State.ANSWERED: frozenset({State.DONE, State.HIDDEN}),
    State.DONE: frozenset({State.ANSWERED, State.HIDDEN}),
}
"""Which state may follow which. A hidden idea goes back to the state it had."""

MAY_WITHDRAW = frozenset(
    state
    for state, after in TRANSITIONS.items()
    if State.WITHDRAWN in after and state is not State.HIDDEN
)
"""States in which an author may take an idea back."""


def may_follow(before: State, after: State) -> bool:
    """Whether an idea may pass from one state to another; staying is always allowed."""
    return before == after or after in TRANSITIONS[before]


GONE_TITLE = "지워진 제안"
"""What stands in the title of an idea whose author left and took the text along. A title is content, so it is
in the language of the ideas."""


def must_go(idea: Idea) -> bool:
    """Whether an idea is emptied when its author leaves, whatever they choose: nobody can read it as an idea."""
    return not idea.is_listed


def must_stay(idea: Idea) -> bool:
    """Whether an idea stays, without a name, whatever its author chooses: it was supported or discussed, it belongs
    to a family, an answer to it is owed, or it stands in a vote or an answer.
    """
    is_touched = bool(idea.supports_count or idea.comments_count or idea.answer_due_latched_at)
    return is_touched or idea.family_id is not None or idea.state is not State.PUBLISHED
