"""Pages of moderators before and during a ballot: its entries and its turnout. Must not hold rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.votes import policy, queries, service
from ideas_app.votes.forms import chosen_candidates
from ideas_app.votes.rules import SUGGESTED_ENTRIES
from ideas_app.votes.views.frame import ballot_phase, blueprint, turnout_of
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask.typing import ResponseReturnValue

    from ideas_app.core.errors import Fault


@blueprint.get("/ballot/entries")
@requires(Permission.BALLOT_PREPARE)
def entries_index() -> ResponseReturnValue:
    """The ballots that moderators prepare, latest campaign first."""
    now = clock.now()
    rows = [
        (
            one,
            ballot_phase(one),
            queries.count_entries(one),
            turnout_of(one),
            queries.count_short_of_readers(one),
        )
        for one in campaigns.list_campaigns()
        if ballot_phase(one) is not None
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
        phase=ballot_phase(campaign),
        suggested=SUGGESTED_ENTRIES,
        rules=rules_of(campaign),
        limit=queries.CANDIDATES,
        lacking=queries.list_reach(campaign, short_only=True),
    )
    return page, 422 if faults else 200
