"""Publishing several answers in one act, after one look at all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, url_for
from flask_babel import ngettext

from ideas_app.answers import policy, queries, service
from ideas_app.answers.forms import TogetherForm
from ideas_app.answers.rules.desk import TOGETHER_MAX
from ideas_app.answers.views.frame import answer_tabs, blueprint, present_filters
from ideas_app.answers.views.hands import nothing_ticked, ticked
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/desk/publish", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def together() -> ResponseReturnValue:
    """The ticked drafts, what stands in the way of each, and when they go out: all of them, or none."""
    ids = ticked()
    if not 1 <= len(ids) <= TOGETHER_MAX:
        return nothing_ticked()
    form = TogetherForm()
    faults: dict[int, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                service.publish_many(
                    current_actor(), ids, reason=form.alone.data or "", at=form.publish_at
                )
            flash(_done(len(ids), is_set=form.publish_at is not None), "success")
            return see_other(url_for("answers.desk", tab="drafts"))
        except Invalid as invalid:
            faults = _take(form, invalid)
    return _page(form, ids, faults), 422 if form.is_submitted() else 200


def _done(number: int, *, is_set: bool) -> str:
    if is_set:
        return str(
            ngettext(
                "%(num)s answer goes out at the set time.",
                "%(num)s answers go out at the set time.",
                number,
            )
        )
    return str(ngettext("%(num)s answer is published.", "%(num)s answers are published.", number))


def _take(form: TogetherForm, invalid: Invalid) -> dict[int, str]:
    """Faults of single answers, by answer; the others stand at their fields."""
    of_answers = {
        int(fault.field.removeprefix("answer-")): str(fault.message)
        for fault in invalid.faults
        if fault.field.startswith("answer-")
    }
    others = [fault for fault in invalid.faults if not fault.field.startswith("answer-")]
    if others:
        form.take_faults(Invalid(*others))
    if of_answers:
        form.form_errors.append(
            _l("Nothing was published, because some of them stand in the way. They are marked.")
        )
    return of_answers


def _page(form: TogetherForm, ids: list[int], faults: dict[int, str]) -> str:
    """Each draft with what the city would say, and what it still lacks."""
    actor = current_actor()
    lines, needs_word = [], False
    for answer_id in ids:
        row, work = queries.get_row(answer_id), queries.find_work(answer_id)
        content = queries.draft_of(row.answer, work)
        found = [
            str(one.message) for one in queries.faults_of_draft(row.answer, content, clock.today())
        ]
        verdict = policy.may_publish(actor, work, needs_second=queries.needs_second(row.campaign))
        needs_word = needs_word or not verdict
        if not verdict and not policy.may_publish_alone(actor):
            found.append(str(verdict.reason))
        lines.append((row, work, content, found or [faults.get(answer_id, "")]))
    return render_template(
        "answers/publish.html",
        form=form,
        ids=ids,
        lines=lines,
        needs_word=needs_word and bool(policy.may_publish_alone(actor)),
        filters=present_filters(),
        soonest=clock.now(),
        tabs=answer_tabs("drafts"),
    )
