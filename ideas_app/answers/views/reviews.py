"""What the second pair of eyes says, and taking a set time back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, request
from flask_babel import gettext as _

from ideas_app.answers import queries, service
from ideas_app.answers.forms import ReviewForm
from ideas_app.answers.views.frame import blueprint
from ideas_app.answers.views.screen import address_of, next_address, render_screen
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.post("/desk/<int:answer_id>/review")
@requires(Permission.ANSWER_WRITE)
def review(answer_id: int) -> ResponseReturnValue:
    """Approves the version that was looked at, or sends it back with a word (`act=back`)."""
    form, is_back = ReviewForm(), request.form.get("act") == "back"
    if not form.validate_on_submit():
        return render_screen(answer_id, review=form), 422
    onward = next_address(answer_id)
    try:
        with transaction():
            _look(answer_id, form, is_back=is_back)
    except Invalid as invalid:
        form.take_faults(invalid)
        return render_screen(answer_id, review=form), 422
    except (Conflict, Refused) as fault:
        flash(str(fault.message), "warning")
        return see_other(address_of(answer_id))
    flash(_("Sent back with your word.") if is_back else _("Approved: it may go out."), "success")
    return see_other(onward if is_back else address_of(answer_id))


def _look(answer_id: int, form: ReviewForm, *, is_back: bool) -> None:
    answer, version = queries.get_answer(answer_id), form.version.data or 0
    if is_back:
        service.send_back(current_actor(), answer, form.word.data or "", version=version)
    else:
        service.approve(current_actor(), answer, version=version)


@blueprint.post("/desk/<int:answer_id>/unschedule")
@requires(Permission.ANSWER_WRITE)
def unschedule(answer_id: int) -> ResponseReturnValue:
    """Takes a set time back; the draft stays as it is."""
    with transaction():
        service.unschedule(current_actor(), queries.get_answer(answer_id))
    flash(_("The set time is taken back. The draft stays."), "success")
    return see_other(address_of(answer_id))
