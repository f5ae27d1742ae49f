"""Work at the desk beside deciding: who has what open, taking back, notes, trust, typing errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, jsonify, request, url_for
from flask_babel import gettext as _

from ideas_app.accounts import queries as accounts
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.rules import diff
from ideas_app.moderation import queries, service
from ideas_app.moderation.forms import FixForm, NoteForm
from ideas_app.moderation.queries import Tab
from ideas_app.moderation.rules import Item
from ideas_app.moderation.views.frame import (
    address_of,
    blueprint,
    filters_for,
    on_tab,
    present_filters,
)
from ideas_app.moderation.views.item import decision_page, render_form, render_idea
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea

_LISTS = {"settle_flag": Tab.FLAGS, "settle_appeal": Tab.APPEALS}


@blueprint.post("/moderation/locks/<kind>/<int:thing_id>")
@requires(Permission.IDEA_MODERATE)
def lock(kind: str, thing_id: int) -> ResponseReturnValue:
    """A sign of life of an open page, or a click that takes the item over or lets it go."""
    if kind not in set(Item):
        raise NotFound("no_item", _("This does not exist, or no longer."))
    item, act, actor = Item(kind), request.form.get("act"), current_actor()
    with transaction():
        if act == "take":
            service.take_over(actor, item, thing_id)
        elif act == "release":
            service.release(actor, item, thing_id)
        else:
            service.keep_open(actor, item, thing_id)
    if wants_fragment():
        holder = queries.find_lock(item, thing_id)
        is_own = holder is not None and holder.account_id == actor.id
        return jsonify(held=is_own, name=holder.name if holder and not is_own else "")
    if act == "release":
        return see_other(url_for("moderation.index", pause=1, **present_filters().values()))
    return see_other(address_of(present_filters(), thing_id))


@blueprint.post("/moderation/undo/<int:act_id>")
@requires(Permission.IDEA_MODERATE)
def undo(act_id: int) -> ResponseReturnValue:
    """Takes a decision back within its seconds."""
    try:
        with transaction():
            act = queries.get_act(act_id)
            verb = act.verb
            idea_id = service.undo(current_actor(), act)[0]
    except (Conflict, NotFound) as fault:
        flash(str(fault.message), "warning")
        return see_other(url_for("moderation.index", **present_filters().values()))
    flash(_("Taken back: everything stands as before, and nobody was told."), "success")
    if verb in _LISTS:
        return see_other(url_for("moderation.index", **on_tab(_LISTS[verb]).values()))
    return _back_to(idea_id)


@blueprint.post("/moderation/<int:idea_id>/notes")
@requires(Permission.IDEA_MODERATE)
def note(idea_id: int) -> ResponseReturnValue:
    """Leaves a note among moderators."""
    form = NoteForm()
    if form.validate():
        try:
            with transaction():
                service.write_note(current_actor(), ideas.get_idea(idea_id), form.note.data or "")
            return _back_to(idea_id, anchor="notes")
        except Invalid as invalid:
            form.take_faults(invalid)
    return render_idea("moderation/item.html", idea_id, note=form), 422


@blueprint.post("/moderation/<int:idea_id>/trust")
@requires(Permission.IDEA_MODERATE)
def trust(idea_id: int) -> ResponseReturnValue:
    """The author's ideas skip the queue from now on, or no longer (`_method=DELETE`)."""
    ends = request.form.get("_method") == "DELETE"
    act = service.end_trust if ends else service.trust
    try:
        with transaction():
            author = accounts.get_account(ideas.get_idea(idea_id).author_id)
            act(current_actor(), author)
    except Conflict as conflict:
        flash(str(conflict.message), "warning")
    else:
        flash(
            _("This author's ideas wait like everybody's again.")
            if ends
            else _("This author's new ideas are published without waiting from now on."),
            "success",
        )
    return _back_to(idea_id)


@blueprint.route("/moderation/<int:idea_id>/fix", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def fix(idea_id: int) -> ResponseReturnValue:
    """Mends typing errors: first a look at the difference, then the act."""
    form = FixForm()

    def prefill(idea: Idea) -> None:
        form.title.data, form.why.data, form.how.data = idea.title, idea.why, idea.how

    def act(actor: Actor, idea: Idea) -> None:
        service.fix_typos(actor, idea, *form.texts())

    if request.form.get("step") == "look" and form.validate():
        return _look(idea_id, form, service.check_fix)
    return decision_page(idea_id, form, "moderation/fix.html", act, prefill=prefill)


def _look(idea_id: int, form: FixForm, check: Callable[..., Any]) -> ResponseReturnValue:
    idea = ideas.get_idea(idea_id)
    try:
        content = check(idea, *form.texts())
    except Invalid as invalid:
        form.take_faults(invalid)
        return render_form("moderation/fix.html", idea_id, form)
    changes = [
        (form[name].label.text, diff(getattr(idea, name), getattr(content, name)))
        for name in ("title", "why", "how")
        if getattr(idea, name) != getattr(content, name)
    ]
    return render_form("moderation/fix.html", idea_id, form, status=200, changes=changes)


def _back_to(idea_id: int, *, anchor: str | None = None) -> ResponseReturnValue:
    filters = filters_for(ideas.get_idea(idea_id))
    values = filters.values()
    return see_other(url_for("moderation.item", idea_id=idea_id, _anchor=anchor, **values))
