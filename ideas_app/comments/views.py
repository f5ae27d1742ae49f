"""Pages of discussion: writing, mending and deleting a comment, the rest of a long discussion.

The thread itself stands on the idea page: `templates/comments/_thread.html`. Must not know how
flags are settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.campaigns.rules import rules_of
from ideas_app.comments import policy, queries, service
from ideas_app.comments.forms import CommentForm, EditForm
from ideas_app.comments.models import Comment, Stance
from ideas_app.comments.rules import mend_until
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas import policy as ideas_policy
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.rules import TOLD_BEFORE, address_slug, has_phone, marks_of
from ideas_app.web.access import current_actor, public, requires, signed_in
from ideas_app.web.errors import see_other
from ideas_app.web.limits import by_person, limiter
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.ideas.models import Idea

blueprint = Blueprint("comments", __name__)
blueprints = (blueprint,)


@blueprint.get("/ideas/<int:idea_id>/comments")
@public
@may_lag
def index(idea_id: int) -> ResponseReturnValue:
    """The rest of a long discussion: one stance (`?stance=`), or the replies to one comment
    (`?parent=`); of all ideas of its family with `?together`.
    """
    idea = _readable(idea_id)
    parent_id = request.args.get("parent", type=int)
    after = request.args.get("after")
    origins = ideas.list_mates(idea) if "together" in request.args else []
    if parent_id is not None:
        parent = _of_idea(queries.get_comment(parent_id), idea)
        page = queries.list_replies(parent, after=after)
        stance, above = None, queries.get_line(parent.id)
    else:
        stance, above = _stance_of(request.args.get("stance")), None
        page = queries.list_page([one.id for one in origins] or [idea.id], stance, after=after)
    return render_template(
        "comments/index.html",
        idea=idea,
        page=page,
        stance=stance,
        above=above,
        origins={one.id: one for one in origins},
        **_around(idea),
    )


@blueprint.post("/ideas/<int:idea_id>/comments")
@limiter.limit("20/minute", key_func=by_person)
@signed_in
def write(idea_id: int) -> ResponseReturnValue:
    """A comment or a reply; back to it on the idea page, or the form again with what was typed.

    A text with a telephone number, many links or words that were sent before comes back once to be looked
    at; sent again with `sure` it is kept.
    """
    form = CommentForm()
    is_whole = form.validate_on_submit()
    marks = _marks(form.text.data or "") if is_whole and "sure" not in request.form else []
    if is_whole and not marks:
        try:
            with transaction():
                idea = ideas.get_idea(idea_id)
                parent = queries.get_comment(form.parent.data) if form.parent.data else None
                stance = Stance(form.stance.data)
                made = service.write(current_actor(), idea, form.text.data or "", stance, parent)
                page = _place(idea, made)
            return see_other(page)
        except Invalid as fault:
            form.take_faults(fault)
    idea = _readable(idea_id)
    above = queries.get_line(form.parent.data) if form.parent.data else None
    values = {
        "idea": idea,
        "form": form,
        "above": above,
        "marks": marks,
        "most": rules_of(idea.campaign).comment_max,
    }
    return render_template("comments/write.html", **values), 422


@blueprint.route("/comments/<int:comment_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(comment_id: int) -> ResponseReturnValue:
    """Another text for one's own comment, within some minutes."""
    comment = queries.get_comment(comment_id)
    idea = _readable(comment.idea_id)
    rules = rules_of(idea.campaign)
    minutes = rules.comment_edit_minutes
    service.require(policy.may_edit(current_actor(), comment, now=clock.now(), minutes=minutes))
    until = mend_until(comment.written_at, minutes)
    form = EditForm(obj=comment)
    if form.validate_on_submit():
        try:
            with transaction():
                comment = queries.get_comment(comment_id)
                idea = ideas.get_idea(comment.idea_id)
                service.edit(current_actor(), comment, idea.campaign, form.text.data or "")
                page = _place(idea, comment)
            _warn_of_phone(form.text.data or "")
            return see_other(page)
        except Invalid as fault:
            form.take_faults(fault)
            idea = _readable(queries.get_comment(comment_id).idea_id)
    values = {"idea": idea, "form": form, "comment_id": comment_id, "until": until}
    page = render_template("comments/edit.html", **values, most=rules.comment_max)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/comments/<int:comment_id>/delete")
@signed_in
def delete(comment_id: int) -> ResponseReturnValue:
    """Takes away one's own comment; its place stays."""
    with transaction():
        comment = queries.get_comment(comment_id)
        service.delete(current_actor(), comment)
        page = _place(ideas.get_idea(comment.idea_id), comment)
    flash(_("Your comment is deleted."), "success")
    return see_other(page)


@blueprint.post("/comments/<int:comment_id>/highlight")
@requires(Permission.COMMENT_HIGHLIGHT)
def highlight(comment_id: int) -> ResponseReturnValue:
    """Puts a comment first, or (`off`) takes that back."""
    with transaction():
        comment = queries.get_comment(comment_id)
        service.highlight(current_actor(), comment, on="off" not in request.form)
        page = _place(ideas.get_idea(comment.idea_id), comment)
    return see_other(page)


def _readable(idea_id: int) -> Idea:
    idea = ideas.get_idea(idea_id)
    if not ideas_policy.may_read(current_actor(), idea):
        raise NotFound("not_found", _l("There is no such idea."))
    return idea


def _of_idea(comment: Comment, idea: Idea) -> Comment:
    if comment.idea_id != idea.id:
        raise NotFound("not_found", _l("There is no such comment."))
    return comment


def _stance_of(value: str | None) -> Stance:
    return Stance(value) if value in set(Stance) else Stance.NEUTRAL


def _around(idea: Idea) -> dict[str, object]:
    """What the lines of a thread need beside themselves."""
    actor, now = current_actor(), clock.now()
    rules = rules_of(idea.campaign)
    return {
        "may_comment": policy.may_comment(actor, idea, now=now),
        "comment_rules": rules,
    }


def _place(idea: Idea, comment: Comment) -> str:
    slug = address_slug(idea.title)
    return url_for("pages.idea", idea_id=idea.id, slug=slug, _anchor=f"c-{comment.id}")


def _marks(source: str) -> list[str]:
    """What the writer is asked about before it is sent; the moderator sees the same marks afterwards."""
    earlier = queries.list_texts_of(current_actor().id)
    return [mark.value for mark in marks_of(source, earlier=earlier) if mark in TOLD_BEFORE]


def _warn_of_phone(source: str) -> None:
    if has_phone(source):
        flash(
            _(
                "Your comment seems to hold a telephone number, which everybody can read. "
                "You can still take it out."
            ),
            "warning",
        )
