"""Certificates: one's own to download, and the check for anybody who holds the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, render_template, request

from ideas_app.adapters.formats.pdf import write_pdf
from ideas_app.core.db import transaction
from ideas_app.programmes import queries, service
from ideas_app.programmes.forms import CheckForm
from ideas_app.programmes.views.blueprints import programmes_blueprint as blueprint
from ideas_app.web.access import current_actor, public, signed_in
from ideas_app.web.i18n import locale_code
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language
    from ideas_app.adapters.formats.blocks import Document


@blueprint.post("/me/record/<int:participation_id>/certificate")
@signed_in
def certificate(participation_id: int) -> ResponseReturnValue:
    """One's own certificate as a file; its code is drawn the first time."""
    with transaction():
        view = service.issue_certificate(current_actor(), participation_id)
        lang: Language = "en" if locale_code() == "en" else "ko"
        document = queries.describe_certificate(view, lang, author=house_name("SITE_NAME"))
    return _paper(document, view.code)


@blueprint.post("/me/record/year/<int:year>/certificate")
@signed_in
def year_certificate(year: int) -> ResponseReturnValue:
    """One's own participation in a year as one file; each line has its code."""
    with transaction():
        records = service.issue_year(current_actor(), year)
        lang: Language = "en" if locale_code() == "en" else "ko"
        document = queries.describe_year(records, year, lang, author=house_name("SITE_NAME"))
    return _paper(document, f"participation-{year}")


def _paper(document: Document, name: str) -> Response:
    response = Response(write_pdf(document), content_type="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/certificates", methods=["GET", "POST"])
@blueprint.route("/certificates/<code>", methods=["GET", "POST"])
@public
def check(code: str = "") -> ResponseReturnValue:
    """Yes or no: whether a certificate with this code, and this name if one is typed, is genuine.

    The name is sent and not put into the address, so that it stands in no log.
    """
    form = CheckForm(data={"code": code})
    is_genuine = None
    if code or form.validate_on_submit():
        with transaction():
            is_genuine = service.check_certificate(
                form.code.data or "", form.name.data or "", address=request.remote_addr or ""
            )
    page = render_template("programmes/check.html", form=form, is_genuine=is_genuine)
    return page, 422 if form.errors else 200
