"""Pages of voting: the support button's answer, the ballot in three steps, its preparation.

The ballot works without a script: tick, check, cast, receipt. Ticks travel in the body of forms
only, never in an address. Must not know how votes are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.ideas.rules import address_slug
from ideas_app.votes import policy, queries, service
from ideas_app.votes.forms import chosen_candidates, picked_entries
from ideas_app.votes.rules import SUGGESTED_ENTRIES, Bounds, voter_order
from ideas_app.web.access import current_actor, public, requires, signed_in
from ideas_app.web.errors import see_other, wants_fragment
from ideas_app.web.limits import get_remote_address, limiter
from ideas_app.web.security import is_local_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign, Phase
    from ideas_app.core.errors import Fault

blueprint = Blueprint("votes", __name__)
blueprints = (blueprint,)


def _who() -> str:
    """Limits count by account: a school or a library shares one address."""
    actor = current_actor()
    return f"account:{actor.id}" if actor.is_signed_in else get_remote_address()


@blueprint.route("/ideas/<int:idea_id>/support", methods=["POST", "DELETE"])
@limiter.limit("60/minute", key_func=_who)
@signed_in
def support(idea_id: int) -> ResponseReturnValue:
    """Gives the person's support, or takes it back (DELETE, or `_method=DELETE` in a form)."""
    takes_back = request.method == "DELETE" or request.form.get("_method", "").upper() == "DELETE"
    with transaction():
        idea = queries.get_idea(idea_id)
        act = service.take_support_back if takes_back else service.give_support
        count = act(current_actor(), idea)
        page = url_for("pages.idea", idea_id=idea.id, slug=address_slug(idea.title))
    if wants_fragment() or request.method == "DELETE":
        return jsonify(supports=count, supported=not takes_back)
    back = request.form.get("back")
    return see_other(back if back and is_local_path(back) else page)


@blueprint.route("/families/<int:family_id>/leave", methods=["POST", "DELETE"])
@limiter.limit("60/minute", key_func=_who)
@signed_in
def leave_family(family_id: int) -> ResponseReturnValue:
    """A supporter is no longer counted for a family, or is again (DELETE, or `_method=DELETE`)."""
    returns = request.method == "DELETE" or request.form.get("_method", "").upper() == "DELETE"
    with transaction():
        act = service.return_to_family if returns else service.leave_family
        count = act(current_actor(), queries.get_family(family_id))
    if wants_fragment() or request.method == "DELETE":
        return jsonify(people=count, left=not returns)
    if returns:
        flash(_("You are counted for the family again."), "success")
    else:
        flash(_("You have left the family. Your support stays with the idea."), "success")
    return see_other(url_for("moderation.family", family_id=family_id))


@blueprint.get("/ballot")
@public
def index() -> ResponseReturnValue:
    """The ballots of all campaigns; straight to the one that is open."""
    now = clock.now()
    open_now = campaigns.find_open(Activity.BALLOT, now)
    if open_now is not None:
        return see_other(url_for("votes.ballot", slug=open_now.slug))
    held = [one for one in campaigns.list_campaigns() if _ballot_phase(one) is not None]
    return render_template("votes/index.html", ballots=[(one, _ballot_phase(one)) for one in held])


@blueprint.get("/ballot/<slug>")
@public
def ballot(slug: str) -> ResponseReturnValue:
    """The ballot of a campaign, in the voter's own order, with the ticks of the ballot they
    cast.
    """
    return _ballot_page(campaigns.get_campaign(slug))


@blueprint.post("/ballot/<slug>/check")
@signed_in
def check(slug: str) -> ResponseReturnValue:
    """The second step: the ticks once more, to be confirmed; or back to the list with the ticks
    kept.
    """
    campaign = campaigns.get_campaign(slug)
    actor = current_actor()
    picked = picked_entries(request.form)
    if request.form.get("step") == "back":
        return _ballot_page(campaign, picked=picked)
    try:
        service.check_picks(actor, campaign, picked)
    except Invalid as fault:
        return _ballot_page(campaign, picked=picked, faults=fault.faults), 422
    lines = [entry for entry in queries.list_entries(campaign) if entry.id in picked]
    return render_template(
        "votes/check.html", campaign=campaign, lines=lines, phase=_ballot_phase(campaign)
    )


@blueprint.post("/ballot/<slug>")
@limiter.limit("30/minute", key_func=_who)
@signed_in
def cast(slug: str) -> ResponseReturnValue:
    """The third step: the ballot is cast, in place of an earlier one."""
    picked = picked_entries(request.form)
    try:
        with transaction():
            service.cast_ballot(current_actor(), campaigns.get_campaign(slug), picked)
    except Invalid as fault:
        page = _ballot_page(campaigns.get_campaign(slug), picked=picked, faults=fault.faults)
        return page, 422
    return see_other(url_for("votes.receipt", slug=slug))


@blueprint.get("/ballot/<slug>/receipt")
@signed_in
def receipt(slug: str) -> ResponseReturnValue:
    """What the voter's ballot says: shown to the voter, on screen, and nowhere else."""
    campaign = campaigns.get_campaign(slug)
    own = queries.find_ballot(current_actor().id, campaign)
    picked = queries.picks_of(own)
    return render_template(
        "votes/receipt.html",
        campaign=campaign,
        own=own if own and own.cast_at else None,
        lines=[entry for entry in queries.list_entries(campaign) if entry.id in picked],
        phase=_ballot_phase(campaign),
        is_over=policy.is_over(campaign, clock.now()),
    )


@blueprint.get("/ballot/entries")
@requires(Permission.BALLOT_PREPARE)
def entries_index() -> ResponseReturnValue:
    """The ballots that moderators prepare, latest campaign first."""
    now = clock.now()
    rows = [
        (one, _ballot_phase(one), queries.count_entries(one), _turnout(one))
        for one in campaigns.list_campaigns()
        if _ballot_phase(one) is not None
    ]
    return render_template("votes/entries_index.html", rows=rows, now=now)


@blueprint.route("/ballot/<slug>/entries", methods=["GET", "POST"])
@requires(Permission.BALLOT_PREPARE)
def entries(slug: str) -> ResponseReturnValue:
    """Which ideas and families stand on the ballot."""
    actor = current_actor()
    faults: Collection[Fault] = ()
    if request.method == "POST":
        try:
            with transaction():
                campaign = campaigns.get_campaign(slug)
                chosen = chosen_candidates(request.form, queries.list_candidates(campaign))
                count = service.set_entries(actor, campaign, queries.load_subjects(chosen))
        except Invalid as fault:
            faults = fault.faults
        else:
            flash(_("The ballot now has %(count)s entries.", count=count), "success")
            return see_other(url_for("votes.entries", slug=slug))
    campaign = campaigns.get_campaign(slug)
    candidates = queries.list_candidates(campaign)
    posted = {one.key for one in chosen_candidates(request.form, candidates)} if faults else None
    page = render_template(
        "votes/entries.html",
        campaign=campaign,
        candidates=candidates,
        ticked=posted if posted is not None else {one.key for one in candidates if one.is_chosen},
        faults=faults,
        verdict=policy.may_prepare(actor, campaign, now=clock.now()),
        phase=_ballot_phase(campaign),
        suggested=SUGGESTED_ENTRIES,
        rules=rules_of(campaign),
        limit=queries.CANDIDATES,
    )
    return page, 422 if faults else 200


def _ballot_page(
    campaign: Campaign, *, picked: frozenset[int] | None = None, faults: Collection[Fault] = ()
) -> str:
    actor, now = current_actor(), clock.now()
    took_part = queries.programmes_of(actor, campaign)
    verdict = policy.may_cast(actor, campaign, now=now, took_part=took_part)
    own = queries.find_ballot(actor.id, campaign)
    if verdict and own is None:
        slug = campaign.slug
        with transaction():
            service.open_ballot(actor, campaigns.get_campaign(slug))
        campaign = campaigns.get_campaign(slug)
        own = queries.find_ballot(actor.id, campaign)
    lines = queries.list_entries(campaign)
    open_lines = queries.open_lines(actor, lines)
    values: dict[str, Any] = {
        "campaign": campaign,
        "lines": voter_order(own.pseudonym if own else campaign.slug, lines),
        "open_lines": open_lines,
        "bounds": Bounds.of(rules_of(campaign), len(open_lines)),
        "seats": rules_of(campaign).seats,
        "picked": queries.picks_of(own) if picked is None else picked,
        "own": own,
        "verdict": verdict,
        "phase": _ballot_phase(campaign),
        "has_begun": _has_begun(campaign),
        "is_over": policy.is_over(campaign, now),
        "turnout": _turnout(campaign),
        "faults": faults,
    }
    return render_template("votes/ballot.html", **values)


def _ballot_phase(campaign: Campaign) -> Phase | None:
    phases = [phase for phase in campaign.phases if Activity.BALLOT in phase.activities]
    return phases[-1] if phases else None


def _has_begun(campaign: Campaign) -> bool:
    """Before the ballot opens its lines may still change: nobody but moderators sees them."""
    phase = _ballot_phase(campaign)
    return phase is not None and phase.starts_at <= clock.now()


def _turnout(campaign: Campaign) -> int | None:
    allowed = policy.may_see_turnout(current_actor(), campaign, now=clock.now())
    return queries.turnout(campaign) if allowed else None
