"""The one screen of an evaluation: the text and the scores first, then everything and the second part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries as accounts
from ideas_app.comments import queries as comments
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.evaluations import policy, queries, service
from ideas_app.evaluations.forms import FindingsForm, ScoreForm, WhyForm
from ideas_app.evaluations.views.frame import blueprint, evaluations_url
from ideas_app.ideas.models import Idea
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.evaluations.models import Evaluation
    from ideas_app.ideas.models import Family

VOICES = 4
"""Comments of each stance beside the second part."""


@blueprint.get("/desk/evaluations/<int:evaluation_id>")
@requires(Permission.EVALUATION_GIVE)
def show(evaluation_id: int) -> ResponseReturnValue:
    """One's own evaluation; to everybody else the page of its idea."""
    evaluation = queries.get_evaluation(evaluation_id)
    if evaluation.account_id != current_actor().id:
        return see_other(evaluations_url(evaluation))
    return _screen(evaluation_id)


@blueprint.post("/desk/evaluations/<int:evaluation_id>/score")
@requires(Permission.EVALUATION_GIVE)
def score(evaluation_id: int) -> ResponseReturnValue:
    """Takes the scores; afterwards everything is shown."""
    subject = queries.subject_of(queries.get_evaluation(evaluation_id))
    form = ScoreForm.of(service.criteria_for(subject))()
    if form.validate_on_submit():
        try:
            with transaction():
                evaluation = queries.get_evaluation(evaluation_id)
                service.score(current_actor(), evaluation, form.scores())
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("Your scores are kept. Now everything is shown."), "success")
            return see_other(url_for("evaluations.show", evaluation_id=evaluation_id))
    return _screen(evaluation_id, scores=form), 422


@blueprint.post("/desk/evaluations/<int:evaluation_id>/findings")
@requires(Permission.EVALUATION_GIVE)
def write(evaluation_id: int) -> ResponseReturnValue:
    """Keeps the second part, or closes the evaluation with it."""
    form = FindingsForm()
    if form.validate_on_submit():
        try:
            with transaction():
                evaluation = queries.get_evaluation(evaluation_id)
                act = service.save if form.keep.data else service.close
                act(current_actor(), evaluation, form.findings())
        except Invalid as fault:
            form.take_faults(fault)
        else:
            kept = _("Kept; only you see it.")
            closed = _("The evaluation is closed. Your colleagues can read it now.")
            flash(kept if form.keep.data else closed, "success")
            return see_other(url_for("evaluations.show", evaluation_id=evaluation_id))
    return _screen(evaluation_id, findings=form), 422


@blueprint.post("/desk/evaluations/<int:evaluation_id>/decline")
@requires(Permission.EVALUATION_GIVE)
def decline(evaluation_id: int) -> ResponseReturnValue:
    """Says no, with a reason."""
    form = WhyForm(prefix="decline-")
    if form.validate_on_submit():
        try:
            with transaction():
                evaluation = queries.get_evaluation(evaluation_id)
                service.decline(current_actor(), evaluation, form.reason.data or "")
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("You declined. Whoever asked reads your reason."), "success")
            return see_other(url_for("evaluations.index"))
    return _screen(evaluation_id, declining=form), 422


@blueprint.post("/desk/evaluations/<int:evaluation_id>/reopen")
@requires(Permission.EVALUATION_GIVE)
def reopen(evaluation_id: int) -> ResponseReturnValue:
    """Opens a closed evaluation again, with a reason."""
    form = WhyForm(prefix="reopen-")
    if form.validate_on_submit():
        try:
            with transaction():
                evaluation = queries.get_evaluation(evaluation_id)
                service.reopen(current_actor(), evaluation, form.reason.data or "")
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("It is open again. What it said before is kept in the log."), "success")
            return see_other(url_for("evaluations.show", evaluation_id=evaluation_id))
    return _screen(evaluation_id, reopening=form), 422


@dataclass(frozen=True, slots=True)
class _Typed:
    """Forms that come back because something has to be mended."""

    scores: ScoreForm | None = None
    findings: FindingsForm | None = None
    declining: WhyForm | None = None
    reopening: WhyForm | None = None


def _screen(evaluation_id: int, **typed: Any) -> str:
    actor, forms = current_actor(), _Typed(**typed)
    evaluation = queries.get_evaluation(evaluation_id)
    policy.may_see_own(actor, evaluation).require()
    subject = queries.subject_of(evaluation)
    shown = {
        "row": queries.get_row(evaluation_id),
        "subject": subject,
        "is_family": not isinstance(subject, Idea),
        "declining": forms.declining or WhyForm(formdata=None, prefix="decline-"),
        "is_declining": forms.declining is not None,
        "may_decline": policy.may_decline(actor, evaluation),
    }
    if evaluation.scored_at is None:
        return _blind_screen(evaluation, subject, forms, shown)
    return _open_screen(evaluation, subject, forms, shown)


def _blind_screen(
    evaluation: Evaluation, subject: Idea | Family, forms: _Typed, shown: dict[str, Any]
) -> str:
    """The text and nothing else: no author, no supports, no comments, nobody else's scores."""
    is_open = queries.is_open(subject)
    return render_template(
        "evaluations/score.html",
        ideas=queries.ideas_of(subject),
        may_score=policy.may_score(current_actor(), evaluation, is_open=is_open),
        form=forms.scores or ScoreForm.of(service.criteria_for(subject))(formdata=None),
        **shown,
    )


def _open_screen(
    evaluation: Evaluation, subject: Idea | Family, forms: _Typed, shown: dict[str, Any]
) -> str:
    """Everything, and the second part."""
    actor, is_open = current_actor(), queries.is_open(subject)
    ideas = queries.ideas_of(subject)
    columns = comments.list_together([idea.id for idea in ideas], shown=VOICES).columns
    written = queries.findings_of(evaluation)
    begun = written.begun_by(accounts.get_account(actor.id).department or "")
    return render_template(
        "evaluations/work.html",
        evaluation=evaluation,
        ideas=ideas,
        written=written,
        panel=queries.panel_of(actor, subject),
        voices_for=[line for line in columns[0].lines if line.is_visible],
        voices_against=[line for line in columns[1].lines if line.is_visible],
        may_write=policy.may_write(actor, evaluation, is_open=is_open),
        may_reopen=policy.may_reopen(actor, evaluation, is_open=is_open),
        form=forms.findings or FindingsForm.of(begun),
        reopening=forms.reopening or WhyForm(formdata=None, prefix="reopen-"),
        is_reopening=forms.reopening is not None,
        **shown,
    )
