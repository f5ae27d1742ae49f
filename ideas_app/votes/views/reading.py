"""Answers of the reading stack, and how far each idea has reached. Must not hold rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request, session, url_for

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Permission
from ideas_app.votes import queries, service
from ideas_app.votes.forms import read_answer
from ideas_app.votes.rules import HAND, Said, remember_seen, seen_in
from ideas_app.votes.views.frame import blueprint, phase_of
from ideas_app.web.access import current_actor, public, require_sign_in, requires
from ideas_app.web.errors import see_other
from ideas_app.web.limits import by_person, limiter

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/read/<slug>")
@limiter.limit("60/minute", key_func=by_person)
@public
def answer(slug: str) -> ResponseReturnValue:
    """One answer of the reading stack; on to the next card. A visitor may pass on: their browser remembers it."""
    actor = current_actor()
    idea_id, said = read_answer(request.form)
    if said is not Said.PASSED:
        require_sign_in(actor)
    if not actor.is_signed_in:
        session["read"] = remember_seen(session.get("read"), slug, idea_id)
        rests = len(seen_in(session["read"], slug)) % HAND == 0
        return see_other(url_for("pages.read_stack", slug=slug, rest=1 if rests else None))
    with transaction():
        idea = queries.get_idea(idea_id)
        is_new = service.answer_reading(actor, idea, said)
        answered = queries.count_answered(actor.id or 0, idea.campaign)
    rests = is_new and answered % HAND == 0
    rest = 1 if rests else None
    return see_other(url_for("pages.read_stack", slug=slug, last=idea_id, rest=rest))


@blueprint.get("/ballot/<slug>/readers")
@requires(Permission.BALLOT_PREPARE)
def reach(slug: str) -> ResponseReturnValue:
    """How far each idea of a campaign has reached, the least read first, and what is missing to the promise."""
    campaign = campaigns.get_campaign(slug)
    return render_template(
        "votes/reach.html",
        campaign=campaign,
        rows=queries.list_reach(campaign),
        short=queries.count_short_of_readers(campaign),
        target=rules_of(campaign).readers_target,
        gathering=phase_of(campaign, Activity.SUPPORT),
        limit=queries.REACH,
    )
