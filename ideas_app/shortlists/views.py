"""Pages of shortlists: the list of rounds, one round, its ballots as a file. Must not hold rules."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.permissions import Permission
from ideas_app.shortlists import policy, queries, service
from ideas_app.shortlists.forms import COMPLETIONS, RULES, RoundForm
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.rules import verifier_source
from ideas_app.votes import queries as votes
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.verdict import Verdict
    from ideas_app.shortlists.models import Round

blueprint = Blueprint("shortlists", __name__)
blueprints = (blueprint,)


@blueprint.app_template_filter("whole")
def whole(value: Fraction) -> int:
    """An exact number to the nearest whole one, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@blueprint.app_template_filter("tenths")
def tenths(value: Fraction) -> str:
    """An exact number of 0 or more with one decimal, halves up."""
    return "{}.{}".format(*divmod(whole(value * 10), 10))


@blueprint.get("/shortlists")
@public
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
        form = wrong[1] if wrong and mine else _form_of(campaign)
        doors.append((campaign, form if verdict or mine else None, verdict))
    return render_template(
        "shortlists/desk.html",
        rows=queries.list_rounds(published_only=False),
        doors=doors,
        rules=dict(RULES),
    )


def _form_of(campaign: Campaign) -> RoundForm:
    return RoundForm(formdata=None, obj=rules_of(campaign), prefix=f"{campaign.slug}-")


@blueprint.post("/shortlists")
@requires(Permission.SHORTLIST_COMPUTE)
def compute() -> ResponseReturnValue:
    """Computes a round of a campaign."""
    slug = request.form.get("campaign", "")
    form = RoundForm(prefix=f"{slug}-")
    if form.validate_on_submit():
        try:
            with transaction():
                round_ = service.compute_round(
                    current_actor(),
                    campaigns.get_campaign(slug),
                    seats=form.seats.data,
                    rule=form.rule.data,
                    completion=form.completion.data,
                    source=form.source.data,
                    min_approval_percent=form.min_approval_percent.data,
                )
                round_id = round_.id
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("The list is computed. Look at it before you publish it."), "success")
            return see_other(url_for("shortlists.show", round_id=round_id))
    return _desk((campaigns.get_campaign(slug).slug, form)), 422


@blueprint.get("/shortlists/<int:round_id>")
@public
def show(round_id: int) -> ResponseReturnValue:
    """One round: the list, the plain top-k beside it, and how to check it."""
    actor = current_actor()
    round_ = _readable(round_id)
    page = queries.read_page(round_)
    published_min = rules_of(page.campaign).published_ballots_min
    other = None
    if actor.has(Permission.SHORTLIST_PUBLISH):
        other = queries.find_published(round_.campaign_id)
    return render_template(
        "shortlists/show.html",
        round=round_,
        page=page,
        rule=dict(RULES)[round_.rule],
        completion=dict(COMPLETIONS)[round_.completion],
        download=policy.may_download_ballots(actor, round_, published_min=published_min),
        # a phase ends before its last instant: a ballot until midnight ended on the day before
        last_day=page.voted_in and page.voted_in.ends_at - timedelta(seconds=1),
        publish=policy.may_publish(actor, round_, other),
        published_min=published_min,
        rules=dict(RULES),
        completions=dict(COMPLETIONS),
        own_line=queries.find_own_line(round_, page.campaign, actor.id),
        unlinking=votes.find_unlinking(page.campaign) if actor.is_signed_in else None,
    )


def _readable(round_id: int) -> Round:
    """The round, or the same 404 as for one that does not exist."""
    round_ = queries.get_round(round_id)
    verdict = policy.may_read(current_actor(), round_)
    if not verdict:
        raise NotFound(verdict.code, verdict.reason)
    return round_


@blueprint.post("/shortlists/<int:round_id>/publish")
@requires(Permission.SHORTLIST_PUBLISH)
def publish(round_id: int) -> ResponseReturnValue:
    """Makes a round public: the city's clocks start."""
    with transaction():
        service.publish_round(current_actor(), queries.get_round(round_id))
    flash(_("The shortlist is public. The city has been asked for its answers."), "success")
    return see_other(url_for("shortlists.show", round_id=round_id))


@blueprint.get("/shortlists/<int:round_id>/ballots.pb")
@public
def ballots(round_id: int) -> ResponseReturnValue:
    """The anonymous ballots, from which anybody can count again."""
    round_ = _readable(round_id)
    campaign = campaigns.get_by_id(round_.campaign_id)
    policy.may_download_ballots(
        current_actor(), round_, published_min=rules_of(campaign).published_ballots_min
    ).require()
    name = f"{round_.lot}-{round_.id}.pb"
    return _file(round_.snapshot, name, "text/plain", digest=round_.digest)


@blueprint.get("/shortlists/recount.py")
@public
def verifier() -> ResponseReturnValue:
    """The counting program: one file for a bare Python, made of the very arithmetic that counts here."""
    source = verifier_source()
    digest = sha256(source.encode()).hexdigest()
    return _file(source, "recount.py", "text/x-python", digest=digest)


def _file(text: str, name: str, kind: str, *, digest: str) -> Response:
    response = Response(text.encode(), content_type=f"{kind}; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.set_etag(digest)
    return response
