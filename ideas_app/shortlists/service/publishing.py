"""Publishing a confirmed list: for good, and with it the city's clocks.

Must not know answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Campaign
from ideas_app.core import clock, outbox
from ideas_app.core.db import session
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import State
from ideas_app.shortlists import policy, queries
from ideas_app.shortlists.events import ShortlistPublished
from ideas_app.shortlists.models import RoundState

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round


def publish_round(actor: Actor, round_: Round) -> Round:
    """Makes a confirmed round public, once: its ideas stand as shortlisted or not, and the event
    starts the city's clocks.

    `round_` comes with its entries. Raises `Refused` before two people have signed, the second time or
    when another round of the campaign is public, `Conflict` when an idea of the list was withdrawn or
    hidden since.
    """
    session().execute(
        select(Campaign.id).where(Campaign.id == round_.campaign_id).with_for_update()
    )
    queries.hold(round_)
    published = queries.find_published(round_.campaign_id)
    policy.may_publish(actor, round_, published).require()
    elected = queries.list_elected(round_)
    winners = queries.require_standing(elected)
    round_.state = RoundState.PUBLISHED
    round_.published_at = clock.now()
    round_.published_by = actor.id
    others = queries.list_ideas_of([entry for entry in round_.entries if entry.final_rank is None])
    for idea in winners:
        ideas.change_state(idea, State.SHORTLISTED)
    for idea in others:
        ideas.change_state(idea, State.NOT_SHORTLISTED)
    session().flush()
    diff = {"digest": round_.digest, "list": round_.list_digest}
    audit.record(actor, Tag.ROUND_PUBLISHED, "round", round_.id, diff=diff)
    outbox.publish(ShortlistPublished(round_.id))
    return round_
