"""The desk itself: the queue, one idea, two side by side, and the decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from ideas_app.campaigns.rules import rules_of
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea, RejectCode
from ideas_app.moderation import queries, rules, service
from ideas_app.moderation.forms import HideForm, ReasonForm, RejectForm, numbers_in
from ideas_app.moderation.rules import Item
from ideas_app.moderation.views.frame import blueprint, present_filters, render_desk
from ideas_app.moderation.views.item import decide, decision_page, in_language_of, render_idea
from ideas_app.web.access import current_actor, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.core.actor import Actor


@blueprint.get("/moderation")
@requires(Permission.IDEA_MODERATE)
def index() -> ResponseReturnValue:
    """The queue; the idea that waits longest, and that no colleague has open, stands open beside it.

    With `pause` nothing is opened: for who has just let an item go.
    """
    filters, actor = present_filters(), current_actor()
    queue = queries.list_queue(filters, actor_id=actor.id)
    if not queue.rows or filters.item is not Item.IDEA or request.args.get("pause"):
        return render_desk("moderation/index.html", filters, None, queue=queue)
    free = (row.key for row in queue.rows if row.opener_id in {None, actor.id})
    return render_idea("moderation/item.html", next(free, queue.rows[0].key))


@blueprint.get("/moderation/<int:idea_id>")
@requires(Permission.IDEA_MODERATE)
def item(idea_id: int) -> ResponseReturnValue:
    """One idea, whatever its state."""
    return render_idea("moderation/item.html", idea_id)


@blueprint.get("/moderation/<int:idea_id>/beside/<int:other_id>")
@requires(Permission.IDEA_MODERATE)
def beside(idea_id: int, other_id: int) -> ResponseReturnValue:
    """An idea beside one that is alike, with the words that both share marked."""
    idea, other = ideas.get_idea(idea_id), ideas.get_idea(other_id)
    texts = [f"{each.title} {each.why} {each.how}" for each in (idea, other)]
    shared = rules.shared_runs(*texts)
    return render_idea(
        "moderation/beside.html",
        idea_id,
        other_id=other_id,
        pair=[_marked(each, shared) for each in (idea, other)],
    )


def _marked(idea: Idea, words: list[str]) -> dict[str, object]:
    """An idea as plain values with its texts in pieces: the page is drawn after other reads."""
    return {
        "id": idea.id,
        "number": queries.shown_number(idea),
        "state": idea.state,
        "title": rules.marked(idea.title, words),
        "why": rules.marked(idea.why, words),
        "how": rules.marked(idea.how, words),
        "supports": idea.supports_count,
        "is_listed": idea.is_listed,
        "year": idea.campaign.year,
    }


@blueprint.post("/moderation/<int:idea_id>/publish")
@requires(Permission.IDEA_MODERATE)
def publish(idea_id: int) -> ResponseReturnValue:
    """Lets the idea onto the list."""
    return decide(idea_id, service.publish)


@blueprint.route("/moderation/<int:idea_id>/return", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def return_idea(idea_id: int) -> ResponseReturnValue:
    """Asks the author to mend the idea."""
    form = ReasonForm()

    def prefill(idea: Idea) -> None:
        days = rules_of(idea.campaign).mend_days
        form.reason.data = in_language_of(idea, rules.RETURN_TEXT) % {"days": days}

    def act(actor: Actor, idea: Idea) -> None:
        service.return_to_author(actor, idea, form.reason.data or "")

    return decision_page(idea_id, form, "moderation/return_idea.html", act, prefill=prefill)


@blueprint.route("/moderation/<int:idea_id>/reject", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def reject(idea_id: int) -> ResponseReturnValue:
    """Rejects with a coded reason; each code brings its text, in the author's language or the other."""
    form = RejectForm()
    return decision_page(
        idea_id,
        form,
        "moderation/reject.html",
        lambda actor, idea: _reject(actor, idea, form),
        prefill=lambda idea: _prefill(form, idea),
    )


@blueprint.route("/moderation/<int:idea_id>/hide", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def hide(idea_id: int) -> ResponseReturnValue:
    """Takes the idea out of public view."""
    form = HideForm()

    def act(actor: Actor, idea: Idea) -> None:
        service.hide(actor, idea, form.code.data or "", form.reason.data or "")

    return decision_page(idea_id, form, "moderation/hide.html", act)


@blueprint.route("/moderation/<int:idea_id>/restore", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def restore(idea_id: int) -> ResponseReturnValue:
    """Puts a hidden idea back where it stood."""
    form = ReasonForm()

    def act(actor: Actor, idea: Idea) -> None:
        service.restore(actor, idea, form.reason.data or "")

    return decision_page(idea_id, form, "moderation/restore.html", act)


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
    """The code in the address, with its standard text; for a duplicate, the number that came first."""
    code = request.args.get("code", "")
    if code in set(RejectCode):
        form.code.data = code
        form.reason.data = in_language_of(idea, rules.REJECT_WORDS[RejectCode(code)].text)
        form.duplicate_of.data = request.args.get("of", "")[:20]
