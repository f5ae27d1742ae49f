"""The work of those who decide: changes by hand, signatures, publication, auditors. Must not hold rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries as accounts
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.shortlists import policy, queries, service
from ideas_app.shortlists.forms import COMPLETIONS, RULES, AuditorForm, ChangeForm
from ideas_app.shortlists.rules import count_changes
from ideas_app.shortlists.views.frame import blueprint, readable
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from ideas_app.shortlists.models import Round


@blueprint.get("/shortlists/<int:round_id>/work")
@requires(Permission.SHORTLIST_READ)
def work(round_id: int) -> ResponseReturnValue:
    """Where a computed list is changed, signed and published."""
    return _work(_counted(round_id))


def _counted(round_id: int) -> Round:
    round_ = readable(round_id)
    if not round_.digest:
        raise NotFound("not_counted", _l("This round has not been counted."))
    return round_


def _work(
    round_: Round, change: ChangeForm | None = None, auditor: AuditorForm | None = None
) -> str:
    actor, page = current_actor(), queries.read_page(round_)
    rules = rules_of(page.campaign)
    named = queries.list_auditors(round_)
    people = [*(one.account_id for one in named), *(one.account_id for one in round_.signatures)]
    people += [one.made_by for one in page.changes]
    return render_template(
        "shortlists/work.html",
        round=round_,
        page=page,
        rule=dict(RULES)[round_.rule],
        completion=dict(COMPLETIONS)[round_.completion],
        change_form=change or _offered(ChangeForm(formdata=None), round_),
        auditor_form=auditor or AuditorForm(formdata=None),
        auditors=named,
        names=accounts.nicknames_of(people),
        changed=count_changes([one.kind for one in round_.changes]),
        changes_max=rules.staff_changes_max,
        is_small=round_.ballots < rules.published_ballots_min,
        published_min=rules.published_ballots_min,
        needed=policy.SIGNATURES,
        seal=queries.seal_of(round_),
        may_change=policy.may_change(actor, round_),
        may_sign=policy.may_sign(actor, round_),
        may_unsign=policy.may_unsign(actor, round_),
        may_name=policy.may_name_auditors(actor),
        publish=policy.may_publish(actor, round_, queries.find_published(round_.campaign_id)),
    )


def _offered(form: ChangeForm, round_: Round) -> ChangeForm:
    changed = {change.entry_id for change in round_.changes}
    free = [one for one in round_.entries if one.is_eligible and one.id not in changed]
    listed = sorted(
        (one for one in free if one.final_rank is not None), key=lambda one: one.final_rank or 0
    )
    off = sorted((one for one in free if one.final_rank is None), key=lambda one: -one.approvals)
    form.offer(
        ((one.project, f"{one.final_rank}. {one.title}") for one in listed),
        ((one.project, f"{one.title} ({one.approvals:,})") for one in off),
    )
    return form


def _back(round_id: int) -> Response:
    return see_other(url_for("shortlists.work", round_id=round_id))


@blueprint.post("/shortlists/<int:round_id>/changes")
@requires(Permission.SHORTLIST_PUBLISH)
def change(round_id: int) -> ResponseReturnValue:
    """Takes an idea out of the list, or puts one in."""
    round_ = _counted(round_id)
    form = _offered(ChangeForm(), round_)
    if form.validate_on_submit():
        try:
            with transaction():
                _change(round_id, form)
        except Invalid as fault:
            form.take_faults(fault)
        except Conflict as fault:
            form.project.errors = [fault.message]
        else:
            flash(_("The list is changed. Signatures given before no longer count."), "success")
            return _back(round_id)
    return _work(queries.get_round(round_id), change=form), 422


def _change(round_id: int, form: ChangeForm) -> None:
    round_ = queries.get_round(round_id)
    campaign = campaigns.get_by_id(round_.campaign_id)
    project, kind = form.asked
    service.change_list(current_actor(), round_, campaign, project, kind, form.reason.data or "")


@blueprint.post("/shortlists/<int:round_id>/changes/<int:change_id>/undo")
@requires(Permission.SHORTLIST_PUBLISH)
def undo_change(round_id: int, change_id: int) -> ResponseReturnValue:
    """Takes a change back."""
    with transaction():
        round_ = queries.get_round(round_id)
        campaign = campaigns.get_by_id(round_.campaign_id)
        service.take_change_back(current_actor(), round_, campaign, change_id)
    flash(_("The change is taken back."), "success")
    return _back(round_id)


@blueprint.post("/shortlists/<int:round_id>/signatures")
@requires(Permission.SHORTLIST_PUBLISH)
def sign(round_id: int) -> ResponseReturnValue:
    """Signs the list that the page showed."""
    with transaction():
        round_ = queries.get_round(round_id)
        service.sign_list(current_actor(), round_, request.form.get("seal", ""))
        is_confirmed = round_.confirmed_at is not None
    if is_confirmed:
        flash(_("Two people have signed: the list is confirmed and can be published."), "success")
    else:
        flash(_("You have signed. Another person signs the second time."), "success")
    return _back(round_id)


@blueprint.post("/shortlists/<int:round_id>/signatures/withdraw")
@requires(Permission.SHORTLIST_PUBLISH)
def unsign(round_id: int) -> ResponseReturnValue:
    """Takes one's own signature back."""
    with transaction():
        service.unsign_list(current_actor(), queries.get_round(round_id))
    flash(_("Your signature is taken back."), "success")
    return _back(round_id)


@blueprint.post("/shortlists/<int:round_id>/publish")
@requires(Permission.SHORTLIST_PUBLISH)
def publish(round_id: int) -> ResponseReturnValue:
    """Makes a confirmed round public: the city's clocks start."""
    with transaction():
        service.publish_round(current_actor(), queries.get_round(round_id))
    flash(_("The shortlist is public. The city has been asked for its answers."), "success")
    return see_other(url_for("shortlists.show", round_id=round_id))


@blueprint.post("/shortlists/<int:round_id>/auditors")
@requires(Permission.SHORTLIST_PUBLISH)
def name_auditor(round_id: int) -> ResponseReturnValue:
    """Lets somebody check the ballots of a small round."""
    form = AuditorForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.name_auditor(
                    current_actor(),
                    queries.get_round(round_id),
                    form.email.data or "",
                    form.reason.data or "",
                )
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("This person can take the ballot file from the page of the round."), "success")
            return _back(round_id)
    return _work(_counted(round_id), auditor=form), 422


@blueprint.post("/shortlists/<int:round_id>/auditors/<int:account_id>/remove")
@requires(Permission.SHORTLIST_PUBLISH)
def remove_auditor(round_id: int, account_id: int) -> ResponseReturnValue:
    """Takes the right to the ballot file back."""
    with transaction():
        service.remove_auditor(current_actor(), queries.get_round(round_id), account_id)
    return _back(round_id)
