"""The desk of families: drafts, forming with a preview, objections, adding, taking out, splitting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from ideas_app.audit.queries import list_of_subject
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas.queries import get_idea
from ideas_app.ideas.rules import shown_number
from ideas_app.moderation import policy, queries, rules, service
from ideas_app.moderation.forms import (
    AddForm,
    FamilyForm,
    SettleObjectionForm,
    SplitForm,
    TakeOutForm,
    numbers_in,
)
from ideas_app.moderation.views.frame import blueprint, differences, own_text
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.ideas.models import Idea
    from ideas_app.moderation.models import FamilyDraft


@blueprint.route("/moderation/families", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def families() -> ResponseReturnValue:
    """The list of families, and the form that joins ideas: a preview, a draft to keep, then the act."""
    form = _family_form()
    if not form.is_submitted():
        chosen = _find_chosen(form)
        _propose_text(form, chosen)
        return _render_families(form, chosen)
    try:
        chosen = _chosen(form)
        step = request.form.get("step")
        if step == "preview":
            return _render_families(form, chosen)
        if step == "draft":
            return _keep_draft(form)
        if form.validate():
            return _form_family(form)
    except Invalid as invalid:
        form.take_faults(invalid)
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
    return _render_families(form, _find_chosen(form)), 422


@blueprint.post("/moderation/families/drafts/<int:draft_id>/drop")
@requires(Permission.IDEA_MODERATE)
def drop_draft(draft_id: int) -> ResponseReturnValue:
    """Throws a draft away."""
    with transaction():
        service.drop_draft(current_actor(), queries.get_draft(draft_id))
    flash(_("The draft is thrown away."), "success")
    return see_other(url_for("moderation.families"))


@blueprint.get("/moderation/families/<int:family_id>")
@requires(Permission.IDEA_MODERATE)
def manage_family(family_id: int) -> ResponseReturnValue:
    """One family: members, objections to settle, ideas to add or to take out, the way to split it."""
    return _render_family(family_id, add=AddForm(request.args))


@blueprint.post("/moderation/families/<int:family_id>/add")
@requires(Permission.IDEA_MODERATE)
def add_to_family(family_id: int) -> ResponseReturnValue:
    """Further ideas join a family: first a preview of the count, then the act."""
    form = AddForm()
    if request.form.get("step") == "preview":
        return _render_family(family_id, add=form)
    if form.validate_on_submit():
        try:
            with transaction():
                family = queries.get_family(family_id)
                ideas = _numbered(family.campaign_id, form.numbers.data or "")
                service.add_to_family(current_actor(), family, ideas, form.reason.data or "")
        except Invalid as invalid:
            form.take_faults(invalid)
        except Conflict as conflict:
            form.form_errors.append(conflict.message)
        else:
            flash(_("The family has grown. The authors are told and may object."), "success")
            return see_other(url_for("moderation.manage_family", family_id=family_id))
    return _render_family(family_id, add=form), 422


@blueprint.post("/moderation/families/<int:family_id>/take-out")
@requires(Permission.IDEA_MODERATE)
def take_out(family_id: int) -> ResponseReturnValue:
    """One idea leaves a family; the others stay joined."""
    form = TakeOutForm()
    if form.validate_on_submit():
        try:
            with transaction():
                family, idea = queries.get_family(family_id), get_idea(form.idea.data)
                service.take_out(current_actor(), family, idea, form.reason.data or "")
        except Invalid as invalid:
            form.take_faults(invalid)
        except Conflict as conflict:
            form.form_errors.append(conflict.message)
        else:
            flash(_("The idea stands alone again. Its author is told."), "success")
            return see_other(url_for("moderation.manage_family", family_id=family_id))
    return _render_family(family_id, out=form), 422


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
    return _render_family(family_id, split=form), 422


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
    draft = None if form.is_submitted() else _draft_of(form)
    if draft is not None:
        campaign = campaigns.get_by_id(draft.campaign_id)
        ideas = queries.list_of_draft(draft)
        form.campaign.data = campaign.slug
        form.numbers.data = ", ".join(shown_number(campaign.year, one.number) for one in ideas)
        form.title.data, form.text.data, form.reason.data = draft.title, draft.text, draft.reason
    return form


def _propose_text(form: FamilyForm, chosen: list[Idea]) -> None:
    """The common text begins with the words of the most supported idea."""
    if not chosen or form.title.data or form.text.data:
        return
    best = max(chosen, key=lambda idea: (idea.supports_count, -idea.number))
    form.title.data, form.text.data = best.title, own_text(best)


def _form_family(form: FamilyForm) -> ResponseReturnValue:
    with transaction():
        texts = [field.data or "" for field in (form.title, form.text, form.reason)]
        family = service.form_family(current_actor(), _chosen(form), *texts)
        draft = _draft_of(form)
        if draft is not None:
            service.drop_draft(current_actor(), draft)
        family_id = family.id
    flash(_("The family is formed. Its authors are told and may object."), "success")
    return see_other(url_for("moderation.manage_family", family_id=family_id))


def _keep_draft(form: FamilyForm) -> ResponseReturnValue:
    with transaction():
        texts = [field.data or "" for field in (form.title, form.text, form.reason)]
        draft = service.keep_draft(current_actor(), _chosen(form), *texts, draft=_draft_of(form))
        draft_id = draft.id
    flash(_("The draft is kept. Nothing is joined and nobody is told yet."), "success")
    return see_other(url_for("moderation.families", draft=draft_id))


def _draft_of(form: FamilyForm) -> FamilyDraft | None:
    """The draft that is being worked on; None where another moderator has formed or dropped it."""
    typed = form.draft.data or ""
    try:
        return queries.get_draft(int(typed)) if _is_number(typed) else None
    except NotFound:
        return None


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 10


def _chosen(form: FamilyForm) -> list[Idea]:
    """The ideas whose numbers were typed. Raises `Invalid` for what no number of the campaign is."""
    try:
        campaign = campaigns.get_campaign(form.campaign.data or "")
    except NotFound:
        message = _l("Choose a campaign.")
        raise Invalid(Fault("campaign", "unknown_campaign", message)) from None
    return _numbered(campaign.id, form.numbers.data or "")


def _numbered(campaign_id: int, typed: str) -> list[Idea]:
    numbers = numbers_in(typed, year=campaigns.get_by_id(campaign_id).year)
    found = queries.list_by_numbers(campaign_id, numbers or [])
    if not numbers or len(found) != len(numbers):
        message = _l("Write the numbers of ideas of this campaign, as in 2026-012, 2026-015.")
        raise Invalid(Fault("numbers", "unknown_number", message))
    return found


def _find_chosen(form: FamilyForm) -> list[Idea]:
    try:
        return _chosen(form) if form.numbers.data else []
    except Invalid:
        return []


def _find_numbered(campaign_id: int, typed: str | None) -> list[Idea]:
    try:
        return _numbered(campaign_id, typed) if typed else []
    except Invalid:
        return []


def _render_families(form: FamilyForm, chosen: list[Idea]) -> str:
    common = form.title.data or "", form.text.data or ""
    return render_template(
        "moderation/families.html",
        form=form,
        chosen=[(idea, *differences(idea, *common)) for idea in chosen],
        overlap=queries.overlap_of(chosen) if chosen else None,
        year=_year_of(chosen),
        threshold=_threshold_of(chosen),
        verdict=policy.may_form_family(current_actor(), chosen),
        families=queries.list_families(),
        drafts=queries.list_drafts(),
    )


def _year_of(ideas: list[Idea]) -> int:
    return campaigns.get_by_id(ideas[0].campaign_id).year if ideas else 0


def _threshold_of(ideas: list[Idea]) -> int:
    """How many people bring the family an official answer."""
    return rules_of(campaigns.get_by_id(ideas[0].campaign_id)).answer_supports if ideas else 0


def _render_family(
    family_id: int,
    *,
    split: SplitForm | None = None,
    add: AddForm | None = None,
    out: TakeOutForm | None = None,
) -> str:
    view = queries.view_family(family_id)
    family = view.family
    members = [member.idea for member in view.members]
    add, out = add or AddForm(formdata=None), out or TakeOutForm(formdata=None)
    out.idea.choices = [
        SelectChoice(idea.id, f"{shown_number(view.year, idea.number)} {idea.title}")
        for idea in members
    ]
    joining = _find_numbered(family.campaign_id, add.numbers.data)
    return render_template(
        "moderation/manage_family.html",
        view=view,
        form=split or SplitForm(formdata=None),
        add=add,
        out=out,
        objections=queries.list_objections(family_id),
        steps=list_of_subject("family", family_id),
        verdict=policy.may_split_family(current_actor(), family, members),
        may_take_out=policy.may_take_out(current_actor(), family, members),
        joining=[(idea, *differences(idea, family.title, family.text)) for idea in joining],
        may_add=policy.may_add_to_family(current_actor(), family, members, joining),
        overlap=queries.overlap_of(members, family),
        grown=queries.overlap_of(members + joining, family) if joining else None,
        differences=[
            (member, *differences(member.idea, family.title, family.text))
            for member in view.members
        ],
        outcome_words=rules.OBJECTION_WORDS,
    )
