"""Meetings of a programme: who was there, and the code on the day. For those who run rosters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from ideas_app.adapters import qr
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.core.permissions import Permission
from ideas_app.programmes import policy, queries, service
from ideas_app.programmes.forms import AttendanceForm, MeetingForm
from ideas_app.programmes.rules.codes import is_open
from ideas_app.programmes.views.blueprints import rosters_blueprint as blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.email import link
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language
    from ideas_app.programmes.models import Meeting, Programme

LINES = 100
"""Participants on one page of ticks."""


@blueprint.route("/rosters/<slug>/meetings", methods=["GET", "POST"])
@requires(Permission.ROSTER_IMPORT)
def meetings(slug: str) -> ResponseReturnValue:
    """The meetings of a programme, and a new one."""
    programme = queries.get_programme(slug)
    form = MeetingForm()
    if form.validate_on_submit() and form.held_on.data:
        try:
            with transaction():
                fresh = queries.get_programme(slug)
                service.add_meeting(
                    current_actor(),
                    fresh,
                    form.held_on.data,
                    form.title.data or "",
                    minutes=form.minutes.data,
                )
        except Invalid as fault:
            form.take_faults(fault)
        except DomainError as fault:
            form.form_errors.append(fault.message)
        else:
            flash(_("The meeting is kept."), "success")
            return see_other(url_for("rosters.meetings", slug=slug))
    return _meetings_page(programme, form), 422 if form.is_submitted() else 200


def _meetings_page(
    programme: Programme, form: MeetingForm, export: AttendanceForm | None = None
) -> str:
    return render_template(
        "rosters/meetings.html",
        programme=programme,
        form=form,
        export_form=export or AttendanceForm(formdata=None),
        meetings=queries.list_meetings(programme.id),
        is_open=is_open,
        now=clock.now(),
        verdict=policy.may_import(current_actor(), programme, now=clock.now()),
    )


@blueprint.post("/rosters/<slug>/attendance")
@requires(Permission.ROSTER_IMPORT)
def attendance(slug: str) -> ResponseReturnValue:
    """Who was at which meeting, as a workbook that can be filled in and imported again; for a purpose."""
    programme, form = queries.get_programme(slug), AttendanceForm()
    if not form.validate_on_submit():
        return _meetings_page(programme, MeetingForm(formdata=None), form), 422
    lang: Language = "en" if locale_code() == "en" else "ko"
    with transaction():
        made = service.export_attendance(
            current_actor(), queries.get_programme(slug), form.purpose.data or "", lang=lang
        )
    response = Response(made.content, content_type=made.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.name)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/rosters/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@requires(Permission.ROSTER_IMPORT)
def edit_meeting(meeting_id: int) -> ResponseReturnValue:
    """Corrects day, topic and length of a meeting."""
    programme, found = _found(meeting_id)
    form = MeetingForm(obj=found)
    if form.validate_on_submit() and form.held_on.data:
        with transaction():
            programme, found = _found(meeting_id)
            slug = programme.slug
            service.change_meeting(
                current_actor(),
                programme,
                found,
                form.held_on.data,
                form.title.data or "",
                minutes=form.minutes.data,
            )
        flash(_("The meeting is corrected."), "success")
        return see_other(url_for("rosters.meetings", slug=slug))
    page = render_template(
        "rosters/meeting_edit.html", programme=programme, meeting=found, form=form
    )
    return page, 422 if form.is_submitted() else 200


def _found(meeting_id: int) -> tuple[Programme, Meeting]:
    meeting = queries.get_meeting(meeting_id)
    return queries.get_by_id(meeting.programme_id), meeting


@blueprint.get("/rosters/meetings/<int:meeting_id>")
@requires(Permission.ROSTER_IMPORT)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """Who was at a meeting: the roster with a tick for each, masked; each reading is logged."""
    with transaction():
        programme, found = _found(meeting_id)
        page = service.read_participants(
            current_actor(), programme, after=request.args.get("after"), limit=LINES
        )
    return render_template(
        "rosters/meeting.html",
        programme=programme,
        meeting=found,
        page=page,
        were_here=queries.list_present(found.id, [line.id for line in page]),
    )


@blueprint.post("/rosters/meetings/<int:meeting_id>")
@requires(Permission.ROSTER_IMPORT)
def presence(meeting_id: int) -> ResponseReturnValue:
    """Keeps the ticks of the lines that were shown."""
    with transaction():
        programme, found = _found(meeting_id)
        changed = service.note_presence(
            current_actor(),
            programme,
            found,
            shown=request.form.getlist("shown", type=int),
            here=request.form.getlist("here", type=int),
        )
    flash(ngettext("%(num)s tick changed.", "%(num)s ticks changed.", changed), "success")
    return see_other(
        url_for("rosters.meeting", meeting_id=meeting_id, after=request.form.get("after") or None)
    )


@blueprint.post("/rosters/meetings/<int:meeting_id>/remove")
@requires(Permission.ROSTER_IMPORT)
def remove_meeting(meeting_id: int) -> ResponseReturnValue:
    """Removes a meeting at which nobody was."""
    with transaction():
        programme, found = _found(meeting_id)
        slug = programme.slug
        service.remove_meeting(current_actor(), programme, found)
    flash(_("The meeting is gone."), "success")
    return see_other(url_for("rosters.meetings", slug=slug))


@blueprint.get("/rosters/meetings/<int:meeting_id>/code")
@requires(Permission.ROSTER_IMPORT)
def code(meeting_id: int) -> ResponseReturnValue:
    """The code on the day, as large as a screen, with its picture for telephones."""
    programme, found = _found(meeting_id)
    open_now = is_open(found.code_until, clock.now())
    address = link("programmes.attend", code=found.code) if open_now else ""
    return render_template(
        "rosters/code.html",
        programme=programme,
        meeting=found,
        is_open=open_now,
        address=link("programmes.attend"),
        picture=Markup(qr.draw(address, title=_("Picture of the address with the code")))  # noqa: S704 - our own SVG
        if address
        else "",
    )


@blueprint.post("/rosters/meetings/<int:meeting_id>/code")
@requires(Permission.ROSTER_IMPORT)
def switch_code(meeting_id: int) -> ResponseReturnValue:
    """Opens a fresh code, or closes the one that is open."""
    with transaction():
        programme, found = _found(meeting_id)
        act = service.close_code if request.form.get("act") == "close" else service.open_code
        act(current_actor(), programme, found)
    return see_other(url_for("rosters.code", meeting_id=meeting_id))
