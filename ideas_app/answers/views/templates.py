"""The words that officials begin from: a list, and a form for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.answers import queries, service
from ideas_app.answers.forms import TemplateForm
from ideas_app.answers.views.frame import answer_tabs, blueprint
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/desk/templates", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def templates() -> ResponseReturnValue:
    """All templates, and a form for a new one."""
    return _form_page(TemplateForm(), None)


@blueprint.route("/desk/templates/<int:template_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_WRITE)
def template(template_id: int) -> ResponseReturnValue:
    """Changes a template, or takes it away (`_method=DELETE`)."""
    found = queries.get_template(template_id)
    if request.form.get("_method") == "DELETE":
        with transaction():
            service.remove_template(current_actor(), template_id)
        flash(_("The template is gone. Answers that began from it stay."), "success")
        return see_other(url_for("answers.templates"))
    return _form_page(TemplateForm(obj=found), template_id)


def _form_page(form: TemplateForm, template_id: int | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            with transaction():
                service.save_template(
                    current_actor(),
                    form.title.data or "",
                    decision=form.chosen,
                    headline=form.headline.data or "",
                    reason=form.reason.data or "",
                    template_id=template_id,
                )
        except Invalid as invalid:
            form.take_faults(invalid)
        else:
            flash(_("The template is saved."), "success")
            return see_other(url_for("answers.templates"))
    page = render_template(
        "answers/templates.html",
        form=form,
        template_id=template_id,
        templates=queries.list_templates(),
        tabs=answer_tabs(),
    )
    return page, 422 if form.is_submitted() else 200
