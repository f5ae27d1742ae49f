"""Files that are kept for the person who asked: made at once, or by a worker where they are long.

Must not know what a file holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from ideas_app.accounts import queries as accounts
from ideas_app.campaigns import queries as campaigns
from ideas_app.core import clock, outbox
from ideas_app.core.actor import VISITOR
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import DomainError
from ideas_app.core.tokens import new_token
from ideas_app.exports import queries
from ideas_app.exports.events import ExportAsked
from ideas_app.exports.models import ExportFile, FileState
from ideas_app.exports.rules import AT_ONCE, KEPT_FOR, LISTED_FOR, Format, Kind
from ideas_app.exports.service.making import (
    ExportRequest,
    check,
    count_rows,
    log_working,
    make,
    record_taken,
)
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.exports.service.making import ExportFile as MadeFile

REPLACED_SHOWN = 200
"""Characters replaced in a CP949 file that are listed."""


def ask_file(actor: Actor, request: ExportRequest) -> ExportFile:
    """Makes a short file at once and has a long one made by a worker; either way it is the actor's own.

    Opens its own transaction, after a short file was written: writing must not hold up votes. Errors as
    `build`: what can be said at once is said at once.
    """
    check(actor, request)
    rows = count_rows(request)
    made = make(actor, request) if rows <= AT_ONCE else None
    with transaction() as current:
        file = _new_file(actor, request, rows)
        if made is not None:
            log_working(actor, request, made.rows)
            _store(file, made)
        current.add(file)
        current.flush()
        if made is None:
            outbox.publish(ExportAsked(file.id))
    return file


def _new_file(actor: Actor, request: ExportRequest, rows: int) -> ExportFile:
    now = clock.now()
    return ExportFile(
        account_id=actor.id,
        address=new_token(),
        kind=request.kind.value,
        format=request.format.value,
        lang=request.lang,
        campaign_id=request.campaign.id if request.campaign else None,
        year=request.year,
        is_working=request.working,
        purpose=request.purpose.strip(),
        state=FileState.WAITING,
        rows=rows,
        asked_at=now,
        until=now + KEPT_FOR,
    )


def make_asked(file_id: int) -> None:
    """Makes a file that was asked for, unless it is there already.

    Its owner's rights are asked again: somebody who has lost them since gets nothing. It is written
    outside a transaction, which would hold up votes; then it is stored and logged together.
    """
    file = queries.find_file(file_id)
    if file is None or file.state is not FileState.WAITING:
        return
    with speaking(file.lang):
        try:
            _show_progress(file_id, 5)
            actor, request = _asked(file_id)
            made = make(actor, request, notice=lambda percent: _show_progress(file_id, percent))
            with transaction() as current:
                log_working(actor, request, made.rows)
                _store(current.get_one(ExportFile, file_id), made)
        except DomainError as fault:
            with transaction() as current:
                file = current.get_one(ExportFile, file_id)
                file.state, file.fault = FileState.FAILED, str(fault.message)[:200]


def _asked(file_id: int) -> tuple[Actor, ExportRequest]:
    """Who asked for a file, with the rights of today, and for which."""
    file = session().get_one(ExportFile, file_id)
    account = accounts.get_account(file.account_id)
    is_closed = account.disabled_at is not None or account.deleted_at is not None
    return VISITOR if is_closed else accounts.actor_of(account), _request_of(file)


def note_taken(actor: Actor, address: str) -> None:
    """Keeps in the access log that the owner fetched a working file; an open one leaves no trace."""
    file = queries.get_own_file(actor, address)
    if file.is_working:
        campaign = campaigns.get_by_id(file.campaign_id) if file.campaign_id else None
        record_taken(actor, campaign, file.rows, file.digest, file.purpose)


def forget_old_files() -> None:
    """Deletes what was kept long enough: first the contents, later the lines."""
    now = clock.now()
    session().execute(
        update(ExportFile)
        .where(ExportFile.until <= now, ExportFile.content.is_not(None))
        .values(content=None)
    )
    session().execute(delete(ExportFile).where(ExportFile.until <= now - LISTED_FOR))


def forget_person(account_id: int) -> None:
    """Deletes the files of somebody who leaves, and the contents of all files that may name them.

    Working files hold names, and papers may hold nicknames: their owners make them anew.
    """
    session().execute(delete(ExportFile).where(ExportFile.account_id == account_id))
    held = (ExportFile.content.is_not(None), ExportFile.until > clock.now())
    session().execute(update(ExportFile).where(*held).values(content=None, until=clock.now()))


def _show_progress(file_id: int, percent: int) -> None:
    with transaction() as current:
        current.get_one(ExportFile, file_id).progress = percent


def _request_of(file: ExportFile) -> ExportRequest:
    campaign = campaigns.get_by_id(file.campaign_id) if file.campaign_id else None
    return ExportRequest(
        kind=Kind(file.kind),
        format=Format(file.format),
        lang="en" if file.lang == "en" else "ko",
        campaign=campaign,
        year=file.year,
        working=file.is_working,
        purpose=file.purpose,
    )


def _store(file: ExportFile, made: MadeFile) -> None:
    file.state, file.progress = FileState.READY, 100
    file.name, file.content, file.digest = made.name, made.content, made.digest
    file.rows = made.rows
    told = dict.fromkeys((one.row, one.column, one.was, one.became) for one in made.replaced)
    file.replaced = [list(one) for one in told][:REPLACED_SHOWN]
