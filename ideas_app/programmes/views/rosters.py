"""Rosters: a file is uploaded, looked at, confirmed, and can be taken back; participants are read masked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ideas_app.adapters.formats import Column
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.programmes import policy, queries, service
from ideas_app.programmes.forms import ShowForm, UndoForm, UploadForm
from ideas_app.programmes.rules.columns import WITHIN
from ideas_app.programmes.rules.messages import FIELD_NAMES, MATCH_NAMES, SESSION
from ideas_app.programmes.rules.parsing import ALL_SHEETS
from ideas_app.programmes.rules.roster import sheet_and_row
from ideas_app.programmes.service import ReadRoster, RosterRefused, Stage, Upload, uploads
from ideas_app.programmes.views.blueprints import rosters_blueprint as blueprint
from ideas_app.programmes.views.sheets import SESSION_KEY, column_rows, head_rows
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other, wants_fragment
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language
    from ideas_app.programmes.models import Programme
    from ideas_app.programmes.service import ImportReport
    from ideas_app.programmes.service.reporting import UnsureRow
    from ideas_app.programmes.service.uploads import Progress

MOST_LINES = 100
"""Errors, and skipped rows with notices, shown on a page; the file to download has all."""

_REPORT = (
    Column("sheet", "시트", "Sheet"),
    Column("row", "행", "Row", "int"),
    Column("kind", "구분", "Kind"),
    Column("column", "열", "Column"),
    Column("value", "값(가림)", "Value (masked)"),
    Column("message", "내용", "What", width=60),
)


@blueprint.get("/rosters")
@requires(Permission.ROSTER_IMPORT)
def index() -> ResponseReturnValue:
    """Programmes with their rosters, a year at a time."""
    years = queries.list_years()
    asked = request.args.get("year", type=int)
    year = asked if asked in years else next(iter(years), None)
    found = queries.list_programmes(year) if year is not None else []
    return render_template(
        "rosters/index.html",
        year=year,
        years=years,
        programmes=found,
        counts_only=policy.COUNTS_ONLY,
        last=queries.last_imports(each.id for each in found),
    )


@blueprint.route("/rosters/<slug>", methods=["GET", "POST"])
@requires(Permission.ROSTER_IMPORT)
def upload(slug: str) -> ResponseReturnValue:
    """The file of a roster is chosen; past imports stand below. A file that cannot be read is not kept."""
    programme = queries.get_programme(slug)
    form = UploadForm()
    if form.validate_on_submit():
        try:
            policy.may_import(current_actor(), programme, now=clock.now()).require()
            return see_other(_take_in(programme))
        except Invalid as fault:
            form.take_faults(fault)
    return _upload_page(programme, form), 422 if form.is_submitted() else 200


def _take_in(programme: Programme) -> str:
    """Looks at the file, keeps it, and says where its preview is. Raises `Invalid`."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid(Fault("file", "file_missing", _l("Choose a file first.")))
    with file.stream:
        data = file.read()
    kept = Upload(current_actor().id or 0, programme.slug, file.filename[-200:], lang=locale_code())
    slug = programme.slug
    if len(data) < uploads.LARGE:
        read = service.read_roster(programme, file.filename, data)
        if read.parsed.is_refused:
            raise RosterRefused(service.preview_roster(current_actor(), programme, read))
        token = uploads.keep(kept, data)
    else:
        service.check_file(file.filename, data)
        token = uploads.keep(kept, data)
        with transaction():
            uploads.await_worker(token, kept, Stage.READING)
    return url_for("rosters.preview", slug=slug, token=token)


def _upload_page(programme: Programme, form: UploadForm, undo: UndoForm | None = None) -> str:
    actor, now = current_actor(), clock.now()
    imports = queries.list_imports(programme.id)
    return render_template(
        "rosters/upload.html",
        programme=programme,
        form=form,
        undo_form=undo or UndoForm(formdata=None),
        verdict=policy.may_import(actor, programme, now=now),
        imports=[
            (row, policy.may_undo(actor, row.done, is_newest=row.is_newest, now=now))
            for row in imports
        ],
        fields={**FIELD_NAMES, SESSION_KEY: SESSION},
        participants=queries.count_participants(programme.id),
    )


def _kept(slug: str, token: str) -> tuple[Programme, Upload]:
    """The programme and the upload; 404 for anybody else's."""
    programme = queries.get_programme(slug)
    found = uploads.find(token, account_id=current_actor().id, programme=slug)
    if found is None:
        abort(404)
    return programme, found


def _seen(programme: Programme, token: str, kept: Upload) -> tuple[ReadRoster, ImportReport]:
    """The file as it was chosen to be read, and what its import would do; a large one as the worker found it.

    404 where it is not there, or the worker has not found it yet.
    """
    if kept.is_large:
        seen = uploads.seen_of(token)
        if seen is None:
            abort(404)
        return service.read_snapshot(seen)
    data = uploads.data_of(token)
    if data is None:
        abort(404)
    read = service.read_upload(programme, kept, data)
    decisions = service.decisions_of(kept)
    return read, service.preview_roster(current_actor(), programme, read, decisions=decisions)


def _waits(kept: Upload, token: str) -> Progress | None:
    """How far a large file is, while there is no preview of it to be shown."""
    found = uploads.progress_of(token) if kept.is_large else None
    return None if found is None or found.stage is Stage.READY else found


@blueprint.get("/rosters/<slug>/<token>")
@requires(Permission.ROSTER_IMPORT)
def preview(slug: str, token: str) -> ResponseReturnValue:
    """What the import would do: figures, questions, errors by row, columns. Stores nothing."""
    programme, kept = _kept(slug, token)
    progress = _waits(kept, token)
    if progress is not None or wants_fragment():
        fragment = "rosters/_progress.html" if wants_fragment() else "rosters/progress.html"
        return render_template(
            fragment, programme=programme, token=token, kept=kept, progress=progress
        )
    read, report = _seen(programme, token, kept)
    lines = report.lines
    return render_template(
        "rosters/preview.html",
        programme=programme,
        token=token,
        report=report,
        errors=[line for line in lines if line.kind == "error"],
        others=[line for line in lines if line.kind != "error"],
        most=MOST_LINES,
        decided=kept.decisions,
        all_sheets=ALL_SHEETS,
        columns=[] if read.parsed.sheets else column_rows(read),
        head=head_rows(read)[:WITHIN],
        fields=FIELD_NAMES,
        readings={**FIELD_NAMES, SESSION_KEY: SESSION},
        matches=MATCH_NAMES,
    )


@blueprint.post("/rosters/<slug>/<token>")
@requires(Permission.ROSTER_IMPORT)
def choose(slug: str, token: str) -> ResponseReturnValue:
    """Keeps what was chosen about sheet, titles, columns and unsure rows; the preview follows it."""
    programme, kept = _kept(slug, token)
    read, report = _seen(programme, token, kept)
    if _take_choices(kept, read, report.unsure):
        _keep_choices(token, kept)
    return see_other(url_for("rosters.preview", slug=slug, token=token))


def _keep_choices(token: str, kept: Upload) -> None:
    """Keeps what was chosen; a large file is read again by the worker."""
    uploads.write(token, kept)
    if kept.is_large:
        with transaction():
            uploads.await_worker(token, kept, Stage.READING)


def _take_choices(kept: Upload, read: ReadRoster, unsure: Sequence[UnsureRow]) -> bool:
    """Puts the form's choices into the upload; whether anything is different from before."""
    before = replace(kept)
    sheet = request.form.get("sheet", read.parsed.sheet)
    mapping = read.parsed.mapping
    shown_row = mapping.header_row if mapping else None
    header_row = request.form.get("header_row", type=int) or shown_row
    if sheet != read.parsed.sheet and sheet in {*read.sheets, ALL_SHEETS}:
        kept.sheet, kept.header_row, kept.columns, kept.decisions = sheet, None, None, {}
        kept.sessions = None
    elif read.parsed.sheets:
        kept.decisions = _chosen_decisions(unsure)
    elif header_row is not None and header_row != shown_row:
        guessed = service.guess_choice(read, header_row)
        kept.sheet, kept.header_row = read.parsed.sheet, header_row
        kept.columns, kept.sessions, kept.decisions = guessed.columns, None, {}
    elif mapping is not None:
        chosen, sessions = _chosen_columns(read.width)
        if chosen != mapping.columns or sessions != [each.place for each in mapping.sessions]:
            kept.sheet, kept.header_row = read.parsed.sheet, mapping.header_row
            kept.columns, kept.sessions = chosen, sessions
        else:
            kept.decisions = _chosen_decisions(unsure)
    return before != kept


def _chosen_columns(width: int) -> tuple[dict[str, int], list[int]]:
    """The column of each field, of two columns for one field the first; and the columns of meetings."""
    columns: dict[str, int] = {}
    sessions: list[int] = []
    for place in range(width):
        name = request.form.get(f"column-{place}", "")
        if name in FIELD_NAMES and name not in columns:
            columns[name] = place
        elif name == SESSION_KEY:
            sessions.append(place)
    return columns, sessions


def _chosen_decisions(unsure: Sequence[UnsureRow]) -> dict[str, dict[str, Any]]:
    """What was decided about rows that are open questions, only for answers that were offered."""
    decisions: dict[str, dict[str, Any]] = {}
    for question in unsure:
        said = request.form.get(f"row-{question.row}", "")
        offered: dict[str, dict[str, Any]] = {"new": {}, "out": {"leave_out": True}}
        for place, one in enumerate(question.candidates):
            is_stored = one.person_id is not None
            offered[f"same-{place}"] = (
                {"person_id": one.person_id} if is_stored else {"key": one.key}
            )
        if said in offered:
            decisions[question.key] = offered[said]
    return decisions


@blueprint.post("/rosters/<slug>/<token>/confirm")
@requires(Permission.ROSTER_IMPORT)
def confirm(slug: str, token: str) -> ResponseReturnValue:
    """Stores the roster as it was previewed; where something was chosen since, the preview comes first."""
    programme, kept = _kept(slug, token)
    read, report = _seen(programme, token, kept)
    if _take_choices(kept, read, report.unsure):
        _keep_choices(token, kept)
        flash(_("Something was chosen differently. Look at the preview once more."), "warning")
        return see_other(url_for("rosters.preview", slug=slug, token=token))
    if kept.is_large:
        with transaction():
            uploads.await_worker(token, kept, Stage.STORING)
        return see_other(url_for("rosters.preview", slug=slug, token=token))
    try:
        with transaction():
            fresh = queries.get_programme(slug)
            report = service.store_roster(
                current_actor(), fresh, read, decisions=service.decisions_of(kept)
            )
    except RosterRefused:
        flash(_("Nothing was stored: mend the errors first."), "error")
        return see_other(url_for("rosters.preview", slug=slug, token=token))
    uploads.forget(token)
    flash(_told(report), "success" if report.import_id else "info")
    return see_other(url_for("rosters.upload", slug=slug))


def _told(report: ImportReport) -> str:
    if report.import_id is None:
        return str(_("Nothing has changed: all of the file was stored already."))
    return service.tell_stored(report)


@blueprint.post("/rosters/<slug>/<token>/drop")
@requires(Permission.ROSTER_IMPORT)
def drop(slug: str, token: str) -> ResponseReturnValue:
    """Lets an uploaded file go without importing it."""
    if uploads.find(token, account_id=current_actor().id, programme=slug):
        uploads.forget(token)
    flash(_("The file was deleted. Nothing was stored."), "info")
    return see_other(url_for("rosters.upload", slug=slug))


@blueprint.get("/rosters/<slug>/<token>/report.csv")
@requires(Permission.ROSTER_IMPORT)
def report(slug: str, token: str) -> ResponseReturnValue:
    """Every error, skipped row and notice as a file; values are masked."""
    programme, kept = _kept(slug, token)
    _read, made = _seen(programme, token, kept)
    words = {"error": _("Error"), "skipped": _("Left out"), "notice": _("Notice")}
    rows: Iterable[dict[str, Any]] = (
        {
            "sheet": sheet_and_row(line.row)[0] or made.sheet,
            "row": sheet_and_row(line.row)[1],
            "kind": words[line.kind],
            "column": line.column,
            "value": line.value,
            "message": str(line.message),
        }
        for line in made.lines
    )
    lang: Language = "en" if locale_code() == "en" else "ko"
    body = b"".join(write_csv(_REPORT, list(rows), lang=lang, as_of=clock.today()))
    name = f"roster-report-{clock.today().isoformat()}.csv"
    return Response(
        body,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.post("/rosters/imports/<int:import_id>/undo")
@requires(Permission.ROSTER_IMPORT)
def undo(import_id: int) -> ResponseReturnValue:
    """Takes an import back, with a reason."""
    programme = queries.get_by_id(queries.get_import(import_id).programme_id)
    slug = programme.slug
    form = UndoForm()
    if form.validate_on_submit():
        try:
            with transaction():
                done = queries.get_import(import_id)
                undone = service.undo_import(current_actor(), done, form.reason.data or "")
        except Invalid as fault:
            form.take_faults(fault)
        except DomainError as fault:
            form.form_errors.append(fault.message)
        else:
            flash(
                ngettext(
                    "The import is undone: %(num)s record is gone.",
                    "The import is undone: %(num)s records are gone.",
                    undone.records,
                ),
                "success",
            )
            return see_other(url_for("rosters.upload", slug=slug))
    return _upload_page(queries.get_programme(slug), UploadForm(formdata=None), form), 422


@blueprint.get("/rosters/<slug>/persons")
@requires(Permission.ROSTER_IMPORT)
def persons(slug: str) -> ResponseReturnValue:
    """The participants of a programme, masked; each reading stands in the log."""
    with transaction():
        page = service.read_participants(
            current_actor(), queries.get_programme(slug), after=request.args.get("after")
        )
    return render_template("rosters/persons.html", programme=queries.get_programme(slug), page=page)


@blueprint.route("/rosters/<slug>/persons/<int:participation_id>", methods=["GET", "POST"])
@requires(Permission.ROSTER_IMPORT)
def person(slug: str, participation_id: int) -> ResponseReturnValue:
    """One line in full, for a reason that is kept; shown once, at no address that could be opened again."""
    form, line = ShowForm(), None
    if form.validate_on_submit():
        with transaction():
            line = service.unmask_participant(
                current_actor(),
                queries.get_programme(slug),
                participation_id,
                reason=form.reason.data or "",
            )
    programme = queries.get_programme(slug)
    queries.get_unmasked(programme.id, participation_id)
    page = render_template("rosters/person.html", programme=programme, form=form, line=line)
    return page, 422 if form.errors else 200
