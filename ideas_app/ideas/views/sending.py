"""Writing an idea: the form, the draft kept before sign-in, the look before sending, sending, what comes next.

Works without a script: write, check, send. Must not know votes or comments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, jsonify, render_template, request, session, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import policy as campaign_policy
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import allowance_of, rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.markup import render
from ideas_app.ideas import policy, queries, service
from ideas_app.ideas.forms import IdeaForm, content_of
from ideas_app.ideas.rules import TOLD_BEFORE, faults_of, has_link, has_resident_number, marks_of
from ideas_app.ideas.views.frame import blueprint, get_readable, idea_url, programmes_for
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.errors import see_other, wants_fragment
from ideas_app.web.i18n import format_instant
from ideas_app.web.limits import by_person, limiter
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_babel import LazyString

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.errors import Fault
    from ideas_app.ideas.models import Draft, Idea
    from ideas_app.ideas.rules import IdeaContent

_DRAFT = "draft"


def _own_draft() -> Draft | None:
    token = session.get(_DRAFT)
    return service.find_own_draft(current_actor(), token if isinstance(token, str) else None)


def _campaign(draft: Draft | None) -> Campaign | None:
    """The campaign to write for: the one asked for, the draft's, the newest that takes ideas, the newest."""
    everything = campaigns.list_campaigns()
    now = clock.now()
    wanted = request.values.get("campaign")
    opened = [one for one in everything if campaign_policy.is_open(one, Activity.SUBMIT, now)]
    for one in opened:
        if one.slug == wanted:
            return one
    for one in opened:
        if draft is not None and one.id == draft.campaign_id and not wanted:
            return one
    return next(iter([*opened, *everything]), None)


def _keep(form: IdeaForm, campaign: Campaign | None) -> None:
    """Keeps what was typed, unless it holds what must not be kept."""
    token = session.get(_DRAFT)
    with transaction():
        kept = service.save_draft(
            current_actor(), token if isinstance(token, str) else None, campaign, form.kept()
        )
    if kept:
        session[_DRAFT] = kept
        session.permanent = True


def _faults(content: IdeaContent, campaign: Campaign) -> list[Fault]:
    return faults_of(content, rules_of(campaign), {field.key for field in campaign.fields})


def _form_page(
    form: IdeaForm, campaign: Campaign | None, draft: Draft | None, status: int
) -> ResponseReturnValue:
    actor = current_actor()
    if campaign is None:
        return render_template("ideas/submit.html", campaign=None, opening=None, form=form), status
    opening = campaign_policy.is_open(campaign, Activity.SUBMIT, clock.now())
    rules = rules_of(campaign)
    offered, own = programmes_for(actor, campaign.year, also=form.programme.data)
    form.offer(campaign, offered, rules.neighbourhoods)
    title = form.title.data or ""
    page = render_template(
        "ideas/submit.html",
        form=form,
        campaign=campaign,
        opening=opening,
        rules=rules,
        own=own,
        has_many=len(campaigns.list_open(Activity.SUBMIT, clock.now())) > 1,
        saved_at=draft.updated_at if draft else None,
        similar=queries.find_similar(title, actor=actor) if title else [],
    )
    return page, status


@blueprint.get("/ideas/new")
@public
def submit() -> ResponseReturnValue:
    """The form of an idea, with what this browser or person typed before; `?programme=` and
    `?title=` begin a new one.
    """
    draft = _own_draft()
    campaign = _campaign(draft)
    begun = {name: request.args.get(name, "")[:80] for name in ("programme", "title")}
    form = IdeaForm(formdata=None, data=draft.content if draft else begun)
    if draft and campaign and "mend" in request.args:
        form.take(_faults(content_of(draft.content), campaign))
    return _form_page(form, campaign, draft, 200)


@blueprint.post("/ideas/new")
@limiter.limit("60/minute", key_func=by_person)
@public
def write() -> ResponseReturnValue:
    """Keeps what was typed; then on to the look before sending, or back with what is to be mended."""
    form = IdeaForm()
    is_whole = form.validate()
    content = form.to_content()
    campaign = _campaign(_own_draft())
    has_secret = has_resident_number(content.title, content.why, content.how)
    if not has_secret:
        _keep(form, campaign)
        campaign = _campaign(_own_draft())
    if "later" in request.form and not has_secret:
        flash(_("Your draft is kept. Open this page again in this browser to go on."), "success")
        return see_other(url_for("ideas.submit"))
    faults = _faults(content, campaign) if campaign else []
    if campaign is None or form.take(faults) or not is_whole:
        return _form_page(form, campaign, _own_draft(), 422)
    return see_other(url_for("ideas.check"))


@blueprint.post("/ideas/draft")
@limiter.limit("60/minute", key_func=by_person)
@public
def draft() -> ResponseReturnValue:
    """Keeps what was typed so far, while somebody writes."""
    form = IdeaForm()
    content = form.to_content()
    if has_resident_number(content.title, content.why, content.how):
        return jsonify(message=_("Not kept: this looks like a resident registration number."))
    _keep(form, _campaign(_own_draft()))
    if not wants_fragment():
        return see_other(url_for("ideas.submit"))
    return jsonify(saved_at=format_instant(clock.now()))


@blueprint.post("/ideas/draft/drop")
@public
def drop() -> ResponseReturnValue:
    """Throws the draft away."""
    with transaction():
        service.drop_draft(current_actor(), session.get(_DRAFT))
    session.pop(_DRAFT, None)
    flash(_("Your draft is thrown away."), "success")
    return see_other(url_for("ideas.submit"))


@blueprint.get("/ideas/similar")
@limiter.limit("120/minute", key_func=by_person)
@public
@may_lag
def similar() -> ResponseReturnValue:
    """Ideas that resemble a title: a fragment for the form, JSON for those who ask for it."""
    title = request.args.get("title", "")[:400]
    body = request.args.get("body", "")[:4000]
    found = queries.find_similar(title, body, actor=current_actor())
    accepts = request.accept_mimetypes
    if not wants_fragment() and accepts["application/json"] > accepts["text/html"]:
        items = [
            {
                "id": one.row.id,
                "number": one.row.number,
                "title": one.row.title,
                "state": one.row.state.value,
                "supports": one.row.supports_count,
                "likeness": one.thousandths,
                "shared": one.words,
                "url": idea_url(one.row),
            }
            for one in found
        ]
        return jsonify(items=items)
    return render_template("ideas/_similar.html", similar=found)


@blueprint.get("/ideas/check")
@public
def check() -> ResponseReturnValue:
    """The idea as it will look, what resembles it, and the button that sends it."""
    draft = _own_draft()
    campaign = _campaign(draft)
    if draft is None or campaign is None:
        return see_other(url_for("ideas.submit"))
    content = content_of(draft.content)
    confirmed = draft.content.get("is_idea") and draft.content.get("is_public")
    if _faults(content, campaign) or not confirmed:
        return see_other(url_for("ideas.submit", mend=1))
    actor = current_actor()
    offered, _own = programmes_for(actor, campaign.year, also=content.programme)
    return render_template(
        "ideas/check.html",
        content=content,
        campaign=campaign,
        rules=rules_of(campaign),
        why_html=render(content.why),
        how_html=render(content.how),
        field=queries.find_field(campaign, content.field),
        programme=next((one for one in offered if one.slug == content.programme), None),
        marks=_marks(content),
        link_reason=_link_reason(content, campaign),
        similar=queries.find_similar(content.title, content.why, actor=actor),
        verdict=policy.may_submit(actor, campaign, now=clock.now()),
    )


def _marks(content: IdeaContent) -> list[str]:
    """What the writer is told before sending; the moderator sees the same marks afterwards."""
    author_id = current_actor().id
    earlier = queries.list_texts_of(author_id) if author_id else []
    seen = marks_of(content.title, content.why, content.how, earlier=earlier)
    return [mark.value for mark in seen if mark in TOLD_BEFORE]


def _link_reason(content: IdeaContent, campaign: Campaign) -> LazyString | None:
    """Why a new account cannot send this text, where that is for a link."""
    allowed = allowance_of(rules_of(campaign), current_actor().joined_at, clock.now())
    if allowed.links or not has_link(content.title, content.why, content.how):
        return None
    return policy.newcomer_links_reason(allowed)


@blueprint.post("/ideas/send")
@limiter.limit("20/minute", key_func=by_person)
@signed_in
def send() -> ResponseReturnValue:
    """Sends the draft to the desk."""
    try:
        with transaction():
            sent = _send()
    except Invalid as invalid:
        flash(str(invalid.message), "error")
        return see_other(url_for("ideas.submit", mend=1))
    except _NothingToSendError:
        flash(_("There is nothing to send: it was sent already, or the draft is gone."), "info")
        return see_other(url_for("ideas.submit"))
    session.pop(_DRAFT, None)
    return see_other(url_for("ideas.sent", idea_id=sent))


class _NothingToSendError(Exception):
    """No draft, or no campaign to send it to: nothing is taken out."""


def _send() -> int:
    """The id of the idea that the draft has become."""
    actor = current_actor()
    token = session.get(_DRAFT)
    draft = service.take_draft(actor, token if isinstance(token, str) else None)
    if draft is None:
        raise _NothingToSendError
    held = campaigns.find_held(draft.campaign_id) if draft.campaign_id else None
    is_open = held and campaign_policy.is_open(held, Activity.SUBMIT, clock.now())
    if held and is_open and "campaign" not in request.values:
        return service.submit(actor, held, content_of(draft.content), is_held=True).id
    campaign = _campaign(draft)
    if campaign is None:
        raise _NothingToSendError
    return service.submit(actor, campaign, content_of(draft.content)).id


@blueprint.get("/ideas/<int:idea_id>/sent")
@signed_in
def sent(idea_id: int) -> ResponseReturnValue:
    """What comes next, for the author."""
    idea = get_readable(idea_id)
    _only_author(idea)
    return render_template("ideas/sent.html", idea=idea, rules=rules_of(idea.campaign))


def _only_author(idea: Idea) -> None:
    if not policy.is_author(current_actor(), idea):
        policy.NOT_THERE.require()
