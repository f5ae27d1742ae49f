"""Flags, appeals and hidden comments at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.comments import queries as comments
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.views import idea_url
from ideas_app.moderation import policy, queries, rules, service
from ideas_app.moderation.forms import (
    HideCommentForm,
    ReasonForm,
    SettleAppealForm,
    SettleFlagForm,
    hide_choices,
)
from ideas_app.moderation.queries import Tab
from ideas_app.moderation.rules import Item
from ideas_app.moderation.views.frame import (
    blueprint,
    hold,
    next_address,
    on_tab,
    render_desk,
)
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.moderation.models import Flag
    from ideas_app.moderation.queries import Filters
    from ideas_app.web.baseform import BaseForm


@blueprint.route("/moderation/flags/<int:flag_id>", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def flag(flag_id: int) -> ResponseReturnValue:
    """One flag with the thing it points at; settled here."""
    form = SettleFlagForm()
    filters = _flags_filters(flag_id)
    if form.validate_on_submit() and not _takes(Item.FLAG, flag_id):
        try:
            with transaction():
                found = queries.get_flag(flag_id)
                since_at = found.raised_at
                _settle_flag(found, form)
        except Invalid as invalid:
            form.take_faults(invalid)
        except Conflict as conflict:
            if conflict.code == "locked":
                form.form_errors.append(conflict.message)
                return _render_flag(flag_id, form, filters, status=409)
            flash(str(conflict.message), "warning")
            return see_other(next_address(filters, since_at, flag_id))
        else:
            return see_other(next_address(filters, since_at, flag_id))
    return _render_flag(flag_id, form, filters)


def _flags_filters(flag_id: int) -> Filters:
    """The list in which a flag stands: that of ideas or of comments. Raises `NotFound`."""
    return on_tab(Tab.COMMENTS if queries.get_flag(flag_id).comment_id else Tab.FLAGS)


def _takes(item: Item, thing_id: int) -> bool:
    """Takes an item over where that was the button pressed; what was typed stays in its form."""
    if not request.form.get("take"):
        return False
    with transaction():
        service.take_over(current_actor(), item, thing_id)
    return True


def _settle_flag(found: Flag, form: SettleFlagForm) -> None:
    outcome, reason, code = form.outcome.data, form.reason.data or "", form.code.data or ""
    service.settle_flag(current_actor(), found, outcome, reason, code=code)


def _render_flag(
    flag_id: int, form: SettleFlagForm, filters: Filters, *, status: int | None = None
) -> ResponseReturnValue:
    lock = hold(Item.FLAG, flag_id)
    view = queries.view_flag(flag_id)
    form.code.choices = hide_choices(view.comment)
    if not form.is_submitted():
        form.code.data = rules.hide_code_of(view.flag.code) or rules.HIDE_CODES[0]
    page = render_desk(
        "moderation/flag.html",
        filters,
        flag_id,
        lock=lock,
        view=view,
        form=form,
        number=queries.shown_number(view.idea),
        address=idea_url(view.idea),
        verdict=policy.may_settle_flag(current_actor(), view.flag, view.subject),
        flag_words=rules.FLAG_WORDS,
        checks=rules.checks_of(*_texts_of(view), earlier=_earlier_of(view)),
    )
    return page, status or _status_of(form)


def _status_of(form: BaseForm) -> int:
    """422 where a form was sent and has to be mended; taking over is no sending."""
    return 422 if form.is_submitted() and not request.form.get("take") else 200


def _earlier_of(view: queries.FlagView) -> list[str]:
    """The writer's other texts of the same kind."""
    if view.comment:
        return comments.list_texts_of(view.comment.author_id, but=view.comment.id)
    return ideas.list_texts_of(view.idea.author_id, but=view.idea.id)


def _texts_of(view: queries.FlagView) -> tuple[str, ...]:
    if view.comment:
        return (view.comment.text,)
    return view.idea.title, view.idea.why, view.idea.how


@blueprint.route("/moderation/appeals/<int:appeal_id>", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def settle_appeal(appeal_id: int) -> ResponseReturnValue:
    """One appeal with the idea and the rejection it is about; settled here by another moderator."""
    form = SettleAppealForm()
    queries.get_appeal(appeal_id)
    filters = on_tab(Tab.APPEALS)
    if form.validate_on_submit() and not _takes(Item.APPEAL, appeal_id):
        try:
            with transaction():
                found = queries.get_appeal(appeal_id)
                since_at = found.filed_at
                outcome, reason = form.outcome.data, form.reason.data or ""
                service.settle_appeal(current_actor(), found, outcome, reason)
        except Invalid as invalid:
            form.take_faults(invalid)
        except Conflict as conflict:
            if conflict.code == "locked":
                form.form_errors.append(conflict.message)
                return _render_appeal(appeal_id, form, filters, status=409)
            flash(str(conflict.message), "warning")
            return see_other(next_address(filters, since_at, appeal_id))
        else:
            return see_other(next_address(filters, since_at, appeal_id))
    return _render_appeal(appeal_id, form, filters)


def _render_appeal(
    appeal_id: int, form: SettleAppealForm, filters: Filters, *, status: int | None = None
) -> ResponseReturnValue:
    lock = hold(Item.APPEAL, appeal_id)
    view = queries.view_appeal(appeal_id)
    page = render_desk(
        "moderation/settle_appeal.html",
        filters,
        appeal_id,
        lock=lock,
        view=view,
        form=form,
        number=queries.shown_number(view.idea),
        address=idea_url(view.idea),
        verdict=policy.may_settle_appeal(current_actor(), view.appeal),
        words=rules.REJECT_WORDS,
        acts=queries.list_acts(view.idea.id),
        act_words=rules.ACT_WORDS,
    )
    return page, status or _status_of(form)


@blueprint.route("/moderation/comments/<int:comment_id>/hide", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def hide_comment(comment_id: int) -> ResponseReturnValue:
    """Hides a comment that nobody has flagged."""
    form = HideCommentForm()
    if form.validate_on_submit():
        try:
            with transaction():
                comment = queries.get_comment(comment_id)
                idea_id = comment.idea_id
                code, reason = form.code.data, form.reason.data or ""
                service.hide_comment(current_actor(), comment, code, reason)
        except Invalid as invalid:
            form.take_faults(invalid)
        else:
            flash(_("The comment is hidden. Its author is told."), "success")
            return see_other(idea_url(ideas.get_idea(idea_id)))
    return _render_comment("moderation/hide_comment.html", comment_id, form)


@blueprint.route("/moderation/comments/<int:comment_id>/restore", methods=["GET", "POST"])
@requires(Permission.IDEA_MODERATE)
def restore_comment(comment_id: int) -> ResponseReturnValue:
    """Lets a hidden comment be read again."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction():
                comment = queries.get_comment(comment_id)
                idea_id = comment.idea_id
                service.restore_comment(current_actor(), comment, form.reason.data or "")
        except Invalid as invalid:
            form.take_faults(invalid)
        else:
            flash(_("The comment can be read again."), "success")
            return see_other(idea_url(ideas.get_idea(idea_id)))
    return _render_comment("moderation/restore_comment.html", comment_id, form)


def _render_comment(template: str, comment_id: int, form: BaseForm) -> ResponseReturnValue:
    comment = queries.get_comment(comment_id)
    idea = ideas.get_idea(comment.idea_id)
    page = render_template(
        template,
        comment=comment,
        idea=idea,
        form=form,
        address=idea_url(idea),
        action=url_for(str(request.endpoint), comment_id=comment_id),
    )
    return page, 422 if form.is_submitted() else 200
