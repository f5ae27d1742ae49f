"""Writing an answer: the form and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, jsonify, request
from flask_babel import gettext as _

from ideas_app.answers import queries, service
from ideas_app.answers.forms import AnswerForm, ExtensionForm
from ideas_app.answers.views.frame import blueprint
from ideas_app.answers.views.screen import address_of, next_address, render_screen
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.moderation import service as moderation
from ideas_app.moderation.forms import NoteForm
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other, wants_fragment
from ideas_app.web.i18n import format_clock, format_instant

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.answers.models import Answer
    from ideas_app.core.actor import Actor
    from ideas_app.core.errors import DomainError


@blueprint.route("/desk/<int:answer_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def write(answer_id: int) -> ResponseReturnValue:
    """One answer: the idea on the left, the form in the middle, what it needs on the right."""
    if request.method == "GET":
        return render_screen(answer_id)
    form, act = AnswerForm(), request.form.get("act") or "save"
    if _reshape(form, act):
        return render_screen(answer_id, form=form)
    if not form.validate_on_submit():
        return render_screen(answer_id, form=form), 422
    return _do(answer_id, form, act)


def _reshape(form: AnswerForm, act: str) -> bool:
    """Acts that change only what the form offers; whether it was one. Nothing is saved."""
    verb, _dash, key = act.partition("-")
    number = int(key) if key.isdecimal() and len(key) < 10 else -1
    if verb == "more":
        form.add_row()
    elif verb == "drop":
        form.drop_row(number)
    elif verb == "insert":
        _put_template_in(form)
    elif verb == "like":
        answer = queries.get_answer(number)
        if answer.answered_at is not None:
            form.put_in(answer.decision, answer.headline, answer.reason)
    else:
        return False
    return True


def _put_template_in(form: AnswerForm) -> None:
    """What was typed stays, even where the template was taken away meanwhile."""
    chosen = form.template.data or ""
    if not (chosen.isdecimal() and len(chosen) < 10):
        return
    try:
        words = queries.get_template(int(chosen))
    except NotFound as fault:
        form.template.errors = [fault.message]
        return
    form.put_in(words.decision, words.headline, words.reason)


def _do(answer_id: int, form: AnswerForm, act: str) -> ResponseReturnValue:
    """Saves, and does what was asked for beside; then on to the next answer where this one is done with."""
    onward = next_address(answer_id)
    was_published = queries.get_answer(answer_id).answered_at is not None
    try:
        with transaction():
            words = _ACTS.get(act, _save)(current_actor(), queries.get_answer(answer_id), form)
    except Invalid as invalid:
        form.take_faults(invalid)
        form.mark_gaps()
        return render_screen(answer_id, form=form), 422
    except (Conflict, Refused) as fault:
        return _stopped(answer_id, form, fault)
    flash(words, "success")
    goes_on = act in {"publish", "ask"} and not was_published
    return see_other(onward if goes_on else address_of(answer_id))


def _stopped(answer_id: int, form: AnswerForm, fault: DomainError) -> ResponseReturnValue:
    """Says at the form why it did not go on. Where a colleague saved meanwhile, both texts are shown, and the
    next save is a decision between them.
    """
    form.form_errors.append(fault.message)
    is_conflict = fault.code == "draft_changed"
    if is_conflict:
        version = queries.find_work(answer_id).version
        form.version.data, form.version.raw_data = version, [str(version)]
    return render_screen(answer_id, form=form, is_conflict=is_conflict), fault.status


def _save(actor: Actor, answer: Answer, form: AnswerForm) -> str:
    service.save_draft(actor, answer, form.content(), version=form.version.data)
    return str(_("The draft is saved. Only the desk sees it."))


def _publish(actor: Actor, answer: Answer, form: AnswerForm) -> str:
    service.save_draft(actor, answer, form.content(), version=form.version.data)
    if form.publish_at is not None:
        service.schedule(actor, answer, form.publish_at)
        return str(_("It goes out by itself on %(time)s.", time=format_instant(form.publish_at)))
    service.publish(actor, answer, reason=form.alone.data or "")
    return str(_("The answer is published. Authors, supporters and followers are told."))


def _ask(actor: Actor, answer: Answer, form: AnswerForm) -> str:
    service.save_draft(actor, answer, form.content(), version=form.version.data)
    service.ask_review(actor, answer, of=form.reviewer_id)
    return str(_("A colleague is asked to look it over."))


def _discard(actor: Actor, answer: Answer, form: AnswerForm) -> str:
    service.discard_draft(actor, answer, version=form.version.data)
    return str(_("The draft is thrown away."))


_ACTS = {"save": _save, "publish": _publish, "ask": _ask, "discard": _discard}


@blueprint.post("/desk/<int:answer_id>/draft")
@requires(Permission.ANSWER_WRITE)
def draft(answer_id: int) -> ResponseReturnValue:
    """Saves a draft by itself while somebody writes; says when, and which version that made."""
    form = AnswerForm()
    if not form.validate():
        message = _("Not saved: something is too long or no date. It is marked when you save.")
        return jsonify(message=message), 422
    with transaction():
        work = service.save_draft(
            current_actor(),
            queries.get_answer(answer_id),
            form.content(),
            version=form.version.data,
        )
        version, saved_at = work.version, work.saved_at
    if not wants_fragment():
        return see_other(address_of(answer_id))
    return jsonify(
        message=_("Saved %(time)s", time=format_clock(saved_at)), fields={"version": version}
    )


@blueprint.post("/desk/<int:answer_id>/extend")
@requires(Permission.ANSWER_WRITE)
def extend(answer_id: int) -> ResponseReturnValue:
    """Asks for more time, once, in public."""
    form = ExtensionForm(prefix="extend-")
    if form.validate_on_submit() and form.to.data:
        try:
            with transaction():
                answer = queries.get_answer(answer_id)
                service.extend(current_actor(), answer, form.to.data, form.reason.data or "")
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("The due date was moved. The reason stands on the idea's page."), "success")
            return see_other(address_of(answer_id))
    return render_screen(answer_id, extension=form), 422


@blueprint.post("/desk/<int:answer_id>/notes")
@requires(Permission.ANSWER_WRITE)
def note(answer_id: int) -> ResponseReturnValue:
    """Leaves a note beside the idea, or the first of a family; colleagues named with @ are told."""
    form = NoteForm()
    if form.validate():
        try:
            with transaction():
                idea = ideas.get_idea(queries.get_row(answer_id).idea.id)
                moderation.write_note(current_actor(), idea, form.note.data or "")
            return see_other(address_of(answer_id, anchor="notes"))
        except Invalid as invalid:
            form.take_faults(invalid)
    return render_screen(answer_id, note=form), 422


@blueprint.get("/desk/ideas/<int:idea_id>")
@requires(Permission.ANSWER_WRITE)
def of_idea(idea_id: int) -> ResponseReturnValue:
    """Leads from an idea to its answer at the desk: where notices about notes go."""
    answer = queries.find_of_idea(ideas.get_idea(idea_id), published=False)
    if answer is None:
        raise NotFound("no_answer", _("There is no such answer."))
    return see_other(address_of(answer.id))
