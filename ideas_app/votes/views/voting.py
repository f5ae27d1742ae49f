"""Pages of voters: the support button's answer, the ballot in its steps, two lines compared, the receipt.

Must not hold rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules import address_slug
from ideas_app.votes import policy, queries, service
from ideas_app.votes.forms import ballot_way, find_pair, picked_entries
from ideas_app.votes.rules import Bounds, lines_in_view, voter_order
from ideas_app.votes.views.frame import ballot_phase, blueprint, has_begun, turnout_of
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.errors import see_other, wants_fragment
from ideas_app.web.limits import by_person, limiter
from ideas_app.web.security import is_local_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.errors import Fault


@blueprint.route("/ideas/<int:idea_id>/support", methods=["POST", "DELETE"])
@limiter.limit("60/minute", key_func=by_person)
@signed_in
def support(idea_id: int) -> ResponseReturnValue:
    """Gives the person's support, or takes it back (DELETE, or `_method=DELETE` in a form)."""
    takes_back = request.method == "DELETE" or request.form.get("_method", "").upper() == "DELETE"
    act = service.take_support_back if takes_back else service.give_support
    with transaction():
        done = act(current_actor(), idea_id, is_last=True)
    if wants_fragment() or request.method == "DELETE":
        return jsonify(supports=done.supports, supported=not takes_back)
    back = request.form.get("back")
    if back and is_local_path(back):
        return see_other(back)
    slug = address_slug(done.case.title)
    return see_other(url_for("pages.idea", idea_id=idea_id, slug=slug))


@blueprint.route("/families/<int:family_id>/leave", methods=["POST", "DELETE"])
@limiter.limit("60/minute", key_func=by_person)
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
    held = [one for one in campaigns.list_campaigns() if ballot_phase(one) is not None]
    return render_template("votes/index.html", ballots=[(one, ballot_phase(one)) for one in held])


@blueprint.get("/ballot/<slug>")
@public
def ballot(slug: str) -> ResponseReturnValue:
    """The ballot of a campaign, in the voter's own order, with the ticks that they kept or cast.

    `?view=`: all, picked, fields, or one field.
    """
    return _ballot_page(campaigns.get_campaign(slug))


@blueprint.post("/ballot/<slug>/draft")
@limiter.limit("120/minute", key_func=by_person)
@signed_in
def draft(slug: str) -> ResponseReturnValue:
    """Keeps the ticks as they are, uncast, and leads to where the pressed button points."""
    with transaction():
        is_kept = service.save_draft(
            current_actor(), campaigns.get_campaign(slug), picked_entries(request.form)
        )
    words = _("Kept. These ticks do not count yet: they count once you vote.")
    if wants_fragment():
        return jsonify(kept=is_kept, message=words if is_kept else "")
    way = ballot_way(request.form)
    if way.says_kept and is_kept:
        flash(words, "info")
    if way.is_compare:
        return see_other(url_for("votes.compare", slug=slug, a=way.first, b=way.second))
    view = None if way.view == "all" else way.view
    return see_other(url_for("votes.ballot", slug=slug, view=view, _anchor="lines"))


@blueprint.get("/ballot/<slug>/compare")
@public
def compare(slug: str) -> ResponseReturnValue:
    """Two lines of the ballot side by side (`?a=&b=`), with their ticks for those who may vote."""
    campaign = campaigns.get_campaign(slug)
    if not has_begun(campaign):
        raise NotFound("not_begun", _l("The ballot has not opened yet."))
    values = _ballot_values(campaign)
    pair = find_pair(request.args, values["lines"], values["picked"])
    values |= {
        "pair": pair,
        "texts": queries.list_texts(pair),
        "others": sorted(values["picked"] - {line.id for line in pair}),
    }
    return render_template("votes/compare.html", **values)


@blueprint.post("/ballot/<slug>/check")
@signed_in
def check(slug: str) -> ResponseReturnValue:
    """The second step: the ticks once more, to be confirmed; or back to the list with the ticks
    kept.
    """
    actor, picked = current_actor(), picked_entries(request.form)
    if request.form.get("step") == "back":
        return _ballot_page(campaigns.get_campaign(slug), picked=picked)
    with transaction():
        service.save_draft(actor, campaigns.get_campaign(slug), picked)
    campaign = campaigns.get_campaign(slug)
    try:
        service.check_picks(actor, campaign, picked)
    except Invalid as fault:
        return _ballot_page(campaign, picked=picked, faults=fault.faults), 422
    lines = [entry for entry in queries.list_entries(campaign) if entry.id in picked]
    return render_template(
        "votes/check.html", campaign=campaign, lines=lines, phase=ballot_phase(campaign)
    )


@blueprint.post("/ballot/<slug>")
@limiter.limit("30/minute", key_func=by_person)
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
        phase=ballot_phase(campaign),
        is_over=policy.is_over(campaign, clock.now()),
        unlinking=queries.find_unlinking(campaign),
    )


def _ballot_page(
    campaign: Campaign, *, picked: frozenset[int] | None = None, faults: Collection[Fault] = ()
) -> str:
    values = _ballot_values(campaign, picked)
    view = request.args.get("view", "all") if not faults else "all"
    groups = lines_in_view(values["lines"], values["picked"], view)
    shown = {line.id for _field, lines in groups for line in lines}
    now = clock.now()
    values |= {
        "view": view,
        "groups": groups,
        "kept_aside": [
            line for line in values["lines"] if line.id in values["picked"] and line.id not in shown
        ],
        "has_begun": has_begun(campaign),
        "is_over": policy.is_over(campaign, now),
        "turnout": turnout_of(campaign),
        "turnout_days": queries.turnout_by_day(campaign) if policy.is_final(campaign, now) else [],
        "faults": faults,
    }
    return render_template("votes/ballot.html", **values)


def _ballot_values(campaign: Campaign, picked: frozenset[int] | None = None) -> dict[str, Any]:
    """What every page with boxes needs; opens the ballot of a voter who looks for the first time."""
    actor = current_actor()
    verdict = policy.may_cast(
        actor,
        campaign,
        now=clock.now(),
        took_part=queries.programmes_of(actor, campaign),
        on_paper=queries.has_voted_on_paper(actor.id, campaign),
    )
    own = queries.find_ballot(actor.id, campaign)
    if verdict and own is None:
        slug = campaign.slug
        with transaction():
            service.open_ballot(actor, campaigns.get_campaign(slug))
        campaign = campaigns.get_campaign(slug)
        own = queries.find_ballot(actor.id, campaign)
    lines = queries.list_entries(campaign)
    open_lines = queries.open_lines(actor, lines)
    return {
        "campaign": campaign,
        "lines": voter_order(own.pseudonym if own else campaign.slug, lines),
        "open_lines": open_lines,
        "bounds": Bounds.of(rules_of(campaign), len(open_lines)),
        "seats": rules_of(campaign).seats,
        "picked": queries.kept_picks(own) & open_lines if picked is None else picked,
        "own": own,
        "verdict": verdict,
        "phase": ballot_phase(campaign),
    }
