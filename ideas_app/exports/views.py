"""The page on which staff take files. Must not write files itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, render_template
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.db import transaction
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.exports import service
from ideas_app.exports.forms import ExportForm
from ideas_app.exports.rules import IDEAS, OF_CAMPAIGN, SHORTLIST, Format, Kind
from ideas_app.exports.service import ExportRequest
from ideas_app.reports import queries as reports
from ideas_app.web.access import current_actor, requires
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("exports", __name__)
blueprints = (blueprint,)


def _form() -> ExportForm:
    form = ExportForm()
    form.campaign.choices = [
        SelectChoice(one.slug, one.title) for one in campaigns.list_campaigns()
    ]
    form.year.choices = [SelectChoice(year, str(year)) for year in reports.list_years()]
    return form


@blueprint.get("/exports")
@requires(Permission.EXPORT_OPEN)
def index() -> ResponseReturnValue:
    """Which files there are, and the form to take one."""
    return _page(_form())


def _page(form: ExportForm) -> str:
    return render_template("exports/index.html", form=form, ideas=IDEAS, shortlist=SHORTLIST)


@blueprint.post("/exports/file")
@requires(Permission.EXPORT_OPEN)
def download() -> ResponseReturnValue:
    """The file itself. A POST, because a working file leaves an entry in the log."""
    form = _form()
    if form.validate_on_submit():
        try:
            with transaction(), speaking(form.lang.data):
                made = service.build(current_actor(), _request(form))
        except Invalid as fault:
            form.take_faults(fault)
        else:
            disposition = f"attachment; filename*=UTF-8''{quote(made.name)}"
            return Response(
                made.content,
                content_type=made.content_type,
                headers={"Content-Disposition": disposition},
            )
    return _page(form), 422


def _request(form: ExportForm) -> ExportRequest:
    kind = Kind(form.kind.data)
    working = form.audience.data == "working"
    if working and not form.purpose.data:
        message = _l("Say what the file is for: a working file is logged with its purpose.")
        raise Invalid(Fault("purpose", "purpose_missing", message))
    if kind not in OF_CAMPAIGN and form.year.data not in reports.list_years():
        message = _l("Choose a year that has programmes.")
        raise Invalid(Fault("year", "unknown_year", message))
    return ExportRequest(
        kind=kind,
        format=Format(form.format.data),
        lang=form.lang.data,
        campaign=campaigns.get_campaign(form.campaign.data) if kind in OF_CAMPAIGN else None,
        year=None if kind in OF_CAMPAIGN else form.year.data,
        working=working,
        purpose=form.purpose.data or "",
    )
