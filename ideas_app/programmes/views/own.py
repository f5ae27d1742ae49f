"""One's own record of participation: linking it with the account, and cutting the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.programmes import queries, service
from ideas_app.programmes.forms import ClaimForm
from ideas_app.programmes.service import LINK_CONSENT
from ideas_app.programmes.views.blueprints import programmes_blueprint as blueprint
from ideas_app.web.access import current_actor, signed_in
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.app_template_global("may_claim_record")
def may_claim_record() -> bool:
    """Whether a record of participation waits under the reader's confirmed address: for /me/record."""
    return queries.find_claimable(current_actor()) is not None


@blueprint.route("/me/record/link", methods=["GET", "POST"])
@signed_in
def claim() -> ResponseReturnValue:
    """Links the account with the person on the rosters who has its confirmed address."""
    actor = current_actor()
    form = ClaimForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.claim_by_email(actor, has_consented=bool(form.consent.data))
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("Your record of participation is linked."), "success")
            return see_other(_after())
    person = queries.find_person_of(actor.id) if actor.id is not None else None
    page = render_template(
        "programmes/claim.html",
        form=form,
        box=LINK_CONSENT,
        is_linked=person is not None,
        may_claim=queries.find_claimable(actor) is not None,
        claims=queries.list_claims_of(actor.id or 0),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/me/record/unlink")
@signed_in
def unlink() -> ResponseReturnValue:
    """Cuts the link and withdraws its consent."""
    with transaction():
        service.unlink_person(current_actor())
    flash(_("The link is cut. The centre's roster itself stays."), "success")
    return see_other(url_for("programmes.claim"))


def _after() -> str:
    from ideas_app.web.templating import has_endpoint

    return url_for("pages.record" if has_endpoint("pages.record") else "programmes.claim")
