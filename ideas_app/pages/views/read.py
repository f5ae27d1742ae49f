"""The reading stack: one idea at a time, the least read first, three answers. The answer itself belongs to `votes`.

Must not change anything: a GET deals a card, nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request, session, url_for

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.policy import is_open
from ideas_app.campaigns.rules import rules_of
from ideas_app.campaigns.views import phase_steps
from ideas_app.core import clock
from ideas_app.core.errors import NotFound
from ideas_app.ideas import policy as idea_policy
from ideas_app.ideas import queries as ideas
from ideas_app.pages.views.frame import blueprint, find_phase
from ideas_app.votes import policy as vote_policy
from ideas_app.votes import queries as votes
from ideas_app.votes.rules import HAND, Said, place_in_hand, seen_in
from ideas_app.web.access import current_actor, public
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea


@blueprint.get("/read")
@public
def read() -> ResponseReturnValue:
    """The stack of the newest campaign that gathers supports; without one, where else to go."""
    campaign = campaigns.find_open(Activity.SUPPORT, clock.now())
    if campaign is None:
        return render_template("pages/read.html", campaign=None, card=None)
    return see_other(url_for("pages.read_stack", slug=campaign.slug))


@blueprint.get("/read/<slug>")
@public
def read_stack(slug: str) -> ResponseReturnValue:
    """The next card of a reader; `?idea=` one that is to be answered again, `?rest=1` after a hand."""
    actor = current_actor()
    campaign = campaigns.get_campaign(slug)
    seen = seen_in(session.get("read"), slug)
    hand = votes.deal(actor, campaign, seed=_seed(actor), without=seen)
    again = _find_card(actor, campaign, request.args.get("idea", type=int))
    rests = "rest" in request.args and hand.left > 0
    wanted = again.id if again else None if rests else hand.idea_id
    card = again or (ideas.get_idea(wanted) if wanted else None)
    opening = is_open(campaign, Activity.SUPPORT, clock.now())
    return render_template(
        "pages/read.html",
        campaign=campaign,
        opening=opening,
        card=card if opening else None,
        hand=hand,
        rests=rests,
        number=place_in_hand(hand.answered, hand.left),
        hand_size=HAND,
        is_again=again is not None,
        **_around(actor, campaign, card),
    )


def _around(actor: Actor, campaign: Campaign, card: Idea | None) -> dict[str, Any]:
    now = clock.now()
    took_part = votes.programmes_of(actor, campaign)
    last = _find_card(actor, campaign, request.args.get("last", type=int))
    return {
        "target": rules_of(campaign).readers_target,
        "verdict": vote_policy.may_support_in(actor, campaign, now=now, took_part=took_part),
        "said": votes.said_of(actor.id, card.id) if card else None,
        "last": last,
        "last_said": votes.said_of(actor.id, last.id) if last else None,
        "Said": Said,
        "ballot_phase": find_phase(campaign, Activity.BALLOT),
        "gathering": find_phase(campaign, Activity.SUPPORT),
        "phases": phase_steps(campaign),
    }


def _find_card(actor: Actor, campaign: Campaign, idea_id: int | None) -> Idea | None:
    """An idea of this campaign that the reader may answer; None for any other number."""
    if idea_id is None or not 0 < idea_id < 2**31:
        return None
    try:
        found = ideas.get_idea(idea_id)
    except NotFound:
        return None
    fits = found.campaign_id == campaign.id and found.is_listed
    return found if fits and not idea_policy.is_author(actor, found) else None


def _seed(actor: Actor) -> int:
    """Each reader has their own order among ideas that equally many have read; visitors that of the day."""
    return actor.id or clock.today().toordinal()
