"""Reading a notice: its sentence, why it came, how it is mailed, where it leads. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.notifications.models import Mailing
from ideas_app.notifications.rules.duties import DUTIES
from ideas_app.notifications.rules.kinds import Kind, Place, Spot
from ideas_app.notifications.rules.recipients import Why
from ideas_app.notifications.rules.words import PEOPLE

if TYPE_CHECKING:
    from flask_babel import LazyString

    from ideas_app.notifications.rules.groups import Group

KINDS: dict[str, Kind] = PEOPLE | DUTIES

WHY_WORDS: dict[Why, LazyString] = {
    Why.SELF: _l("You asked the centre for it."),
    Why.AUTHOR: _l("It is about your own idea."),
    Why.WRITER: _l("It is about your own comment."),
    Why.DUTY: _l("It is part of your work here."),
    Why.SUPPORTER: _l("You support this idea."),
    Why.COMMENTER: _l("You wrote a comment on this idea."),
    Why.FOLLOWER: _l("You follow this idea."),
}


def line_of(kind: str, values: dict[str, Any]) -> LazyString:
    """The sentence of a notice, in the reader's language when it is shown."""
    return KINDS[kind].line(values)


def why_of(values: dict[str, Any]) -> LazyString | str:
    """Why the person is told, as a sentence; empty for notices of earlier days."""
    why = values.get("why")
    return WHY_WORDS[Why(why)] if why in set(Why) else ""


def group_of(kind: str) -> Group:
    """The group of a kind."""
    return KINDS[kind].group


def mailing_of(kind: str, chosen: Mailing) -> Mailing:
    """How a kind is mailed to somebody who chose `chosen` for its group: some are never mailed."""
    return chosen if KINDS[kind].by_mail else Mailing.NONE


_ABOUT = {
    Spot.COMMENT: ("comment_id", "c-{}"),
    Spot.PROMISE: ("promise_id", "p-{}"),
}
_DESK = {
    Spot.ANSWER_DESK: ("answers.write", "answer_id"),
    Spot.PROMISE_DESK: ("answers.promise", "promise_id"),
    Spot.EVALUATION: ("evaluations.show", "evaluation_id"),
    Spot.ROSTER: ("rosters.persons", "slug"),
    Spot.APPEAL: ("moderation.settle_appeal", "appeal_id"),
    Spot.OBJECTION: ("moderation.settle_objection", "objection_id"),
    Spot.BALLOT: ("votes.ballot", "slug"),
    Spot.SHORTLIST: ("shortlists.show", "round_id"),
}


def place_of(kind: str, idea_id: int | None, values: dict[str, Any]) -> Place | None:
    """The page, and the place on it, to which a notice leads; None where there is nothing to see."""
    spot = KINDS[kind].spot
    if spot is Spot.RECORD:
        return Place("programmes.claim")
    if spot is Spot.RIGHTS:
        return Place("privacy.show", anchor="requests")
    if spot in _DESK:
        endpoint, name = _DESK[spot]
        if values.get(name) is not None:
            return Place(endpoint, {name: values[name]})
    if idea_id is None:
        return None
    if spot is Spot.HISTORY:
        return Place("ideas.history", {"idea_id": idea_id})
    if spot is Spot.DESK:
        return Place("moderation.item", {"idea_id": idea_id})
    anchor = "answer" if spot in {Spot.ANSWER, Spot.PROMISE} else None
    name, pattern = _ABOUT.get(spot, ("", ""))
    if values.get(name) is not None:
        anchor = pattern.format(values[name])
    return Place("pages.idea", {"idea_id": idea_id}, anchor)
