"""What happens to an idea after it was sent: changing it, its versions, taking it back, following it.

Must not know votes or comments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, jsonify, render_template, request
from flask_babel import gettext as _

from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid
from ideas_app.ideas import policy, queries, service
from ideas_app.ideas.forms import ChangeForm
from ideas_app.ideas.models import State
from ideas_app.ideas.rules import diff, revision_of
from ideas_app.ideas.views.frame import blueprint, get_readable, idea_url, programmes_for
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.errors import see_other, wants_fragment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from ideas_app.ideas.models import Idea, Revision
    from ideas_app.ideas.rules import Piece


@blueprint.route("/ideas/<int:idea_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(idea_id: int) -> ResponseReturnValue:
    """Changing one's own idea."""
    idea = get_readable(idea_id)
    policy.may_edit(current_actor(), idea, now=clock.now()).require()
    form = _form_of(idea)
    if form.validate_on_submit():
        try:
            with transaction():
                page = idea_url(_change(queries.get_idea(idea_id), form))
            flash(_("Your changes are saved."), "success")
            return see_other(page)
        except Invalid as fault:
            form.take_faults(fault)
            idea = queries.get_idea(idea_id)
        except Conflict as fault:
            # both texts are the author's to choose from: what is sent next is a decision between them
            idea = queries.get_idea(idea_id)
            form.form_errors.append(fault.message)
            form.seen.data = _revision(idea)
    rules = rules_of(idea.campaign)
    also = form.programme.data
    offered, own = programmes_for(current_actor(), idea.campaign.year, also=also)
    form.offer(idea.campaign, offered, rules.neighbourhoods)
    page = render_template("ideas/edit.html", form=form, idea=idea, rules=rules, own=own)
    return page, 422 if request.method == "POST" else 200


def _change(idea: Idea, form: ChangeForm) -> Idea:
    return service.edit(
        current_actor(), idea, form.to_content(), seen=str(form.seen.data or "") or None
    )


def _revision(idea: Idea) -> str:
    return revision_of(idea.version, idea.title, idea.why, idea.how)


def _form_of(idea: Idea) -> ChangeForm:
    return ChangeForm(
        seen=_revision(idea),
        title=idea.title,
        why=idea.why,
        how=idea.how,
        field=idea.field.key,
        programme=idea.programme.slug if idea.programme else "",
        neighbourhood=idea.neighbourhood or "",
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One version, with what it changed in the one before; the first has no differences."""

    revision: Revision
    parts: tuple[tuple[str, list[Piece]], ...]
    """Name of the field (title, why, how) and its pieces, for those that changed."""


def changes_of(revisions: Sequence[Revision]) -> list[Change]:
    """Versions, newest first, each against the one before it."""
    changes = []
    older = [*revisions[1:], None]
    for revision, before in zip(revisions, older, strict=True):
        parts = tuple(
            (name, diff(getattr(before, name), getattr(revision, name)))
            for name in ("title", "why", "how")
            if before is not None and getattr(before, name) != getattr(revision, name)
        )
        changes.append(Change(revision, parts))
    return changes


@blueprint.get("/ideas/<int:idea_id>/history")
@public
def history(idea_id: int) -> ResponseReturnValue:
    """Every version of an idea and what each changed."""
    idea = get_readable(idea_id)
    policy.may_read_text(current_actor(), idea).require()
    changes = changes_of(queries.list_revisions(idea_id))
    return render_template("ideas/history.html", idea=idea, changes=changes)


@blueprint.route("/ideas/<int:idea_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(idea_id: int) -> ResponseReturnValue:
    """Taking one's own idea back, after one more question."""
    if request.method == "POST":
        with transaction():
            idea = service.withdraw(current_actor(), get_readable(idea_id))
            page = idea_url(idea)
        flash(_("You took your idea back."), "success")
        return see_other(page)
    idea = get_readable(idea_id)
    policy.may_withdraw(current_actor(), idea, now=clock.now()).require()
    was_public = idea.state is not State.SUBMITTED
    return render_template("ideas/withdraw.html", idea=idea, was_public=was_public)


@blueprint.post("/ideas/<int:idea_id>/follow")
@signed_in
def follow(idea_id: int) -> ResponseReturnValue:
    """Hearing of each step of an idea, or (`_method=DELETE`) no longer."""
    ends = request.form.get("_method", "").upper() == "DELETE"
    with transaction():
        idea = get_readable(idea_id)
        (service.unfollow if ends else service.follow)(current_actor(), idea)
        page = idea_url(idea)
    said = _("You will not hear of it any more.") if ends else _("You will hear of each step.")
    if wants_fragment():
        return jsonify(following=not ends, message=said)
    flash(said, "success")
    return see_other(page)
