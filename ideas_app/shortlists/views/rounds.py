"""The list of rounds, one round, and the way to a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import render_template, request, url_for

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.shortlists import policy, queries, service
from ideas_app.shortlists.forms import COMPLETIONS, RULES, RoundForm
from ideas_app.shortlists.models import RoundState, Source
from ideas_app.shortlists.views.frame import blueprint, readable
from ideas_app.votes import queries as votes
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other, wants_fragment
from ideas_app.web.i18n import locale_code
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.verdict import Verdict
    from ideas_app.shortlists.models import Round


@blueprint.get("/shortlists")
@public
@may_lag
def index() -> ResponseReturnValue:
    """Published lists for everybody; for staff all rounds, and for moderators the way to a new one."""
    if current_actor().has(Permission.SHORTLIST_READ):
        return _desk()
    return render_template("shortlists/index.html", rows=queries.list_rounds(published_only=True))


def _desk(wrong: tuple[str, RoundForm] | None = None) -> str:
    actor, now = current_actor(), clock.now()
    found: Sequence[Campaign] = campaigns.list_campaigns()
    doors: list[tuple[Campaign, RoundForm | None, Verdict]] = []
    for campaign in found if actor.has(Permission.SHORTLIST_COMPUTE) else ():
        verdict = policy.may_compute(actor, campaign, Source(rules_of(campaign).source), now=now)
        mine = wrong is not None and wrong[0] == campaign.slug
        form = wrong[1] if wrong and mine else None
        doors.append((campaign, form or (_form_of(campaign) if verdict else None), verdict))
    return render_template(
        "shortlists/desk.html",
        rows=queries.list_rounds(published_only=False),
        doors=doors,
        rules=dict(RULES),
    )


def _form_of(campaign: Campaign) -> RoundForm:
    form = RoundForm(formdata=None, obj=rules_of(campaign), prefix=f"{campaign.slug}-")
    return _offer(form, campaign, str(form.source.data))


def _offer(form: RoundForm, campaign: Campaign, source: str) -> RoundForm:
    wanted = Source(source) if source in set(Source) else Source.BALLOT
    form.offer((one.project, one.title) for one in queries.list_choices(campaign, wanted))
    return form


@blueprint.post("/shortlists")
@requires(Permission.SHORTLIST_COMPUTE)
def compute() -> ResponseReturnValue:
    """Asks for a round of a campaign; a worker counts it."""
    campaign = campaigns.get_campaign(request.form.get("campaign", ""))
    form = RoundForm(prefix=f"{campaign.slug}-")
    _offer(form, campaign, str(form.source.data))
    if form.validate_on_submit():
        try:
            with transaction():
                round_id = _ask(campaign.slug, form).id
        except Invalid as fault:
            form.take_faults(fault)
        else:
            return see_other(url_for("shortlists.show", round_id=round_id))
    return _desk((campaign.slug, form)), 422


def _ask(slug: str, form: RoundForm) -> Round:
    campaign = campaigns.get_campaign(slug)
    question = service.question_of(
        campaign,
        seats=form.seats.data,
        rule=form.rule.data,
        completion=form.completion.data,
        source=form.source.data,
        min_approval_percent=form.min_approval_percent.data,
        incompatible=form.incompatible,
        incompatible_reason=form.incompatible_reason.data or "",
    )
    return service.ask_round(current_actor(), campaign, question)


@blueprint.get("/shortlists/<int:round_id>")
@public
@may_lag
def show(round_id: int) -> ResponseReturnValue:
    """One round: the list, the plain top-k beside it, and how to check it."""
    round_ = readable(round_id)
    if wants_fragment():
        return render_template("shortlists/_waiting.html", round=round_)
    if round_.state in {RoundState.ASKED, RoundState.FAILED}:
        campaign = campaigns.get_by_id(round_.campaign_id)
        return render_template("shortlists/waiting.html", round=round_, campaign=campaign)
    return render_template("shortlists/show.html", round=round_, **_page_of(round_))


def _page_of(round_: Round) -> dict[str, Any]:
    actor = current_actor()
    page = queries.read_page(round_)
    published_min = rules_of(page.campaign).published_ballots_min
    is_auditor = queries.is_auditor(actor, round_)
    return {
        "page": page,
        "rule": dict(RULES)[round_.rule],
        "completion": dict(COMPLETIONS)[round_.completion],
        "download": policy.may_download_ballots(
            actor, round_, published_min=published_min, is_auditor=is_auditor
        ),
        # a phase ends before its last instant: a ballot until midnight ended on the day before
        "last_day": page.voted_in and page.voted_in.ends_at - timedelta(seconds=1),
        "published_min": published_min,
        "seal": queries.seal_of(round_),
        "rules": dict(RULES),
        "completions": dict(COMPLETIONS),
        "own_line": queries.find_own_line(round_, page.campaign, actor.id),
        "unlinking": votes.find_unlinking(page.campaign) if actor.is_signed_in else None,
        "turnout_days": votes.turnout_by_day(page.campaign)
        if round_.source is Source.BALLOT
        else [],
        "groups": queries.read_group_tables(round_),
        "pictures": queries.find_pictures(round_.id, locale_code()),
        "seats_shown": request.args.get("seats", round_.seats, type=int),
    }
