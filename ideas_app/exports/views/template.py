"""The page on which moderators give documents the centre's own form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.adapters.formats.hwpx import PLACEHOLDERS
from ideas_app.adapters.formats.templates import MAX_BYTES
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.core.text import one_line
from ideas_app.exports import queries, service
from ideas_app.exports.forms import TemplateForm
from ideas_app.exports.views.frame import blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

_AROUND = 100_000
"""Bytes of a request beside the file."""


@blueprint.url_value_preprocessor
def take_a_larger_file(endpoint: str | None, values: Mapping[str, Any] | None) -> None:
    """A form may be as large as the door takes, from those who may give one: here, because the check of
    the token reads the body before any view runs.
    """
    del values
    if endpoint == "exports.template" and current_actor().has(Permission.EXPORT_TEMPLATE):
        request.max_content_length = MAX_BYTES + _AROUND


@blueprint.route("/exports/template", methods=["GET", "POST"])
@requires(Permission.EXPORT_TEMPLATE)
def template() -> ResponseReturnValue:
    """The form in use, and the way to give another one."""
    form = TemplateForm()
    if form.validate_on_submit():
        data = form.file.data.read(MAX_BYTES + 1)
        try:
            with transaction():
                service.set_template(current_actor(), one_line(form.file.data.filename or ""), data)
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("HWPX documents have the new form from now on."), "success")
            return see_other(url_for("exports.template"))
    page = render_template(
        "exports/template.html",
        form=form,
        template=queries.find_template(),
        placeholders=PLACEHOLDERS,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/exports/template/remove")
@requires(Permission.EXPORT_TEMPLATE)
def remove_template() -> ResponseReturnValue:
    """Back to the plain form."""
    with transaction():
        service.remove_template(current_actor())
    flash(_("HWPX documents have the plain form again."), "success")
    return see_other(url_for("exports.template"))
