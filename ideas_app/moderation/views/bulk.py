"""Several ideas, one decision, one reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for

from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import RejectCode
from ideas_app.moderation import queries, rules, service
from ideas_app.moderation.forms import BulkForm
from ideas_app.moderation.rules import BULK_MAX, Decision
from ideas_app.moderation.views.frame import blueprint, present_filters, render_desk
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/moderation/bulk", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def bulk() -> ResponseReturnValue:
    """The ideas that were ticked, what is to become of them, and why; decided by sending."""
    form = BulkForm()
    ids = _ids()
    faults: dict[int, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                service.decide_many(
                    current_actor(),
                    ids,
                    Decision(form.decision.data or ""),
                    code=form.code.data or "",
                    reason=form.reason.data or "",
                )
            return see_other(url_for("moderation.index", **present_filters().values()))
        except Invalid as invalid:
            faults = _take(form, invalid)
    elif request.method == "GET" and ids:
        _prefill(form, ids[0])
    if not ids:
        flash(_l("Tick between 1 and %(most)s ideas.", most=BULK_MAX), "warning")
        return see_other(url_for("moderation.index", **present_filters().values()))
    return _render(form, ids, faults), 422 if form.is_submitted() else 200


def _ids() -> list[int]:
    """The ids that were ticked, each once, no more than may be decided at once."""
    found = [int(each) for each in request.values.getlist("ids") if each.isdecimal()]
    return [each for each in dict.fromkeys(found) if each < 2**31][: BULK_MAX + 1]


def _prefill(form: BulkForm, first_id: int) -> None:
    """The standard text, with the days of the campaign that the first idea belongs to."""
    decision, code = request.args.get("decision"), request.args.get("code", "")
    form.decision.data = decision if decision in set(service.BULK) else Decision.REJECT.value
    form.code.data = code if code in set(RejectCode) else ""
    with speaking(_language()):
        if form.decision.data == Decision.RETURN:
            days = rules_of(ideas.get_idea(first_id).campaign).mend_days
            form.reason.data = str(rules.RETURN_TEXT) % {"days": days}
        elif form.code.data:
            form.reason.data = str(rules.REJECT_WORDS[RejectCode(form.code.data)].text)


def _language() -> str:
    wanted = request.args.get("speak", "")
    return wanted if wanted in LOCALES else LOCALES[0]


def _take(form: BulkForm, invalid: Invalid) -> dict[int, str]:
    """Faults of single ideas, by idea; the others stand at their fields."""
    of_ideas = {
        int(fault.field.removeprefix("idea-")): str(fault.message)
        for fault in invalid.faults
        if fault.field.startswith("idea-")
    }
    others = [fault for fault in invalid.faults if not fault.field.startswith("idea-")]
    if others:
        form.take_faults(Invalid(*others))
    if of_ideas:
        form.form_errors.append(
            _l("Nothing was decided, because some of the ideas stand in the way. They are marked.")
        )
    return of_ideas


def _render(form: BulkForm, ids: list[int], faults: dict[int, str]) -> str:
    chosen: list[dict[str, Any]] = [
        {"id": each.id, "number": queries.shown_number(each), "title": each.title}
        for each in map(ideas.get_idea, ids)
    ]
    return render_desk(
        "moderation/bulk.html",
        present_filters(),
        None,
        form=form,
        ids=ids,
        chosen=chosen,
        faults=faults,
        words=rules.REJECT_WORDS,
        language=_language(),
    )
