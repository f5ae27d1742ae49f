"""The desk of families: forming with a preview, objections, splitting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas.rules import diff
from ideas_app.moderation import policy, queries, rules, service
from ideas_app.moderation.forms import FamilyForm, SettleObjectionForm, SplitForm, numbers_in
from ideas_app.moderation.views.frame import blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.ideas.models import Idea
    from ideas_app.web.baseform import BaseForm


@blueprint.route("/moderation/families", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def families() -> ResponseReturnValue:
    """The list of families, and the form that joins ideas: first a preview, then the act."""
    form = _family_form()
    if not form.is_submitted():
        return _render_families(form, _find_chosen(form))
    try:
        chosen = _chosen(form)
        if request.form.get("step") == "preview":
            return _render_families(form, chosen)
        if form.validate():
            with transaction():
                texts = [field.data or "" for field in (form.title, form.text, form.reason)]
                family = service.form_family(current_actor(), _chosen(form), *texts)
                family_id = family.id
            flash(_("The family is formed. Its authors are told and may object."), "success")
            return see_other(url_for("moderation.manage_family", family_id=family_id))
    except Invalid as invalid:
        form.take_faults(invalid)
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
    return _render_families(form, _find_chosen(form)), 422


@blueprint.get("/moderation/families/<int:family_id>")
@requires(Permission.IDEA_MODERATE)
def manage_family(family_id: int) -> ResponseReturnValue:
    """One family: members, objections to settle, the way to split it."""
    return _render_family(family_id, SplitForm(formdata=None))


@blueprint.post("/moderation/families/<int:family_id>/split")
@requires(Permission.IDEA_MODERATE)
def split_family(family_id: int) -> ResponseReturnValue:
    """Takes a family apart."""
    form = SplitForm()
    if form.validate_on_submit():
        try:
            with transaction():
                family = queries.get_family(family_id)
                service.split_family(current_actor(), family, form.reason.data or "")
        except Invalid as invalid:
            form.take_faults(invalid)
        else:
            flash(_("The family is split. Every idea stands alone again."), "success")
            return see_other(url_for("moderation.manage_family", family_id=family_id))
    return _render_family(family_id, form), 422


@blueprint.route("/moderation/objections/<int:objection_id>", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def settle_objection(objection_id: int) -> ResponseReturnValue:
    """A second moderator decides about an objection."""
    form = SettleObjectionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                objection = queries.get_objection(objection_id)
                family_id = objection.family_id
                outcome, resolution = form.outcome.data, form.resolution.data or ""
                service.settle_objection(current_actor(), objection, outcome, resolution)
        except Invalid as invalid:
            form.take_faults(invalid)
        else:
            flash(_("The objection is settled. Its author is told."), "success")
            return see_other(url_for("moderation.manage_family", family_id=family_id))
    shown = queries.view_objection(objection_id)
    former = queries.find_former(shown.objection.family_id)
    page = render_template(
        "moderation/settle_objection.html",
        shown=shown,
        view=queries.view_family(shown.objection.family_id),
        form=form,
        verdict=policy.may_settle_objection(current_actor(), shown.objection, former),
    )
    return page, 422 if form.is_submitted() else 200


def _family_form() -> FamilyForm:
    form = FamilyForm(request.form if request.method == "POST" else request.args)
    form.campaign.choices = [
        SelectChoice(slug, title) for slug, title, _en in queries.list_campaigns()
    ]
    return form


def _chosen(form: FamilyForm) -> list[Idea]:
    """The ideas whose numbers were typed. Raises `Invalid` for what no number of the campaign is."""
    try:
        campaign = campaigns.get_campaign(form.campaign.data or "")
    except NotFound:
        message = _l("Choose a campaign.")
        raise Invalid(Fault("campaign", "unknown_campaign", message)) from None
    numbers = numbers_in(form.numbers.data or "", year=campaign.year)
    found = queries.list_by_numbers(campaign.id, numbers or [])
    if not numbers or len(found) != len(numbers):
        message = _l("Write the numbers of ideas of this campaign, as in 2026-012, 2026-015.")
        raise Invalid(Fault("numbers", "unknown_number", message))
    return found


def _find_chosen(form: FamilyForm) -> list[Idea]:
    try:
        return _chosen(form) if form.numbers.data else []
    except Invalid:
        return []


def _render_families(form: FamilyForm, chosen: list[Idea]) -> str:
    common = form.title.data or "", form.text.data or ""
    return render_template(
        "moderation/families.html",
        form=form,
        chosen=[(idea, *_differences(idea, *common)) for idea in chosen],
        overlap=queries.overlap_of(chosen) if chosen else None,
        verdict=policy.may_form_family(current_actor(), chosen),
        families=queries.list_families(),
    )


def _differences(idea: Idea, title: str, text: str) -> tuple[Any, Any]:
    """How the common title and text differ from a member's: what is new, what is missing."""
    own = f"{idea.why}\n\n{idea.how}".strip()
    return diff(idea.title, title or idea.title), diff(own, text or own)


def _render_family(family_id: int, split: BaseForm) -> str:
    view = queries.view_family(family_id)
    members = [member.idea for member in view.members]
    return render_template(
        "moderation/manage_family.html",
        view=view,
        form=split,
        objections=queries.list_objections(family_id),
        verdict=policy.may_split_family(current_actor(), view.family, members),
        overlap=queries.overlap_of(members),
        outcome_words=rules.OBJECTION_WORDS,
    )
