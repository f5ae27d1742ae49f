"""Pages of answers: the public ledger, the officials' inbox, the screen on which they answer.

Must not hold rules or queries.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.answers import policy, queries, service
from ideas_app.answers.forms import DECISIONS, AnswerForm, ExtensionForm, PromiseForm
from ideas_app.answers.models import Decision, PromiseStatus
from ideas_app.campaigns.queries import list_campaigns
from ideas_app.comments import queries as comments
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import format_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from flask.typing import ResponseReturnValue

    from ideas_app.answers.queries import AnswerRow

blueprint = Blueprint("answers", __name__)
blueprints = (blueprint,)

# What `answers/_letter.html` and `answers/_card.html` ask, wherever another page includes them.
blueprint.add_app_template_global(queries.standing, "promise_standing")
blueprint.add_app_template_global(queries.timing, "answer_timing")
blueprint.add_app_template_global(queries.days_to_spare, "answer_days_to_spare")

VOICES = 5
"""Comments of each stance beside the form."""


@blueprint.app_template_filter("month_name")
def month_name(value: date | datetime) -> str:
    """The month alone: `4월`, `Apr`; instants in Asia/Seoul."""
    return format_day(value, {"ko": "M월", "en": "MMM"})


@blueprint.app_template_filter("day_number")
def day_number(value: date | datetime) -> str:
    """The day of the month alone; instants in Asia/Seoul."""
    return format_day(value, {"ko": "d", "en": "d"})


def _month_of(row: AnswerRow) -> str:
    return format_day(row.answer.answered_at, {"ko": "y년 M월", "en": "MMMM y"})


@blueprint.get("/answers")
@public
def index() -> ResponseReturnValue:
    """The public ledger: every answer, newest first, and how the promises stand."""
    chosen = request.args.get("decision", "")
    decision = Decision(chosen) if chosen in set(Decision) else None
    campaign = request.args.get("campaign") or None
    page = queries.list_public(
        decision=decision, campaign=campaign, after=request.args.get("after")
    )
    return render_template(
        "answers/index.html",
        page=page,
        months=[(month, list(rows)) for month, rows in groupby(page, key=_month_of)],
        decision=decision,
        campaign=campaign,
        decisions=DECISIONS,
        campaigns=list_campaigns(),
        ledger=queries.read_ledger(),
    )


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
