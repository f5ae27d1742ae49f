"""Suspicious supports: a condition, a preview of what it would change, the act with its reason, the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.moderation import queries
from ideas_app.moderation.forms import RestoreSupportsForm, SetAsideForm, numbers_in
from ideas_app.moderation.views.frame import blueprint
from ideas_app.votes import queries as votes
from ideas_app.votes import service as votes_service
from ideas_app.votes.models import SetAsideCause
from ideas_app.votes.rules import CAUSE_WORDS, Suspicion
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.votes.queries import Effect


@blueprint.route("/moderation/supports/<slug>", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def set_aside(slug: str) -> ResponseReturnValue:
    """The condition and its preview; the act itself names the count that was previewed."""
    campaign = campaigns.get_campaign(slug)
    form = SetAsideForm(request.form if request.method == "POST" else request.args)
    if request.method == "GET":
        return _render(campaign, form, None)
    effect = None
    try:
        suspicion = _suspicion_of(form, campaign)
        effect = votes.effect_of(votes.list_suspects(campaign, suspicion))
        if request.form.get("step") == "preview" or not form.validate():
            return _render(campaign, form, effect), 200 if not form.errors else 422
        with transaction():
            act = votes_service.set_aside(
                current_actor(),
                campaigns.get_campaign(slug),
                suspicion,
                cause=SetAsideCause(form.cause.data),
                reason=form.reason.data or "",
                expected=form.expected.data or 0,
            )
            count = act.supports_count
    except Invalid as invalid:
        form.take_faults(invalid)
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
    else:
        flash(_("%(count)s supports are set aside. The log says so.", count=count), "success")
        return see_other(url_for("moderation.set_aside", slug=slug))
    return _render(campaigns.get_campaign(slug), form, effect), 422


@blueprint.post("/moderation/supports/<int:act_id>/restore")
@requires(Permission.IDEA_MODERATE)
def restore_supports(act_id: int) -> ResponseReturnValue:
    """Puts back what one act set aside."""
    form = RestoreSupportsForm()
    campaign = votes.get_campaign_of(votes.get_set_aside(act_id))
    slug = campaign.slug
    try:
        if form.validate_on_submit():
            with transaction():
                act = votes.get_set_aside(act_id)
                count = votes_service.restore(current_actor(), act, form.reason.data or "")
            flash(_("%(count)s supports count again. The log says so.", count=count), "success")
            return see_other(url_for("moderation.set_aside", slug=slug))
    except Invalid as invalid:
        form.take_faults(invalid)
    page = _render(
        campaigns.get_campaign(slug), SetAsideForm(formdata=None), None, restoring=(act_id, form)
    )
    return page, 422


def _suspicion_of(form: SetAsideForm, campaign: Campaign) -> Suspicion:
    """The marks that were filled in. Raises `Invalid` where one is none, or none is there."""
    idea_id = None
    if form.idea.data:
        numbers = numbers_in(form.idea.data, year=campaign.year) or []
        found = queries.list_by_numbers(campaign.id, numbers)
        if len(found) != 1:
            message = _l("Write the number of one idea of this campaign, as in 2026-012.")
            raise Invalid(Fault("idea", "unknown_number", message))
        idea_id = found[0].id
    marks = (form.age_hours, form.domain, form.since, form.until, form.idea)
    wrong = [field for field in marks if not field.validate(form)]
    if wrong:
        raise Invalid(Fault("", "shape", _l("Mend what is marked below.")))
    suspicion = Suspicion(
        idea_id=idea_id,
        age_hours=form.age_hours.data,
        domain=(form.domain.data or "").removeprefix("@").casefold(),
        since=_aware(form.since.data),
        until=_aware(form.until.data),
        never_read=form.never_read.data,
    )
    if suspicion.is_empty:
        message = _l("Name at least one mark: a whole idea or campaign is never set aside.")
        raise Invalid(Fault("", "no_mark", message))
    return suspicion


def _aware(local: datetime | None) -> datetime | None:
    return local.replace(tzinfo=clock.SEOUL) if local else None


def _render(
    campaign: Campaign,
    form: SetAsideForm,
    effect: Effect | None,
    *,
    restoring: tuple[int, RestoreSupportsForm] | None = None,
) -> str:
    return render_template(
        "moderation/set_aside.html",
        campaign=campaign,
        form=form,
        effect=effect,
        acts=votes.list_set_asides(campaign),
        restoring=restoring,
        cause_words=CAUSE_WORDS,
        threshold=rules_of(campaign).answer_supports,
    )
