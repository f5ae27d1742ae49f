"""The worker's part of a large roster: it reads the file, or stores it, and says how far it is.

Whoever uploaded it may leave and come back. Running twice changes nothing. Must not know pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import ngettext

from ideas_app.accounts import queries as accounts
from ideas_app.core import strongroom
from ideas_app.core.actor import VISITOR
from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError
from ideas_app.programmes import queries
from ideas_app.programmes.rules.matching import Decision
from ideas_app.programmes.rules.messages import explain
from ideas_app.programmes.service import uploads
from ideas_app.programmes.service.importing import preview_roster, store_roster
from ideas_app.programmes.service.reading import Choice, read_roster
from ideas_app.programmes.service.reporting import RosterRefused
from ideas_app.programmes.service.snapshot import write_snapshot
from ideas_app.programmes.service.uploads import Progress, Stage, Upload
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Programme
    from ideas_app.programmes.service.reading import ReadRoster
    from ideas_app.programmes.service.reporting import ImportReport


def work_on(name: str, turn: int, stage: Stage) -> None:
    """Reads or stores a large file, unless it was let go or something newer was asked for.

    The uploader's rights are asked again, by what previews and by what stores. A fault is kept in their language;
    a file that cannot be read, or holds a resident registration number, is deleted at once.
    """
    upload, data = uploads.find_named(name), strongroom.read(name, "data")
    if upload is None or data is None or not uploads.is_due(name, turn):
        return
    with speaking(upload.lang):
        try:
            actor = _actor_of(upload.account_id)
            programme = queries.get_programme(upload.programme)
            _say(name, turn, Progress(stage, 10, turn=turn))
            read = read_upload(programme, upload, data)
            _say(name, turn, Progress(stage, 60, turn=turn))
            if stage is Stage.STORING:
                _store(actor, name, turn, upload, read)
            else:
                _look(actor, name, turn, upload, programme, read)
        except DomainError as fault:
            strongroom.forget(name, "data", "seen")
            uploads.note(name, Progress(Stage.FAILED, told=str(fault.message), turn=turn))


def read_upload(programme: Programme, upload: Upload, data: bytes) -> ReadRoster:
    """The roster of a kept file, as it was chosen to be read."""
    choice = None
    if upload.header_row is not None and upload.columns is not None:
        sessions = None if upload.sessions is None else tuple(upload.sessions)
        choice = Choice(upload.header_row, upload.columns, sessions)
    return read_roster(programme, upload.file_name, data, sheet=upload.sheet, mapping=choice)


def decisions_of(upload: Upload) -> dict[str, Decision] | None:
    """What was decided about rows that may be somebody known."""
    return {key: Decision(**values) for key, values in upload.decisions.items()} or None


def tell_stored(report: ImportReport) -> str:
    """What an import did, in the present language."""
    made = ngettext(
        "%(num)s new record is stored.", "%(num)s new records are stored.", report.records_new
    )
    changed = ngettext(
        "%(num)s record was changed.", "%(num)s records were changed.", report.records_changed
    )
    ticks = ngettext(
        "%(num)s presence at a meeting was noted or taken back.",
        "%(num)s presences at meetings were noted or taken back.",
        report.presences_new + report.presences_gone,
    )
    told = [made] if report.records_new or not report.moves_attendance else []
    told += [changed] if report.records_changed else []
    told += [ticks] if report.moves_attendance else []
    return " ".join(str(each) for each in told)


def _look(
    actor: Actor, name: str, turn: int, upload: Upload, programme: Programme, read: ReadRoster
) -> None:
    report = preview_roster(actor, programme, read, decisions=decisions_of(upload))
    if read.parsed.is_refused:
        strongroom.forget(name, "data", "seen")
        told = str(explain(read.parsed.errors[0]))
        _say(name, turn, Progress(Stage.FAILED, told=told, turn=turn))
    elif uploads.is_due(name, turn):
        strongroom.write(name, "seen", write_snapshot(read, report))
        uploads.note(name, Progress(Stage.READY, 100, turn=turn))


def _store(actor: Actor, name: str, turn: int, upload: Upload, read: ReadRoster) -> None:
    """Stores it; where an error stands in it by now, the preview shows it again."""
    try:
        with transaction():
            programme = queries.get_programme(upload.programme)
            report = store_roster(actor, programme, read, decisions=decisions_of(upload))
    except RosterRefused:
        programme = queries.get_programme(upload.programme)
        _look(actor, name, turn, upload, programme, read)
        return
    strongroom.forget(name, "data", "seen")
    told = tell_stored(report) if report.import_id else ""
    uploads.note(name, Progress(Stage.DONE, 100, told, turn))


def _say(name: str, turn: int, progress: Progress) -> None:
    if uploads.is_due(name, turn):
        uploads.note(name, progress)


def _actor_of(account_id: int) -> Actor:
    """The uploader with the rights of today."""
    account = accounts.get_account(account_id)
    is_closed = account.disabled_at is not None or account.deleted_at is not None
    return VISITOR if is_closed else accounts.actor_of(account)
