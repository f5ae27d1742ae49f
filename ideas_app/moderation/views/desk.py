"""The desk itself: the queue, one idea with what helps to judge it, and the decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, request

from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea, RejectCode
from ideas_app.ideas.views import idea_url
from ideas_app.moderation import policy, queries, rules, service
from ideas_app.moderation.forms import HideForm, ReasonForm, RejectForm, numbers_in
from ideas_app.moderation.queries import Tab
from ideas_app.moderation.rules import Decision
from ideas_app.moderation.views.frame import (
    blueprint,
    filters_for,
    next_address,
    present_filters,
    render_desk,
)
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from flask_babel import LazyString

    from ideas_app.core.actor import Actor
    from ideas_app.moderation.queries import Filters
    from ideas_app.web.baseform import BaseForm


@blueprint.get("/moderation")
@requires(Permission.IDEA_MODERATE)
def index() -> ResponseReturnValue:
    """The queue; the idea that waits longest stands open beside it."""
    filters = present_filters()
    queue = queries.list_queue(filters)
    if not queue.rows or filters.tab in {Tab.FLAGS, Tab.APPEALS}:
        return render_desk("moderation/index.html", filters, None, queue=queue)
    idea = ideas.get_idea(queue.rows[0].key)
    return _render_idea("moderation/item.html", filters, idea, queue=queue)


@blueprint.get("/moderation/<int:idea_id>")
@requires(Permission.IDEA_MODERATE)
def item(idea_id: int) -> ResponseReturnValue:
    """One idea, whatever its state."""
    idea = ideas.get_idea(idea_id)
    return _render_idea("moderation/item.html", filters_for(idea), idea)


@blueprint.post("/moderation/<int:idea_id>/publish")
@requires(Permission.IDEA_MODERATE)
def publish(idea_id: int) -> ResponseReturnValue:
    """Lets the idea onto the list."""
    return _decide(idea_id, service.publish, _l("%(number)s is published."))


@blueprint.route("/moderation/<int:idea_id>/return", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def return_idea(idea_id: int) -> ResponseReturnValue:
    """Asks the author to mend the idea."""
    form = ReasonForm()
    if form.validate_on_submit():
        return _decide(
            idea_id,
            lambda actor, idea: service.return_to_author(actor, idea, form.reason.data or ""),
            _l("%(number)s went back to its author."),
            form=form,
            template="moderation/return_idea.html",
        )
    idea = ideas.get_idea(idea_id)
    if request.method == "GET":
        days = rules_of(idea.campaign).mend_days
        form.reason.data = _in_language_of(idea, rules.RETURN_TEXT) % {"days": days}
    return _render_form("moderation/return_idea.html", idea, form)


@blueprint.route("/moderation/<int:idea_id>/reject", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def reject(idea_id: int) -> ResponseReturnValue:
    """Rejects with a coded reason; each code brings its text, in the author's language or the other."""
    form = RejectForm()
    template = "moderation/reject.html"
    if form.validate_on_submit():
        return _decide(
            idea_id,
            lambda actor, idea: _reject(actor, idea, form),
            _l("%(number)s is rejected."),
            form=form,
            template=template,
        )
    idea = ideas.get_idea(idea_id)
    if request.method == "GET":
        _prefill(form, idea)
    return _render_form(template, idea, form)


@blueprint.route("/moderation/<int:idea_id>/hide", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def hide(idea_id: int) -> ResponseReturnValue:
    """Takes the idea out of public view."""
    form = HideForm()
    if form.validate_on_submit():
        code = RejectCode(form.code.data or "")
        return _decide(
            idea_id,
            lambda actor, idea: service.hide(actor, idea, code, form.reason.data or ""),
            _l("%(number)s is hidden."),
            form=form,
            template="moderation/hide.html",
        )
    return _render_form("moderation/hide.html", ideas.get_idea(idea_id), form)


@blueprint.route("/moderation/<int:idea_id>/restore", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def restore(idea_id: int) -> ResponseReturnValue:
    """Puts a hidden idea back where it stood."""
    form = ReasonForm()
    if form.validate_on_submit():
        return _decide(
            idea_id,
            lambda actor, idea: service.restore(actor, idea, form.reason.data or ""),
            _l("%(number)s stands again where it stood."),
            form=form,
            template="moderation/restore.html",
        )
    return _render_form("moderation/restore.html", ideas.get_idea(idea_id), form)


def _decide(
    idea_id: int,
    act: Callable[[Actor, Idea], None],
    said: LazyString,
    *,
    form: BaseForm | None = None,
    template: str = "",
) -> ResponseReturnValue:
    """Runs a decision and goes on to what waits next, with the filters kept."""
    try:
        with transaction():
            idea = ideas.get_idea(idea_id)
            filters, since_at = filters_for(idea), queries.waits_since(idea)
            number = queries.shown_number(idea)
            act(current_actor(), idea)
    except Invalid as invalid:
        assert form is not None  # noqa: S101  # only decisions with a form can be incomplete
        form.take_faults(invalid)
        return _render_form(template, ideas.get_idea(idea_id), form)
    except Conflict as conflict:
        flash(str(conflict.message), "warning")
    else:
        flash(str(said) % {"number": number}, "success")
    return see_other(next_address(filters, since_at, idea_id))


def _reject(actor: Actor, idea: Idea, form: RejectForm) -> None:
    original = _find_original(idea, form.duplicate_of.data or "")
    code, body = RejectCode(form.code.data or ""), form.forwarded_to.data or ""
    service.reject(
        actor, idea, code, form.reason.data or "", duplicate_of=original, forwarded_to=body
    )


def _find_original(idea: Idea, typed: str) -> Idea | None:
    """The idea of the same campaign whose number was typed; `Invalid` where there is none."""
    if not typed:
        return None
    numbers = numbers_in(typed, year=idea.campaign.year) or []
    found = queries.list_by_numbers(idea.campaign_id, numbers) if len(numbers) == 1 else []
    if not found:
        message = _l("There is no idea with this number in this campaign.")
        raise Invalid(Fault("duplicate_of", "unknown_number", message))
    return found[0]


def _prefill(form: RejectForm, idea: Idea) -> None:
    """The code in the address, with its standard text."""
    code = request.args.get("code", "")
    if code in set(RejectCode):
        form.code.data = code
        form.reason.data = _in_language_of(idea, rules.REJECT_WORDS[RejectCode(code)].text)


def _language_of(idea: Idea) -> str:
    """The language in which the author is written to: the address's choice, else the author's own."""
    wanted = request.args.get("speak") or idea.author.locale
    return wanted if wanted in LOCALES else LOCALES[0]


def _in_language_of(idea: Idea, words: LazyString) -> str:
    with speaking(_language_of(idea)):
        return str(words)


def _render_form(template: str, idea: Idea, form: BaseForm) -> ResponseReturnValue:
    """The form of a decision in the place of the text; 422 when it was sent and has to be mended."""
    page = _render_idea(template, filters_for(idea), idea, form=form)
    return page, 422 if form.is_submitted() else 200


def _render_idea(template: str, filters: Filters, idea: Idea, **values: Any) -> str:
    now, actor = clock.now(), current_actor()
    return render_desk(
        template,
        filters,
        idea.id,
        idea=idea,
        number=queries.shown_number(idea),
        address=idea_url(idea),
        row=queries.row_of(idea),
        verdicts={
            decision.value: policy.may_decide(actor, idea, decision, now=now)
            for decision in Decision
        },
        mend_until=policy.mend_until(idea),
        appeal_until=policy.appeal_until(idea),
        checks=rules.checks_of(
            idea.title, idea.why, idea.how, earlier=ideas.list_texts_of(idea.author_id, but=idea.id)
        ),
        acts=queries.list_acts(idea.id),
        past=queries.list_past_of_author(idea.author_id, but=idea.id),
        similar=queries.list_similar(idea, actor),
        act_words=rules.ACT_WORDS,
        words=rules.REJECT_WORDS,
        language=_language_of(idea),
        campaign_rules=rules_of(idea.campaign),
        **values,
    )
