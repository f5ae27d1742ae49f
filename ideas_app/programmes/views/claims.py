"""Saying "I took part": by a code, or by asking; for those who run rosters, deciding what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.audit.rules import Look
from ideas_app.audit.service import record_look
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.programmes import queries, service
from ideas_app.programmes.forms import AskForm, CodeForm, RefuseForm
from ideas_app.programmes.service import LINK_CONSENT, CheckIn
from ideas_app.programmes.views.blueprints import programmes_blueprint, rosters_blueprint
from ideas_app.web.access import current_actor, requires, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import localised

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.programmes.models import Meeting

_SAID = {
    CheckIn.NOTED: _l("You are noted as present."),
    CheckIn.LINKED: _l("Your record is linked with your account, and you are noted as present."),
    CheckIn.ASKED: _l("The centre looks for you on its roster and tells you here."),
}


@programmes_blueprint.route("/attend", methods=["GET", "POST"])
@signed_in
def attend() -> ResponseReturnValue:
    """The code on the day. Looking at the address in the picture changes nothing: one presses."""
    form = CodeForm(data={"code": request.args.get("code", "")})
    asks_name = False
    if form.validate_on_submit():
        with transaction():  # of its own: a wrong try stays counted
            found = service.find_meeting_of_code(
                current_actor(), form.code.data or "", address=request.remote_addr or ""
            )
        if found is None:
            message = _("This code is not open. Look at the screen in the room once more.")
            form.code.errors = [message]
        else:
            came = _check_in(found, form)
            if came in _SAID:
                flash(str(_SAID[came]), "success")
                return see_other(url_for("programmes.claim"))
            asks_name = True
    page = render_template(
        "programmes/attend.html", form=form, asks_name=asks_name, box=LINK_CONSENT
    )
    return page, 422 if form.errors or form.form_errors else 200


def _check_in(meeting: Meeting, form: CodeForm) -> CheckIn:
    try:
        with transaction():
            return service.check_in(current_actor(), queries.get_meeting(meeting.id), form.given())
    except Invalid as fault:
        form.take_faults(fault)
    except DomainError as fault:
        form.form_errors.append(fault.message)
    return CheckIn.NAME_WANTED


@programmes_blueprint.route("/me/record/ask", methods=["GET", "POST"])
@signed_in
def ask() -> ResponseReturnValue:
    """Asks the centre to find one's record where no address and no code did."""
    form = AskForm(data={"programme": request.args.get("programme", "")})
    offered = queries.list_claimable_programmes()
    form.offer(offered, {one.slug: f"{one.year} {localised(one, 'title')}" for one in offered})
    if form.validate_on_submit():
        try:
            with transaction():
                programme = queries.get_programme(form.programme.data or "")
                service.ask_centre(current_actor(), programme, form.given())
        except Invalid as fault:
            form.take_faults(fault)
        except DomainError as fault:
            form.form_errors.append(fault.message)
        else:
            flash(_("Your request is with the centre. You see here what became of it."), "success")
            return see_other(url_for("programmes.claim"))
    page = render_template("programmes/ask.html", form=form, box=LINK_CONSENT)
    return page, 422 if form.is_submitted() else 200


@programmes_blueprint.post("/me/record/claims/<int:claim_id>/withdraw")
@signed_in
def withdraw_claim(claim_id: int) -> ResponseReturnValue:
    """Takes one's own request back."""
    with transaction():
        service.withdraw_claim(current_actor(), queries.get_claim(claim_id))
    flash(_("Your request is withdrawn. Your name in it was deleted."), "success")
    return see_other(url_for("programmes.claim"))


@rosters_blueprint.app_template_global("waiting_claims")
def waiting_claims() -> int:
    """How many requests wait for the centre: for the tab of the rosters."""
    return queries.count_claims()


@rosters_blueprint.get("/rosters/claims")
@requires(Permission.ROSTER_IMPORT)
def claims() -> ResponseReturnValue:
    """People's requests to be found on a roster, the oldest first."""
    return render_template("rosters/claims.html", claims=queries.list_waiting_claims())


@rosters_blueprint.get("/rosters/claims/<int:claim_id>")
@requires(Permission.ROSTER_IMPORT)
def claim(claim_id: int) -> ResponseReturnValue:
    """One request beside the lines that may be meant; that its name was read is logged."""
    return _claim_page(claim_id)


def _claim_page(claim_id: int, form: RefuseForm | None = None) -> ResponseReturnValue:
    with transaction():
        row = queries.view_claim(claim_id)
        actor, on = current_actor(), ("claim", claim_id)
        record_look(actor, Look.CLAIM, [row.claim.account_id], whose="account", on=on)
        seen = [one.person_id for one in row.candidates]
        if seen:
            record_look(actor, Look.CLAIM, seen, whose="person", on=on)
    page = render_template("rosters/claim.html", row=row, form=form or RefuseForm(formdata=None))
    return page, 422 if form else 200


@rosters_blueprint.post("/rosters/claims/<int:claim_id>/accept")
@requires(Permission.ROSTER_IMPORT)
def accept_claim(claim_id: int) -> ResponseReturnValue:
    """Links the account with the chosen line, or with a new one."""
    chosen = request.form.get("person", "")
    if not chosen:
        flash(_("Choose a line of the rosters first, or “a new person”."), "error")
        return see_other(url_for("rosters.claim", claim_id=claim_id))
    with transaction():
        service.accept_claim(
            current_actor(),
            queries.get_claim(claim_id),
            int(chosen) if chosen.isascii() and chosen.isdigit() else None,
        )
    flash(_("Linked. The person is told."), "success")
    return see_other(url_for("rosters.claims"))


@rosters_blueprint.post("/rosters/claims/<int:claim_id>/refuse")
@requires(Permission.ROSTER_IMPORT)
def refuse_claim(claim_id: int) -> ResponseReturnValue:
    """Says no, with a reason."""
    form = RefuseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.refuse_claim(
                    current_actor(), queries.get_claim(claim_id), form.reason.data or ""
                )
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("Answered. The person reads your reason."), "success")
            return see_other(url_for("rosters.claims"))
    return _claim_page(claim_id, form)
