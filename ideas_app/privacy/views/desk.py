"""The queue of requests about people's data, for those who answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.privacy import policy, queries, service
from ideas_app.privacy.forms import ExtendForm, SettleForm
from ideas_app.privacy.rules import ABOUT_WORDS, KIND_WORDS, REMEDIES, STATE_WORDS
from ideas_app.privacy.views.blueprint import blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language

_WORDS = {"kind_words": KIND_WORDS, "about_words": ABOUT_WORDS, "state_words": STATE_WORDS}


@blueprint.app_context_processor
def words_of_requests() -> dict[str, Any]:
    """How requests are called, on every page that shows some."""
    return {f"request_{name}": words for name, words in _WORDS.items()}


@blueprint.get("/admin/requests")
@requires(Permission.REQUEST_ANSWER)
def queue() -> ResponseReturnValue:
    """What waits, the most pressing first; with `?tab=settled` what was settled."""
    settled = request.args.get("tab") == "settled"
    return render_template(
        "privacy/queue.html",
        rows=queries.list_queue(settled=settled),
        settled=settled,
        waits=queries.count_open(),
    )


@blueprint.get("/admin/requests/<int:request_id>")
@requires(Permission.REQUEST_ANSWER)
def item(request_id: int) -> ResponseReturnValue:
    """One request, and the forms to answer it."""
    return _item_page(request_id)


def _item_page(request_id: int, status: int = 200, **filled: Any) -> ResponseReturnValue:
    row = queries.view_request(request_id)
    actor = current_actor()
    page = render_template(
        "privacy/item.html",
        row=row,
        may_answer=policy.may_answer(actor, row.request),
        may_extend=policy.may_extend(actor, row.request),
        settle_form=filled.get("settle_form") or SettleForm(formdata=None),
        extend_form=filled.get("extend_form") or ExtendForm(formdata=None, prefix="more"),
        remedies=REMEDIES,
    )
    return page, status


@blueprint.post("/admin/requests/<int:request_id>/settle")
@requires(Permission.REQUEST_ANSWER)
def settle(request_id: int) -> ResponseReturnValue:
    """Says that it was done (`outcome=done`), or refuses it; the person is told."""
    form = SettleForm()
    if form.validate():
        try:
            with transaction():
                service.settle(
                    current_actor(),
                    queries.get_request(request_id),
                    done=form.outcome.data == "done",
                    answer=str(form.answer.data),
                    proof=form.proof.data or "",
                    born_on=form.born_on.data,
                )
            flash(_("The request is settled, and the person is told."), "success")
            return see_other(url_for("privacy.queue"))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _item_page(request_id, 422, settle_form=form)


@blueprint.post("/admin/requests/<int:request_id>/extend")
@requires(Permission.REQUEST_ANSWER)
def extend(request_id: int) -> ResponseReturnValue:
    """Takes ten more days, once, with a reason that the person is told."""
    form = ExtendForm(prefix="more")
    if form.validate():
        try:
            with transaction():
                found = queries.get_request(request_id)
                service.extend(current_actor(), found, str(form.reason.data))
            flash(_("The time is longer now, and the person is told why."), "success")
            return see_other(url_for("privacy.item", request_id=request_id))
        except Invalid as invalid:
            form.take_faults(invalid)
    return _item_page(request_id, 422, extend_form=form)


@blueprint.post("/admin/requests/register")
@requires(Permission.REQUEST_ANSWER)
def register() -> ResponseReturnValue:
    """The register of all requests as CSV, without names and words; that it was read is logged."""
    with transaction():
        lang: Language = "en" if locale_code() == "en" else "ko"
        content = service.make_register(current_actor(), lang)
    response = Response(content, mimetype="text/csv; charset=utf-8")
    name = f"data-requests-{clock.today():%Y%m%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
