"""The page on which staff take files, and the files that they asked for. Must not write files itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from ideas_app.campaigns import queries as campaigns
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.exports import queries, service
from ideas_app.exports.forms import HOLDS, ExportForm
from ideas_app.exports.models import FileState
from ideas_app.exports.rules import (
    IDEAS,
    OF_CAMPAIGN,
    OFFERED,
    SHORTLIST,
    WORDS,
    Format,
)
from ideas_app.exports.service import ExportRequest
from ideas_app.exports.views.frame import as_file, blueprint
from ideas_app.reports import queries as reports
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other, wants_fragment
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.exports.models import ExportFile


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
    """Which files there are, the form to take one, and what was taken lately."""
    return _page(_form())


def _page(form: ExportForm) -> str:
    return render_template(
        "exports/index.html",
        form=form,
        offered=OFFERED,
        formats=list(Format),
        words=WORDS["export"],
        holds=HOLDS,
        columns={"ideas": IDEAS, "shortlist": SHORTLIST},
        files=queries.list_own_files(current_actor()),
    )


@blueprint.post("/exports/file")
@requires(Permission.EXPORT_OPEN)
def download() -> ResponseReturnValue:
    """The file itself, or the page where it will be. A POST, because it leaves a line in the list, and a
    working file an entry in the log.
    """
    form = _form()
    if form.validate_on_submit():
        try:
            with speaking(form.lang.data):
                address = service.ask_file(current_actor(), _request(form)).address
        except Invalid as fault:
            form.take_faults(fault)
        else:
            return _answer_with(address)
    return _page(form), 422


def _answer_with(address: str) -> ResponseReturnValue:
    """A short file at once; a long one, or one with a list of what was replaced, on its page."""
    file = queries.get_own_file(current_actor(), address, with_content=True)
    if file.state is FileState.READY and not file.replaced:
        return _content(file)
    return see_other(url_for("exports.file", address=address))


def _request(form: ExportForm) -> ExportRequest:
    kind, working, file_format = form.chosen()
    if working and not current_actor().is_confirmed:
        message = _l("A working file holds personal data: please show first that it is you.")
        raise Invalid(Fault("purpose", "confirm_first", message))
    if kind not in OF_CAMPAIGN and form.year.data not in reports.list_years():
        message = _l("Choose a year that has programmes.")
        raise Invalid(Fault("year", "unknown_year", message))
    return ExportRequest(
        kind=kind,
        format=file_format,
        lang=form.lang.data,
        campaign=campaigns.get_campaign(form.campaign.data) if kind in OF_CAMPAIGN else None,
        year=None if kind in OF_CAMPAIGN else form.year.data,
        working=working,
        purpose=form.purpose.data or "",
    )


@blueprint.get("/exports/files/<address>")
@requires(Permission.EXPORT_OPEN)
def file(address: str) -> ResponseReturnValue:
    """How far a file is, and where it can be fetched: for the person who asked for it alone."""
    found = queries.get_own_file(current_actor(), address)
    if wants_fragment():
        return render_template("exports/_state.html", file=found)
    return render_template("exports/file.html", file=found, words=WORDS["export"])


@blueprint.get("/exports/files/<address>/content")
@requires(Permission.EXPORT_OPEN)
def content(address: str) -> ResponseReturnValue:
    """The file, for the person who asked for it, within its 24 hours."""
    return _content(queries.get_own_file(current_actor(), address, with_content=True))


def _content(found: ExportFile) -> ResponseReturnValue:
    if found.state is not FileState.READY or found.content is None:
        raise NotFound("no_file", _l("This file is not ready."))
    if found.is_working:
        address = found.address
        with transaction():
            service.note_taken(current_actor(), address)
        found = queries.get_own_file(current_actor(), address, with_content=True)
    answer = as_file(found.content or b"", found.name, Format(found.format))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.app_template_test("kept")
def is_kept(found: ExportFile) -> bool:
    """Whether a file can still be fetched, or will be."""
    return found.until > clock.now() and found.state is not FileState.FAILED
