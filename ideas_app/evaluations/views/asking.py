"""Asking several colleagues at once, and taking a request back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ideas_app.adapters.holidays import is_day_off
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.core.workdays import add_working_days
from ideas_app.evaluations import queries, service
from ideas_app.evaluations.forms import AskForm
from ideas_app.evaluations.views.frame import blueprint
from ideas_app.ideas.models import Idea
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.ideas.models import Family

USUAL_DAYS = 5
"""Working days that are offered: an answer is due in fourteen, and it is written after the evaluations."""

LONG = 12
"""With more colleagues than this the page offers to look for a name or a department."""


@blueprint.route("/desk/evaluations/new", methods=["GET", "POST"])
@requires(Permission.EVALUATION_ASK)
def new() -> ResponseReturnValue:
    """Whom to ask about `?idea=`, `?family=` or the `?number=` of an idea, and by when."""
    if "number" in request.args:
        return _found(request.args["number"])
    subject = _subject()
    form = AskForm()
    if request.method == "GET" and form.due_on.data is None:
        form.due_on.data = add_working_days(clock.today(), USUAL_DAYS, is_day_off)
    if form.validate_on_submit() and form.due_on.data:
        try:
            with transaction():
                subject = _subject()
                made = service.ask(
                    *(current_actor(), subject, form.chosen()),
                    *(form.due_on.data, form.question.data or ""),
                )
        except Invalid as fault:
            form.take_faults(fault)
        else:
            count = len(made)
            flash(
                ngettext("%(num)s colleague is asked.", "%(num)s colleagues are asked.", count),
                "success",
            )
            return see_other(_address(subject))
    return _screen(subject, form), 200 if request.method == "GET" else 422


def _found(number: str) -> ResponseReturnValue:
    """To the same page for the idea that people quote by this number."""
    idea_id = queries.find_by_number(number)
    if idea_id is None:
        flash(_("No public idea has the number %(number)s.", number=number), "error")
        return see_other(url_for("evaluations.index"))
    return see_other(url_for("evaluations.new", idea=idea_id))


def _subject() -> Idea | Family:
    family_id = request.args.get("family", type=int)
    idea_id = request.args.get("idea", type=int)
    return queries.get_subject(idea_id=idea_id, family_id=family_id)


def _address(subject: Idea | Family) -> str:
    if isinstance(subject, Idea):
        return url_for("evaluations.of_idea", idea_id=subject.id)
    return url_for("evaluations.of_family", family_id=subject.id)


def _screen(subject: Idea | Family, form: AskForm) -> str:
    words = request.args.get("q", "")
    colleagues = queries.list_colleagues(subject, words)
    form.offer(colleagues)
    return render_template(
        "evaluations/new.html",
        subject=subject,
        form=form,
        colleagues=colleagues,
        words=words,
        is_long=bool(words) or len(colleagues) > LONG,
        criteria=service.criteria_for(subject),
        address=_address(subject),
        here=url_for("evaluations.new", idea=subject.id)
        if isinstance(subject, Idea)
        else url_for("evaluations.new", family=subject.id),
    )


@blueprint.post("/desk/evaluations/<int:evaluation_id>/take-back")
@requires(Permission.EVALUATION_ASK)
def take_back(evaluation_id: int) -> ResponseReturnValue:
    """Withdraws a request before it is worked on."""
    with transaction():
        evaluation = queries.get_evaluation(evaluation_id)
        service.take_back(current_actor(), evaluation)
        subject = queries.subject_of(evaluation)
    flash(_("The request is taken back."), "success")
    return see_other(_address(subject))
