"""The officials' inbox, and the screen on which they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.answers import policy, queries, service
from ideas_app.answers.forms import AnswerForm, ExtensionForm
from ideas_app.answers.views.frame import blueprint
from ideas_app.comments import queries as comments
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


VOICES = 5
"""Comments of each stance beside the form."""


@blueprint.get("/desk")
@requires(Permission.ANSWER_WRITE)
def desk() -> ResponseReturnValue:
    """What is owed: answers by due date, and promises whose day has come."""
    inbox = queries.list_inbox()
    return render_template(
        "answers/desk.html",
        inbox=inbox,
        promises=queries.list_promises_due(),
        published=queries.list_public(after=request.args.get("after"), limit=30),
        rate=queries.on_time_rate(),
        waiting={"answers": len(inbox)},
    )


@blueprint.route("/desk/<int:answer_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def write(answer_id: int) -> ResponseReturnValue:
    """One answer: the idea on the left, the form in the middle, its clock on the right."""
    if request.method == "GET":
        return _screen(answer_id)
    form = AnswerForm()
    if form.more.data:
        form.add_rows()
        return _screen(answer_id, form=form)
    if form.validate_on_submit():
        try:
            with transaction():
                answer = queries.get_answer(answer_id)
                service.write_answer(current_actor(), answer, form.content())
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(
                _("The answer is published. Authors, supporters and followers are told."), "success"
            )
            return see_other(url_for("answers.desk"))
    return _screen(answer_id, form=form), 422


def _screen(
    answer_id: int, *, form: AnswerForm | None = None, extension: ExtensionForm | None = None
) -> str:
    row = queries.get_row(answer_id)
    voices = comments.list_of_idea(row.idea.id, shown=VOICES).columns
    return render_template(
        "answers/write.html",
        row=row,
        answer=row.answer,
        ideas=queries.list_ideas_of(row.answer),
        voices_for=[line for line in voices[0].lines if line.is_visible],
        voices_against=[line for line in voices[1].lines if line.is_visible],
        form=form or AnswerForm.of(row.answer),
        extension=extension or ExtensionForm(formdata=None, prefix="extend-"),
        extending=extension is not None,
        may_extend=policy.may_extend(current_actor(), row.answer),
    )


@blueprint.post("/desk/<int:answer_id>/extend")
@requires(Permission.ANSWER_WRITE)
def extend(answer_id: int) -> ResponseReturnValue:
    """Asks for more time, once, in public."""
    form = ExtensionForm(prefix="extend-")
    if form.validate_on_submit() and form.to.data:
        try:
            with transaction():
                answer = queries.get_answer(answer_id)
                service.extend(current_actor(), answer, form.to.data, form.reason.data or "")
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("The due date was moved. The reason stands on the idea's page."), "success")
            return see_other(url_for("answers.write", answer_id=answer_id))
    return _screen(answer_id, extension=form), 422
