"""The officials' pages of promises: what has come due, what became of it, steps on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ideas_app.accounts import queries as accounts
from ideas_app.adapters.pictures import MAX_BYTES
from ideas_app.answers import policy, queries, service
from ideas_app.answers.forms import (
    KeeperForm,
    PromiseForm,
    PromisesForm,
    ReopenForm,
    StepForm,
)
from ideas_app.answers.models import PromiseStatus
from ideas_app.answers.rules.promises import PICTURES_MAX, SOON, days_of
from ideas_app.answers.rules.rates import department_key
from ideas_app.answers.views.frame import blueprint
from ideas_app.campaigns.queries import list_campaigns
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other
from ideas_app.web.templating import with_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue

    from ideas_app.answers.models import Promise, PromisePicture
    from ideas_app.answers.queries import PromiseRow
    from ideas_app.web.baseform import BaseForm

_AROUND = 64 * 1024
"""What a browser puts around the files."""
_WITH_PICTURES = frozenset({"answers.promise", "answers.promise_step"})


@blueprint.url_value_preprocessor
def take_pictures(endpoint: str | None, values: Mapping[str, Any] | None) -> None:
    """Requests with pictures may be larger than any other, from those who may send them.

    Here and not in the view: the check of the form's token reads the body before any view runs.
    """
    del values
    if endpoint in _WITH_PICTURES and current_actor().has(Permission.ANSWER_WRITE):
        request.max_content_length = PICTURES_MAX * MAX_BYTES + _AROUND


# -- many at once ----------------------------------------------------------------------------------


@blueprint.route("/desk/promises", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def promises() -> ResponseReturnValue:
    """Promises that are silent, due or soon to come: a word on each, all saved at once or none."""
    if request.method == "GET":
        rows = _chosen_rows()
        return _promises_page(rows, PromisesForm.of(rows))
    form = PromisesForm()
    if form.validate_on_submit():
        try:
            with transaction():
                told = service.change_promises(current_actor(), form.changes())
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(*_told(told))
            return see_other(with_query())
    return _promises_page(queries.list_promises_by_ids(form.promise_ids()), form), 422


def _told(number: int) -> tuple[str, str]:
    if not number:
        return _("Nothing was said of any promise, so nothing was saved."), "info"
    text = ngettext(
        "%(num)s word was saved. Everybody who follows the ideas is told.",
        "%(num)s words were saved. Everybody who follows the ideas is told.",
        number,
    )
    return text, "success"


def _chosen_rows() -> list[PromiseRow]:
    """What the address asks for: `who=mine|ours`, `department=`, `campaign=`, `when=past|soon`."""
    today = clock.today()
    when, who = request.args.get("when"), request.args.get("who")
    return queries.list_promises_of_desk(
        until=today if when == "past" else today + SOON,
        since=today if when == "soon" else None,
        of_account=current_actor().id if who == "mine" else None,
        departments=_chosen_departments(),
        campaign=request.args.get("campaign") or None,
    )


def _chosen_departments() -> tuple[str, ...]:
    """All names of the department that was chosen, or of one's own with its teams."""
    known = {one.key: one.names for one in queries.list_departments()}
    if request.args.get("who") == "ours":
        return known.get(department_key(_own_department()), (_own_department(),))
    return known.get(request.args.get("department", ""), ())


def _own_department() -> str:
    return accounts.get_account(current_actor().id).department or ""


def _promises_page(rows: list[PromiseRow], form: PromisesForm) -> str:
    return render_template(
        "answers/promises.html",
        rows=rows,
        form=form,
        departments=queries.list_departments(),
        campaigns=list_campaigns(),
        own_department=_own_department(),
        chosen=request.args,
        soon_days=SOON.days,
    )


# -- one -------------------------------------------------------------------------------------------


@blueprint.route("/desk/promises/<int:promise_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def promise(promise_id: int) -> ResponseReturnValue:
    """One promise with its trail: says what became of it."""
    if request.method == "GET":
        return _promise_page(promise_id)
    form = PromiseForm()
    pictures = _drawn(form) if form.validate_on_submit() else None
    if pictures is not None:

        def act(found: Promise) -> None:
            service.change_promise(
                current_actor(),
                found,
                PromiseStatus(form.status.data),
                form.what_happened.data or "",
                moved_to=form.moved_to.data,
                pictures=pictures,
            )

        if _done(form, promise_id, act, _("Recorded. Everybody who follows the idea is told.")):
            return see_other(url_for("answers.promises"))
    return _promise_page(promise_id, word=form), 422


@blueprint.post("/desk/promises/<int:promise_id>/steps")
@requires(Permission.ANSWER_WRITE)
def promise_step(promise_id: int) -> ResponseReturnValue:
    """Reports a step on the way, public at once."""
    form = StepForm(prefix="step-")
    pictures = _drawn(form) if form.validate_on_submit() else None
    if pictures is not None:

        def act(found: Promise) -> None:
            words = form.text.data or ""
            service.report_step(current_actor(), found, words, form.percent.data, pictures)

        told = _("The step stands on the idea's page. Everybody who follows the idea is told.")
        if _done(form, promise_id, act, told):
            return see_other(url_for("answers.promise", promise_id=promise_id))
    return _promise_page(promise_id, step=form), 422


@blueprint.post("/desk/promises/<int:promise_id>/keeper")
@requires(Permission.ANSWER_WRITE)
def promise_keeper(promise_id: int) -> ResponseReturnValue:
    """Says which department keeps it."""
    form = KeeperForm(prefix="keeper-")

    def act(found: Promise) -> None:
        names = form.department.data or "", form.post.data or ""
        service.pass_promise_on(current_actor(), found, *names)

    if form.validate_on_submit() and _done(form, promise_id, act, _("Saved.")):
        return see_other(url_for("answers.promise", promise_id=promise_id))
    return _promise_page(promise_id, keeper=form), 422


@blueprint.post("/desk/promises/<int:promise_id>/reopen")
@requires(Permission.ANSWER_WRITE)
def promise_reopen(promise_id: int) -> ResponseReturnValue:
    """Takes a wrong "kept" back, in public."""
    form = ReopenForm(prefix="reopen-")

    def act(found: Promise) -> None:
        service.reopen_promise(current_actor(), found, form.reason.data or "")

    told = _("The promise is open again. The reason stands on the idea's page.")
    if form.validate_on_submit() and _done(form, promise_id, act, told):
        return see_other(url_for("answers.promise", promise_id=promise_id))
    return _promise_page(promise_id, reopen=form), 422


def _drawn(form: PromiseForm | StepForm) -> list[PromisePicture] | None:
    """The pictures of a form, drawn before the transaction; None where one cannot be taken."""
    try:
        return service.draw_pictures(form.uploads())
    except Invalid as fault:
        form.take_faults(fault)
        return None


def _done(form: BaseForm, promise_id: int, act: Callable[[Promise], None], told: str) -> bool:
    """Whether an act on a promise went through; its faults stand at the form's fields otherwise."""
    try:
        with transaction():
            act(queries.get_promise(promise_id))
    except Invalid as fault:
        form.take_faults(fault)
        return False
    flash(told, "success")
    return True


def _promise_page(promise_id: int, **sent: BaseForm) -> str:
    row = queries.get_promise_row(promise_id)
    fresh: dict[str, BaseForm] = {
        "word": PromiseForm(formdata=None),
        "step": StepForm(formdata=None, prefix="step-"),
        "keeper": KeeperForm(
            formdata=None,
            prefix="keeper-",
            department=row.promise.department,
            post=row.promise.post,
        ),
        "reopen": ReopenForm(formdata=None, prefix="reopen-"),
    }
    actor, today = current_actor(), clock.today()
    return render_template(
        "answers/promise.html",
        row=row,
        promise=row.promise,
        days=_days(row),
        verdict=policy.may_change_promise(actor, row.promise),
        may_reopen=policy.may_reopen_promise(actor, row.promise, today=today),
        picture_rows=PICTURES_MAX,
        sent=next(iter(sent), None),
        **{**fresh, **sent},
    )


def _days(row: PromiseRow) -> list[date]:
    return days_of(row.promise.due_on, [step.moved_to for step in row.trail])
