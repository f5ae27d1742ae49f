"""What happened to one idea, for its page and its feed alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.pages import queries
from ideas_app.pages.rules import Story, next_of, timeline_of
from ideas_app.pages.views.frame import find_phase
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ideas_app.answers.models import Answer
    from ideas_app.answers.rules.promises import StepLine
    from ideas_app.core.actor import Actor
    from ideas_app.pages.queries import OpenIdea


def tell_past(
    actor: Actor, opened: OpenIdea, answer: Answer | None, trails: Mapping[int, Sequence[StepLine]]
) -> dict[str, Any]:
    """The timeline as somebody may read it, what comes next, and the trails of the promises that both tell.

    `answer`: its own or its family's, published or still owed, with its trails. One statement, none where
    nothing more happened to it.
    """
    found, now = opened.idea, clock.now()
    hidden = votes.hides_totals(actor, [found.campaign])
    ballot = find_phase(found.campaign, Activity.BALLOT)
    story = Story(
        idea=found,
        rules=rules_of(found.campaign),
        answer=answer,
        told=queries.list_told(
            found, answer_id=answer.id if answer else None, ballot=ballot, now=now
        )
        if opened.has_past
        else (),
        trails=trails,
        totals_hidden=hidden,
        gathering=find_phase(found.campaign, Activity.SUPPORT),
        ballot=ballot,
    )
    return {
        "trails": trails,
        "totals_hidden": hidden,
        "timeline": timeline_of(story, now=now),
        "next": next_of(story, now=now),
    }
