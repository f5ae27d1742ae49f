"""Ideas that came on paper, by phone or at an event, typed in at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.permissions import Permission
from ideas_app.ideas import service
from ideas_app.ideas.rules import IdeaContent, PaperIdea, SheetSource
from ideas_app.moderation import queries
from ideas_app.moderation.forms import SheetForm
from ideas_app.moderation.views.frame import blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign
    from ideas_app.ideas.models import Idea


@blueprint.route("/moderation/paper", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def paper() -> ResponseReturnValue:
    """Types one idea in; it is published at once under the name on the sheet, or the event's."""
    campaign = _campaign()
    form = SheetForm()
    form.offer(campaign)
    if form.validate_on_submit():
        try:
            with transaction():
                idea = _enter(form)
                number, idea_id = queries.shown_number(idea), idea.id
            flash(_("%(number)s is entered and published.", number=number), "success")
            return see_other(url_for("moderation.item", idea_id=idea_id))
        except Invalid as invalid:
            form.take_faults(invalid)
    elif request.method == "GET":
        form.written_on.data = clock.today()
        form.nickname.data = _("Entered by the centre")
    page = render_template(
        "moderation/paper.html",
        form=form,
        campaign=campaign,
        campaign_rules=rules_of(campaign),
        campaigns=queries.list_campaigns(),
    )
    return page, 422 if form.is_submitted() else 200


def _campaign() -> Campaign:
    """The campaign in the address, else the newest. Raises `NotFound` before there is one."""
    known = queries.list_campaigns()
    if not known:
        raise NotFound("no_campaign", _("There is no campaign yet."))
    slugs = [slug for slug, _title, _title_en in known]
    wanted = request.args.get("campaign", "")
    return campaigns.get_campaign(wanted if wanted in slugs else slugs[0])


def _enter(form: SheetForm) -> Idea:
    campaign = _campaign()
    content = IdeaContent(
        title=form.title.data or "",
        why=form.why.data or "",
        how=form.how.data or "",
        field=form.field.data or "",
        neighbourhood=form.neighbourhood.data or None,
    ).cleaned()
    assert form.written_on.data is not None  # noqa: S101  # the form asks for it
    sheet = PaperIdea(0, content, form.nickname.data or "", form.written_on.data)
    return service.enter_sheet(
        current_actor(),
        campaign,
        sheet,
        SheetSource(form.source.data or ""),
        has_consented=bool(form.has_consented.data),
        consent_note=form.consent_note.data or "",
    )
