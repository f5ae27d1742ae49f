"""Saying what became of a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from ideas_app.answers import policy, queries, service
from ideas_app.answers.forms import PromiseForm
from ideas_app.answers.models import PromiseStatus
from ideas_app.answers.views.frame import blueprint
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/desk/promises/<int:promise_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def promise(promise_id: int) -> ResponseReturnValue:
    """Says what became of one promise."""
    form = PromiseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                service.change_promise(
                    current_actor(),
                    queries.get_promise(promise_id),
                    PromiseStatus(form.status.data),
                    form.what_happened.data or "",
                    moved_to=form.moved_to.data,
                )
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("Recorded. Everybody who follows the idea is told."), "success")
            return see_other(url_for("answers.desk"))
    found = queries.get_promise(promise_id)
    page = render_template(
        "answers/promise.html",
        promise=found,
        row=queries.get_row(found.answer_id),
        form=form,
        verdict=policy.may_change_promise(current_actor(), found),
    )
    return page, 422 if form.is_submitted() else 200
