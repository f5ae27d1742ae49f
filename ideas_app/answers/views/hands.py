"""Handing answers on, one or several: taken by oneself, given to a colleague, passed on to a department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ideas_app.answers import queries, service
from ideas_app.answers.forms import HandForm
from ideas_app.answers.rules.desk import TOGETHER_MAX
from ideas_app.answers.views.frame import answer_tabs, blueprint, present_filters
from ideas_app.answers.views.screen import address_of
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response


def ticked() -> list[int]:
    """The ids that were ticked, each once, no more than one act takes."""
    found = [int(each) for each in request.values.getlist("ids") if each.isdecimal()]
    return [each for each in dict.fromkeys(found) if each < 2**31][: TOGETHER_MAX + 1]


def back_to_list() -> Response:
    """The list with its filters, or the screen from which one came."""
    back = request.values.get("back", "")
    if back.isdecimal() and len(back) < 10:
        return see_other(address_of(int(back)))
    return see_other(url_for("answers.desk", **present_filters().values()))


def nothing_ticked() -> Response:
    """Says that something has to be ticked first."""
    flash(_("Tick between 1 and %(most)s answers.", most=TOGETHER_MAX), "warning")
    return back_to_list()


@blueprint.post("/desk/take")
@requires(Permission.ANSWER_WRITE)
def take() -> ResponseReturnValue:
    """Takes the ticked answers oneself."""
    ids, actor = ticked(), current_actor()
    if not 1 <= len(ids) <= TOGETHER_MAX or actor.id is None:
        return nothing_ticked()
    with transaction():
        service.assign_many(actor, ids, actor.id)
    words = ngettext(
        "You have %(num)s answer now.", "You have these %(num)s answers now.", len(ids)
    )
    flash(words, "success")
    return back_to_list()


@blueprint.route("/desk/hand", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def hand() -> ResponseReturnValue:
    """Gives the ticked answers to a colleague, or passes them on to a department with a word."""
    ids = ticked()
    if not 1 <= len(ids) <= TOGETHER_MAX:
        return nothing_ticked()
    form = HandForm()
    form.offer(one for one in queries.list_colleagues() if one.id != current_actor().id)
    if form.validate_on_submit():
        try:
            with transaction():
                _hand_on(form, ids)
            flash(_("Handed on. The clock goes on."), "success")
            return back_to_list()
        except Invalid as invalid:
            form.take_faults(invalid)
    page = render_template(
        "answers/hand.html",
        form=form,
        rows=[queries.get_row(answer_id) for answer_id in ids],
        filters=present_filters(),
        departments=queries.list_department_names(),
        back=request.values.get("back", ""),
        tabs=answer_tabs(),
    )
    return page, 422 if form.is_submitted() else 200


def _hand_on(form: HandForm, ids: list[int]) -> None:
    word = form.word.data or ""
    if form.colleague_id is not None:
        service.assign_many(current_actor(), ids, form.colleague_id, word)
    else:
        service.pass_on_many(current_actor(), ids, form.department.data or "", word)
