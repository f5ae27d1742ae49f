"""Pages on which two moderators bring ballots on paper into the count. Must not hold rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries as accounts
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.actor import Actor
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.core.permissions import Permission
from ideas_app.votes import policy, queries, service
from ideas_app.votes.forms import AsideForm, VoterForm, picked_entries
from ideas_app.votes.models import PaperState
from ideas_app.votes.rules import Bounds
from ideas_app.votes.views.frame import ballot_phase, blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.votes.models import PaperBallot


@blueprint.route("/ballot/<slug>/papers", methods=["GET", "POST"])
@requires(Permission.BALLOT_PREPARE)
def papers(slug: str) -> ResponseReturnValue:
    """The papers on their way; a new one begins with looking the person up."""
    form = VoterForm()
    found: service.Lookup | None = None
    if request.method == "POST" and form.validate():
        try:
            if request.form.get("step") == "take":
                return _take(slug, form)
            with transaction():
                campaign = campaigns.get_campaign(slug)
                found = service.look_up_voter(current_actor(), campaign, form.given())
            if found.fault:
                form.take_faults(found.fault)
        except Invalid as fault:
            form.take_faults(fault)
    page = _papers_page(campaigns.get_campaign(slug), form, found)
    return page, 422 if form.errors or form.form_errors else 200


def _take(slug: str, form: VoterForm) -> ResponseReturnValue:
    with transaction():
        paper = service.register_paper(current_actor(), campaigns.get_campaign(slug), form.given())
        number = paper.id
    flash(_("Write the number %(number)s on the paper now.", number=number), "success")
    return see_other(url_for("votes.paper", paper_id=number))


def _papers_page(campaign: Campaign, form: VoterForm, found: service.Lookup | None) -> str:
    waiting = queries.list_waiting(campaign)
    actor = current_actor()
    return render_template(
        "votes/papers.html",
        campaign=campaign,
        form=form,
        found=found,
        verdict=policy.may_enter_papers(actor, campaign, now=clock.now()),
        waiting=[(paper, policy.may_enter_paper(actor, paper)) for paper in waiting],
        names=_names(waiting),
        done=queries.count_done(campaign),
        days=queries.turnout_by_day(campaign, exact=True),
        phase=ballot_phase(campaign),
        grace=rules_of(campaign).paper_grace_days,
    )


def _names(papers: object) -> dict[int, str]:
    ids = {
        account_id
        for paper in papers  # type: ignore[attr-defined]  # rows
        for account_id in (paper.first_by, paper.second_by)
        if account_id is not None
    }
    return {account_id: accounts.get_account(account_id).nickname for account_id in ids}


@blueprint.route("/ballot/paper/<int:paper_id>", methods=["GET", "POST"])
@requires(Permission.BALLOT_PREPARE)
def paper(paper_id: int) -> ResponseReturnValue:
    """One paper: its ticks are entered here, blind to what the other moderator entered."""
    if request.method == "GET":
        return _paper_page(queries.get_paper(paper_id))
    picked = picked_entries(request.form)
    try:
        with transaction():
            entered = service.enter_paper(current_actor(), paper_id, picked)
            state, campaign_id = entered.state, entered.campaign_id
    except Invalid as fault:
        return _paper_page(queries.get_paper(paper_id), picked=picked, fault=fault), 422
    return _told(state, paper_id, campaign_id)


@blueprint.post("/ballot/paper/<int:paper_id>/aside")
@requires(Permission.BALLOT_PREPARE)
def paper_aside(paper_id: int) -> ResponseReturnValue:
    """Takes a paper out, with a reason."""
    form = AsideForm()
    if not form.validate():
        return _paper_page(queries.get_paper(paper_id), aside=form), 422
    with transaction():
        put = service.set_aside_paper(current_actor(), paper_id, form.reason.data or "")
        campaign_id = put.campaign_id
    return _told(PaperState.SET_ASIDE, paper_id, campaign_id)


def _told(state: PaperState, paper_id: int, campaign_id: int) -> ResponseReturnValue:
    words = {
        PaperState.ENTERED: _(
            "Paper %(number)s is entered once. Another moderator enters it again.", number=paper_id
        ),
        PaperState.DIFFERS: _(
            "The two entries of paper %(number)s differ. Look at the paper once more.",
            number=paper_id,
        ),
        PaperState.COUNTED: _("Both entries agree: paper %(number)s counts.", number=paper_id),
        PaperState.SET_ASIDE: _(
            "Paper %(number)s is set aside: it does not count.", number=paper_id
        ),
    }
    flash(words[state], "success" if state is PaperState.COUNTED else "info")
    if state is PaperState.DIFFERS:
        return see_other(url_for("votes.paper", paper_id=paper_id))
    slug = campaigns.get_by_id(campaign_id).slug
    return see_other(url_for("votes.papers", slug=slug))


def _paper_page(
    paper: PaperBallot,
    *,
    picked: frozenset[int] | None = None,
    fault: DomainError | None = None,
    aside: AsideForm | None = None,
) -> str:
    actor = current_actor()
    campaign = campaigns.get_by_id(paper.campaign_id)
    lines = queries.list_entries(campaign)
    open_lines = queries.open_lines(Actor(id=queries.linked_account(paper)), lines)
    verdict = policy.may_enter_papers(actor, campaign, now=clock.now())
    if verdict:
        verdict = policy.may_enter_paper(actor, paper)
    differs = paper.state is PaperState.DIFFERS and bool(verdict)
    own = paper.first_picks if paper.first_by == actor.id else None
    own = paper.second_picks if differs and paper.second_by == actor.id else own
    return render_template(
        "votes/paper.html",
        campaign=campaign,
        paper=paper,
        lines=lines,
        open_lines=open_lines,
        bounds=Bounds.of(rules_of(campaign), len(open_lines)),
        picked=frozenset(own or ()) if picked is None else picked,
        readings=(paper.first_picks, paper.second_picks) if differs else None,
        names=_names([paper]),
        verdict=verdict,
        fault=fault,
        aside=aside or AsideForm(formdata=None),
    )
