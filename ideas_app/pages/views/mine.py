"""A person's own record: what they moved, what became of it, where they took part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from ideas_app.answers import queries as answers
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import CampaignRules, rules_of
from ideas_app.comments import queries as comments
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import State
from ideas_app.notifications import queries as notifications
from ideas_app.pages import queries
from ideas_app.pages.rules import path_of, years_of
from ideas_app.pages.views.frame import blueprint
from ideas_app.programmes import queries as programmes
from ideas_app.votes import queries as votes
from ideas_app.votes.rules import CAUSE_WORDS
from ideas_app.web.access import current_actor, require_second_factor, signed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from ideas_app.pages.rules import YearRecord

SHOWN = 20
"""Supported ideas on the page; the newest."""
_ANSWERED = frozenset({State.ANSWERED, State.DONE})


@blueprint.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    """My ideas, my supports, my ballots, and what became of them."""
    account_id = _own_id()
    rules = {one.id: rules_of(one) for one in campaigns.list_campaigns()}
    own = ideas.list_of_author(account_id)
    supported = votes.list_supported_ids(account_id)
    return render_template(
        "pages/me.html",
        own=[(row, path_of(row, rules.get(row.campaign_id, CampaignRules()))) for row in own],
        supported=ideas.list_rows(supported[:SHOWN]),
        supported_count=len(supported),
        answered_count=queries.count_in_states(supported, _ANSWERED),
        aside=votes.list_aside_of(account_id),
        cause_words=CAUSE_WORDS,
        said=votes.list_said_by(account_id),
        ballots=queries.list_ballots_of(account_id),
        records=programmes.list_records_of(account_id),
        unread=notifications.count_unread(account_id),
    )


@blueprint.get("/me/record")
@signed_in
def record() -> ResponseReturnValue:
    """What I did, year by year, and what became of it; `?year=` shows one year."""
    account_id = _own_id()
    years = _own_years(account_id)
    asked = request.args.get("year", type=int)
    chosen = next((one for one in years if one.year == asked), None)
    return render_template(
        "pages/record.html",
        person=programmes.find_person_of(account_id),
        years=years,
        chosen=chosen,
        shown=[chosen] if chosen else years,
        unread=notifications.count_unread(account_id),
    )


def _own_years(account_id: int) -> Sequence[YearRecord]:
    own = ideas.list_of_author(account_id)
    supported = ideas.list_rows(votes.list_supported_ids(account_id))
    return years_of(
        records=programmes.list_own_records(account_id),
        own=own,
        supported=supported,
        ballots=queries.list_ballots_of(account_id),
        comments=comments.count_by_campaign(account_id),
        fates=answers.fates_of([row.id for row in (*own, *supported)]),
        campaign_years={one.id: one.year for one in campaigns.list_campaigns()},
    )


@blueprint.get("/workspace")
@signed_in
def workspace() -> ResponseReturnValue:
    """Leads each role to the screen on which its work waits."""
    actor = current_actor()
    require_second_factor(actor)
    if actor.has(Permission.IDEA_MODERATE):
        return redirect(url_for("moderation.index"))
    if actor.has(Permission.ANSWER_WRITE):
        return redirect(url_for("answers.desk"))
    return redirect(url_for("pages.me"))


def _own_id() -> int:
    account_id = current_actor().id
    assert account_id is not None  # noqa: S101  # @signed_in
    return account_id
