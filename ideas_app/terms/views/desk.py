"""Where an administrator writes the texts of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.terms import queries, rules, service
from ideas_app.terms.forms import ContactForm, TextForm
from ideas_app.terms.models import TextKind
from ideas_app.terms.views.frame import as_html, blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/admin/texts", methods=["GET", "POST"])
@requires(Permission.TERMS_WRITE)
def texts() -> ResponseReturnValue:
    """Which texts there are, and who answers for personal data."""
    form = ContactForm(obj=queries.get_contact())
    if form.validate_on_submit():
        with transaction():
            told = {name: form[name].data or "" for name in _CONTACT}
            service.name_contact(current_actor(), **told)
        flash(_("Kept. The privacy policy shows it now."), "success")
        return see_other(url_for("terms.texts"))
    page = render_template(
        "terms/texts.html",
        form=form,
        titles=rules.TITLES,
        current={kind: queries.get_in_force(kind) for kind in TextKind},
        coming={kind: queries.find_coming(kind) for kind in TextKind},
        drafts={kind: queries.find_draft(kind) for kind in TextKind},
    )
    return page, 422 if form.is_submitted() else 200


_CONTACT = ("officer", "department", "phone", "email")


@blueprint.route("/admin/texts/<kind>", methods=["GET", "POST"])
@requires(Permission.TERMS_WRITE)
def write(kind: str) -> ResponseReturnValue:
    """The draft of a text: kept, looked at, or published."""
    found = queries.kind_of(kind)
    form = TextForm(obj=queries.find_draft(found), data=_beginning(found))
    step = request.form.get("step", "")
    if step in _DONE and form.validate_on_submit():
        try:
            with transaction():
                act = service.publish if step == "publish" else service.keep_draft
                act(current_actor(), found, form.writing())
            flash(_DONE[step](), "success")
            return see_other(url_for("terms.write" if step == "keep" else "terms.texts", kind=kind))
        except Invalid as fault:
            form.take_faults(fault)
    shown = _previews(form) if step == "preview" and form.validate() else {}
    page = render_template(
        "terms/write.html",
        form=form,
        kind=found,
        title=rules.TITLES[found],
        places=rules.PLACES,
        previews=shown,
        draft=queries.find_draft(found),
    )
    return page, 422 if form.errors else 200


_DONE = {
    "keep": lambda: _("The draft is kept. Readers see nothing of it yet."),
    "publish": lambda: _("Published. The version before stays readable."),
}


def _beginning(kind: TextKind) -> dict[str, str]:
    """Where there is no draft, one begins with the newest text."""
    newest = queries.list_versions(kind)[0]
    return {"body_ko": newest.body_ko, "body_en": newest.body_en}


def _previews(form: TextForm) -> dict[str, str]:
    """How both languages would read now, by language."""
    shown = {}
    for locale, field in (("ko", form.body_ko), ("en", form.body_en)):
        with speaking(locale):
            body = queries.fill_in(field.data or "", form.in_force_on.data)
            shown[locale] = as_html(body)
    return shown


@blueprint.post("/admin/texts/<kind>/drop")
@requires(Permission.TERMS_WRITE)
def drop(kind: str) -> ResponseReturnValue:
    """Throws the draft away."""
    with transaction():
        service.drop_draft(current_actor(), queries.kind_of(kind))
    flash(_("The draft is thrown away."), "success")
    return see_other(url_for("terms.texts"))
