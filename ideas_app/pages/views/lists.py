"""The list of ideas and the public log: what many read and nobody changes here."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import make_response, render_template, request

from ideas_app.audit import queries as audit
from ideas_app.audit.rules import PUBLIC
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.policy import is_open
from ideas_app.campaigns.rules import CampaignRules
from ideas_app.core import clock
from ideas_app.core.actor import VISITOR
from ideas_app.core.prepared import Foreseen, goes_together
from ideas_app.core.verdict import ALLOWED
from ideas_app.ideas import queries as ideas
from ideas_app.pages import queries
from ideas_app.pages.views.frame import blueprint
from ideas_app.search import queries as search
from ideas_app.votes import policy as vote_policy
from ideas_app.votes import queries as votes
from ideas_app.votes.rules import SUPPORTABLE
from ideas_app.web.access import current_actor, public
from ideas_app.web.errors import wants_fragment
from ideas_app.web.kept import keep_until, mark_of_request
from ideas_app.web.limits import get_remote_address
from ideas_app.web.replicas import may_lag
from ideas_app.web.security import vary_on
from ideas_app.web.templating import passes_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.core.verdict import Verdict
    from ideas_app.ideas.queries import IdeaRow


@blueprint.get("/ideas", endpoint="ideas")
@public
@may_lag
@passes_on("q", "campaign", "field", "state", "programme", "sort", "after")
def ideas_list() -> ResponseReturnValue:
    """The list of ideas: search, filters, orders, the reader's own supports."""
    actor, now = current_actor(), clock.now()
    slug, to_search = request.args.get("campaign"), "q" in request.args
    foreseen = None if to_search else _foresee(slug, now)
    offer = queries.offer_of(slug, to_search=to_search, as_of=mark_of_request(), along=foreseen)
    chosen = offer.chosen
    in_view = [chosen] if chosen else offer.campaigns
    moment = campaigns.moment_of(offer.house, now)
    doors = moment.doors
    view = _view_of(offer, doors)
    rules = offer.house.rules
    blind = [one for one in in_view if rules[one.id].source == "supports"]
    totals_hidden = bool(blind) and votes.hides_totals(actor, blind)
    if totals_hidden and view.sort in ideas.TELLING:
        view = replace(view, sort=ideas.Sort.MIXED)
    after = request.args.get("after")
    hits = None
    if view.q:
        seed = _seed_of(view)
        hits = ideas.search_ideas(view, seed=seed, after=after, synonyms=offer.synonyms)
    listing = _found(hits) if hits else _listed(view, after, offer, foreseen)
    page = listing.page
    latest = chosen or next(iter(offer.campaigns), None)
    is_part = wants_fragment()
    answer = make_response(
        render_template(
            "pages/_found.html" if is_part else "pages/ideas.html",
            page=page,
            offer=offer,
            view=view,
            hits=hits,
            **nothing_found(view.q if hits and not hits.total else ""),
            after=after,
            supported=listing.own,
            verdicts=_verdicts(actor, page.items, moment),
            campaign=chosen,
            campaigns=offer.campaigns,
            rules=rules[latest.id] if latest else CampaignRules(),
            fields=offer.fields,
            counts=offer.counts,
            states=offer.states,
            programmes=offer.programmes,
            gathering={key for key, open_now in doors.items() if Activity.SUPPORT in open_now},
            totals_hidden=totals_hidden,
            stack=_stack_of(in_view, doors),
            support_open=is_open(chosen, Activity.SUPPORT, now) if chosen else ALLOWED,
        )
    )
    # the page and the part of it that typing replaces share an address
    vary_on(answer, "X-Requested-With")
    if is_part:
        answer.headers["Cache-Control"] = "no-store"
    elif not actor.is_signed_in and not hits:
        keep_until(moment.until)
    return answer


def _view_of(offer: queries.Offer, doors: Doors) -> ideas.Filters:
    """What is asked for, in the order that the list has by itself where none is."""
    in_view = [offer.chosen] if offer.chosen else offer.campaigns
    # with words to search for the best match comes first: the list has no other order of its own then
    usual = ideas.Sort.MIXED if request.args.get("q") else _usual_order(in_view, doors)
    return ideas.read_filters(request.args, default=usual)


def _seed_of(view: ideas.Filters) -> int:
    is_mixed = view.sort is ideas.Sort.MIXED
    return ideas.mixed_seed(current_actor().id, get_remote_address()) if is_mixed else 0


def _foresee(slug: str | None, now: datetime) -> Foreseen | None:
    """The page as it will be asked for if the offer is still the one of the last look: where questions go out together,
    both are one way to the database. None where nothing is gained by it, or nothing was looked at yet.
    """
    offer = queries.last_offer(slug)
    if offer is None or mark_of_request() is not None or not goes_together():
        return None
    view = _view_of(offer, campaigns.moment_of(offer.house, now).doors)
    asked = ideas.question_of_page(
        view,
        seed=_seed_of(view),
        after=request.args.get("after"),
        crowd=offer.crowd_of(view),
        own=votes.own_supports(current_actor()),
    )
    return None if asked is None else Foreseen(*asked)


def _listed(
    view: ideas.Filters, after: str | None, offer: queries.Offer, foreseen: Foreseen | None
) -> ideas.Listing:
    """A page of the list with the reader's own supports."""
    asked: dict[str, Any] = {
        "seed": _seed_of(view),
        "after": after,
        "crowd": offer.crowd_of(view),
        "own": votes.own_supports(current_actor()),
    }
    try:
        return ideas.list_page(view, house=offer.house, foreseen=foreseen, **asked)
    except KeyError:  # a campaign came between the settings and the page
        return ideas.list_page(view, **asked)


def _found(hits: ideas.FoundIdeas) -> ideas.Listing:
    """A page of what was found, likewise."""
    own = votes.supported_ids(current_actor().id, [row.id for row in hits.page])
    return ideas.Listing(hits.page, frozenset(own))


Doors = dict[int, frozenset[Activity]]
"""By campaign, what is open now."""


def nothing_found(query: str) -> dict[str, Any]:
    """What to try where nothing was found: the ideas most alike, words that mean the same. Empty without a query."""
    if not query:
        return {"near": [], "meanings": []}
    return {
        "near": ideas.find_similar(query, limit=3),
        "meanings": search.list_meanings(query)[:6],
    }


def _usual_order(shown: Sequence[Campaign], doors: Doors) -> ideas.Sort:
    """Mixed while something can be voted on, so that the first do not stay first; afterwards the newest."""
    votes_now = any(doors[one.id] & {Activity.SUPPORT, Activity.BALLOT} for one in shown)
    return ideas.Sort.MIXED if votes_now or not shown else ideas.Sort.NEW


def _stack_of(shown: Sequence[Campaign], doors: Doors) -> str | None:
    """The slug of the newest campaign whose reading stack is open."""
    return next((one.slug for one in shown if Activity.SUPPORT in doors[one.id]), None)


def _verdicts(
    actor: Actor, rows: Iterable[IdeaRow], moment: campaigns.Moment
) -> dict[int, Verdict]:
    """By idea, whether its button can be pressed; ideas without one are left out.

    What does not depend on the idea is asked once a campaign: no statement for a row.
    """
    general: dict[int, Verdict | None] = {}
    verdicts: dict[int, Verdict] = {}
    for row in rows:
        if row.state not in SUPPORTABLE:
            continue
        key = row.campaign_id
        if key not in general:
            general[key] = _verdict_in(actor, key, moment)
        verdict = general[key]
        if verdict is not None:
            verdicts[row.id] = verdict
    return verdicts


def _verdict_in(actor: Actor, campaign_id: int, moment: campaigns.Moment) -> Verdict | None:
    if Activity.SUPPORT not in moment.doors.get(campaign_id, ()):
        return None
    if not actor.is_signed_in:
        return _visitors_verdict(campaign_id, moment)
    return _support_verdict(actor, moment.house.by_id[campaign_id])


@lru_cache(maxsize=16)
def _visitors_verdict(campaign_id: int, moment: campaigns.Moment) -> Verdict | None:
    """Whoever has not signed in is told the same, as long as nothing opens or shuts."""
    return _support_verdict(VISITOR, moment.house.by_id[campaign_id])


def _support_verdict(actor: Actor, campaign: Campaign) -> Verdict | None:
    """Whether a person may support ideas of a campaign; None where no button is shown."""
    took_part = votes.programmes_of(actor, campaign)
    verdict = vote_policy.may_support_in(actor, campaign, now=clock.now(), took_part=took_part)
    return verdict if verdict or verdict.sign_in else None


@blueprint.get("/audit", endpoint="audit")
@public
@may_lag
def audit_log() -> ResponseReturnValue:
    """The public log of staff acts."""
    wanted = request.args.get("tag")
    tag = wanted if wanted in {each.value for each in PUBLIC} else None
    page = audit.list_public(after=request.args.get("after"), tag=tag)
    return render_template(
        "pages/audit.html",
        page=page,
        tag=tag,
        tags=sorted(each.value for each in PUBLIC),
        titles=queries.titles_of(page.items),
        head=audit.head_hash(),
        total=audit.count_entries(),
    )
