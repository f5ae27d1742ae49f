"""What people outside the desk do here: flag, appeal, object, read a family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.audit.queries import list_of_subject
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.comments import queries as comments
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import policy as ideas_policy
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.views.frame import get_readable, idea_url
from ideas_app.moderation import policy, queries, rules, service
from ideas_app.moderation.forms import AppealForm, FlagForm, ObjectForm
from ideas_app.moderation.views.frame import blueprint, differences
from ideas_app.votes import policy as votes_policy
from ideas_app.votes import queries as votes
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.errors import see_other, wants_fragment

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.comments.models import Comment
    from ideas_app.core.verdict import Verdict
    from ideas_app.ideas.models import Family, Idea


@blueprint.route("/ideas/<int:idea_id>/flag", methods=["GET", "POST"])
@signed_in
def flag_idea(idea_id: int) -> ResponseReturnValue:
    """Points the moderators at an idea."""
    form = FlagForm()
    idea = get_readable(idea_id)
    if form.validate_on_submit():
        try:
            with transaction():
                service.raise_flag(
                    current_actor(),
                    get_readable(idea_id),
                    form.code.data or "",
                    form.note.data or "",
                )
        except Invalid as invalid:
            form.take_faults(invalid)
        except Conflict as conflict:
            return _flagged(idea_id, str(conflict.message))
        else:
            return _flagged(idea_id, _("Thank you. A moderator will look at it."))
    page = render_template("moderation/flag_idea.html", form=form, idea=idea, comment=None)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/comments/<int:comment_id>/flag", methods=["GET", "POST"])
@signed_in
def flag_comment(comment_id: int) -> ResponseReturnValue:
    """Points the moderators at a comment."""
    form = FlagForm()
    comment, idea = _readable_comment(comment_id)
    if form.validate_on_submit():
        try:
            with transaction():
                comment, idea = _readable_comment(comment_id)
                service.raise_flag(
                    current_actor(), comment, form.code.data or "", form.note.data or ""
                )
        except Invalid as invalid:
            form.take_faults(invalid)
        except Conflict as conflict:
            return _flagged(idea.id, str(conflict.message))
        else:
            return _flagged(idea.id, _("Thank you. A moderator will look at it."))
    page = render_template("moderation/flag_comment.html", form=form, idea=idea, comment=comment)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/ideas/<int:idea_id>/appeal", methods=["GET", "POST"])
@signed_in
def appeal(idea_id: int) -> ResponseReturnValue:
    """The author asks another moderator to look again at a rejection."""
    form = AppealForm()
    idea = get_readable(idea_id)
    verdict = policy.may_appeal(
        current_actor(),
        idea,
        has_appealed=queries.find_appeal_of(idea_id) is not None,
        now=clock.now(),
    )
    if verdict.code == "not_author":
        verdict.require()
    if form.validate_on_submit():
        try:
            with transaction():
                service.file_appeal(current_actor(), get_readable(idea_id), form.text.data or "")
        except Invalid as invalid:
            form.take_faults(invalid)
        else:
            flash(_("Your appeal is with another moderator, who will answer you."), "success")
            return see_other(url_for("moderation.appeal", idea_id=idea_id))
    return render_template(
        "moderation/appeal.html",
        form=form,
        idea=idea,
        appeal=queries.find_appeal_of(idea_id),
        verdict=verdict,
        until=policy.appeal_until(idea),
        words=rules.REJECT_WORDS,
        outcome_words=rules.APPEAL_WORDS,
    ), (422 if form.is_submitted() else 200)


@blueprint.get("/families/<int:family_id>")
@public
def family(family_id: int) -> ResponseReturnValue:
    """A family: the common text, its ideas and authors, how many distinct people support it."""
    view = queries.view_family(family_id)
    actor, now = current_actor(), clock.now()
    mine = [one for one in view.members if ideas_policy.is_author(actor, one.idea)]
    readable = {one.idea.id: one.idea for one in view.readable}
    common = view.family.title, view.family.text
    return render_template(
        "moderation/family.html",
        view=view,
        objectable=[one.idea for one in mine if one.left_at is None and now <= one.objection_until],
        differences={key: differences(one, *common) for key, one in readable.items()},
        steps=list_of_subject("family", family_id),
        left=votes.has_left(actor.id, family_id),
        may_leave=_may_leave(view.family),
        thread=comments.list_together(list(readable)) if readable else None,
        talk_count=sum(one.comments_count for one in readable.values()),
        origins=readable,
        may_comment=False,
        comment_rules=rules_of(campaigns.get_by_id(view.family.campaign_id)),
    )


@blueprint.route("/families/<int:family_id>/object", methods=["GET", "POST"])
@signed_in
def object(family_id: int) -> ResponseReturnValue:  # noqa: A001  # the name of the act and its address
    """The author of a joined idea objects."""
    form = ObjectForm()
    view = queries.view_family(family_id)
    idea = _own_member(view)
    if form.validate_on_submit():
        try:
            with transaction():
                view = queries.view_family(family_id)
                idea = _own_member(view)
                service.object_to_family(current_actor(), view.family, idea, form.text.data or "")
        except Invalid as invalid:
            form.take_faults(invalid)
        else:
            flash(_("Your objection is with a second moderator, who will answer you."), "success")
            return see_other(url_for("moderation.family", family_id=family_id))
    objection = queries.find_objection_of(family_id, idea.id)
    member = queries.get_member(family_id, idea.id)
    changes = differences(idea, view.family.title, view.family.text)
    has_objected = objection is not None
    verdict = policy.may_object(
        current_actor(), view.family, idea, member, has_objected=has_objected, now=clock.now()
    )
    return render_template(
        "moderation/object.html",
        form=form,
        view=view,
        idea=idea,
        objection=objection,
        member=member,
        title_parts=changes[0],
        text_parts=changes[1],
        verdict=verdict,
        outcome_words=rules.OBJECTION_WORDS,
    ), (422 if form.is_submitted() else 200)


def _may_leave(family: Family) -> Verdict:
    """Whether the reader supports a member and can leave the family, or come back to it."""
    actor = current_actor()
    return votes_policy.may_leave_family(
        actor,
        family,
        votes.list_member_states(family.id),
        is_supporter=votes.supports_member(actor.id, family.id),
    )


def _readable_comment(comment_id: int) -> tuple[Comment, Idea]:
    comment = queries.get_comment(comment_id)
    return comment, get_readable(comment.idea_id)


def _own_member(view: queries.FamilyView) -> Idea:
    """The actor's own idea in the family, or the one of theirs that the address names."""
    own = [
        member.idea
        for member in view.members
        if member.idea.author_id == current_actor().id and member.left_at is None
    ]
    wanted = request.args.get("idea", "")
    chosen = [idea for idea in own if str(idea.id) == wanted] or own
    if not chosen:
        message = _l("Only the authors of the joined ideas can object.")
        raise Refused("not_author", message)
    return chosen[0]


def _flagged(idea_id: int, said: str) -> ResponseReturnValue:
    if wants_fragment():
        return jsonify(message=said)
    flash(said, "success")
    return see_other(idea_url(ideas.get_idea(idea_id)))


@blueprint.get("/audit/waiting")
@public
def waiting() -> ResponseReturnValue:
    """How long ideas waited for the centre, month by month."""
    return render_template(
        "moderation/waiting.html",
        months=queries.list_waiting_months(),
        least=rules.CELL_MIN,
        this_month=clock.today().replace(day=1),
    )
