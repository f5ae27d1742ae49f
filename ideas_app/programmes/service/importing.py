"""A roster is compared with what is stored, rehearsed, and stored whole or not at all.

Importing a file a second time changes nothing. Must not know forms or files on disk.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text, update

from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.tokens import person_key
from ideas_app.programmes import policy, queries
from ideas_app.programmes.models import Programme, RosterImport
from ideas_app.programmes.rules.attendance import plan_attendance
from ideas_app.programmes.rules.matching import Change, Decision, Match, match_key, plan_import
from ideas_app.programmes.rules.names import name_key
from ideas_app.programmes.service.comparing import (
    figures_lines,
    meeting_lines,
    sample_rows,
    unsure_rows,
)
from ideas_app.programmes.service.presences import carry_out_attendance
from ideas_app.programmes.service.reading import read_roster
from ideas_app.programmes.service.reporting import ImportReport, RosterRefused
from ideas_app.programmes.service.storing import carry_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.core.actor import Actor
    from ideas_app.programmes.rules.attendance import AttendancePlan
    from ideas_app.programmes.rules.matching import ImportPlan, StoredPerson
    from ideas_app.programmes.rules.roster import RosterRow
    from ideas_app.programmes.service.reading import Choice, ReadRoster

_ROSTER_LOCK = 7_251_002
"""Advisory lock of PostgreSQL: persons are shared by all rosters, so imports go one after the other."""


def import_roster(
    actor: Actor,
    programme: Programme,
    file_name: str,
    data: bytes,
    *,
    sheet: str | None = None,
    mapping: Choice | None = None,
    decisions: Mapping[str, Decision] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Reads a file and stores its roster in the caller's transaction; with `dry_run` only rehearses.

    Raises `Refused`; `Invalid` for a file that cannot be read; `RosterRefused` (with the report) for
    errors in rows, of which a rehearsal only tells.
    """
    policy.may_import(actor, programme, now=clock.now()).require()
    read = read_roster(programme, file_name, data, sheet=sheet, mapping=mapping)
    if dry_run:
        return preview_roster(actor, programme, read, decisions=decisions)
    return store_roster(actor, programme, read, decisions=decisions)


def preview_roster(
    actor: Actor,
    programme: Programme,
    read: ReadRoster,
    *,
    decisions: Mapping[str, Decision] | None = None,
) -> ImportReport:
    """What importing would do, row by row, and the figures before and after. Changes nothing."""
    policy.may_import(actor, programme, now=clock.now()).require()
    stored = _known(programme, read)
    plan = _plan(programme, read, stored, decisions)
    attendance = _attendance(programme, read, plan)
    open_questions = _plan(programme, read, stored, None) if decisions else plan
    return replace(
        _report(programme, read, plan, attendance),
        figures=figures_lines(programme, plan, stored, attendance),
        sample=sample_rows(plan),
        unsure=unsure_rows(open_questions, stored),
    )


def store_roster(
    actor: Actor,
    programme: Programme,
    read: ReadRoster,
    *,
    decisions: Mapping[str, Decision] | None = None,
) -> ImportReport:
    """Stores a roster that was read, whole, in the caller's transaction.

    Writes an import with its counts and one entry of the log, neither with a name; where the file
    changes nothing, neither. Raises `Refused`; `RosterRefused` where anything is wrong.
    """
    policy.may_import(actor, programme, now=clock.now()).require()
    lock_rosters()
    stored = _known(programme, read)
    plan = _plan(programme, read, stored, decisions)
    attendance = _attendance(programme, read, plan)
    report = replace(_report(programme, read, plan, attendance), is_dry_run=False)
    if report.errors:
        raise RosterRefused(report)
    if plan.changes_nothing and attendance.changes_nothing:
        return report
    done = _import_row(actor, programme, read, report)
    session().add(done)
    session().flush()
    moved = carry_out(plan, stored, programme.id, done.id)
    done.moved = {**moved, **carry_out_attendance(attendance, programme.id, done.id)}
    programme.records_count = Programme.records_count + report.records_new
    programme.mapping = _taught(programme, read, decisions)
    _forget_old_moves()
    record(actor, Tag.ROSTER_IMPORTED, "programme", programme.id, diff=_counts(done))
    session().flush()
    return replace(report, import_id=done.id)


def lock_rosters() -> None:
    """Holds up every other import and undo until this transaction ends; SQLite has one writer anyway."""
    if not is_sqlite():
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ROSTER_LOCK})


def _key_of(secret: bytes, row: RosterRow) -> str:
    return match_key(secret, row.name, row.birth_on, row.phone)


def _known(programme: Programme, read: ReadRoster) -> list[StoredPerson]:
    rows = read.parsed.rows
    names = {name_key(row.name) for row in rows}
    return queries.list_known(programme.id, names, {row.phone for row in rows if row.phone})


def _plan(
    programme: Programme,
    read: ReadRoster,
    stored: list[StoredPerson],
    decisions: Mapping[str, Decision] | None,
) -> ImportPlan:
    secret = person_key()
    return plan_import(
        read.parsed,
        stored,
        key_of=lambda row: _key_of(secret, row),
        decisions={**_remembered_decisions(programme), **(decisions or {})},
    )


def _attendance(programme: Programme, read: ReadRoster, plan: ImportPlan) -> AttendancePlan:
    sessions = read.parsed.sessions
    return plan_attendance(
        sessions,
        plan.rows,
        queries.list_stored_meetings(programme.id) if sessions else (),
        queries.list_presences(programme.id) if sessions else {},
        first_on=programme.starts_on,
    )


def _report(
    programme: Programme, read: ReadRoster, plan: ImportPlan, attendance: AttendancePlan
) -> ImportReport:
    mapping = read.parsed.mapping
    same = queries.find_same_file(programme.id, read.digest)
    return ImportReport(
        programme=programme.slug,
        file_name=read.file_name,
        file_digest=read.digest,
        encoding=read.encoding,
        sheet=read.parsed.sheet,
        sheets=read.sheets,
        read_sheets=read.parsed.sheets,
        header_row=mapping.header_row if mapping else None,
        columns={field: mapping.title(field) for field in mapping.columns} if mapping else {},
        not_used=mapping.not_used() if mapping else (),
        rows=len(plan.rows),
        persons_new=len(plan.new_persons),
        persons_same=len({each.person_id for each in plan.rows if each.person_id is not None}),
        persons_changed=len(plan.person_changes),
        rows_unsure=plan.count(match=Match.UNSURE),
        rows_left_out=plan.count(match=Match.LEFT_OUT),
        records_new=plan.count(change=Change.NEW),
        records_changed=plan.count(change=Change.CHANGED),
        records_same=plan.count(change=Change.SAME),
        presences_new=len(attendance.added),
        presences_gone=len(attendance.gone),
        meetings=meeting_lines(attendance),
        moves_meetings=any(each.is_changed for each in attendance.meetings),
        errors=(*plan.errors, *attendance.errors),
        skipped=(*read.parsed.skipped, *plan.absent),
        notices=(*read.parsed.notices, *attendance.notices),
        same_file_at=same.imported_at if same else None,
    )


def _import_row(
    actor: Actor, programme: Programme, read: ReadRoster, report: ImportReport
) -> RosterImport:
    return RosterImport(
        programme_id=programme.id,
        file_name=read.file_name,
        file_digest=read.digest,
        encoding=read.encoding,
        sheet=read.parsed.sheet[:80],
        rows=report.rows,
        persons_new=report.persons_new,
        records_new=report.records_new,
        records_changed=report.records_changed,
        records_same=report.records_same,
        presences_new=report.presences_new,
        presences_gone=report.presences_gone,
        imported_by=actor.id,
        imported_at=clock.now(),
        moved={},
    )


def _counts(done: RosterImport) -> dict[str, Any]:
    """What the log keeps of an import: counts and the file's digest, no name, not even the file's."""
    names = ("rows", "persons_new", "records_new", "records_changed", "records_same")
    ticks = ("presences_new", "presences_gone")
    counted = {name: getattr(done, name) for name in names}
    counted |= {name: number for name in ticks if (number := getattr(done, name))}
    return {"import": done.id, "digest": done.file_digest, **counted}


def _taught(
    programme: Programme, read: ReadRoster, decisions: Mapping[str, Decision] | None
) -> dict[str, Any]:
    """What the next import of this programme is offered: the titles of columns, and decisions by key."""
    kept = dict((programme.mapping or {}).get("decisions") or {})
    for key, decision in (decisions or {}).items():
        kept[key] = {
            "person_id": decision.person_id,
            "key": decision.key,
            "leave_out": decision.leave_out,
        }
    titles = read.parsed.mapping.remember() if read.parsed.mapping else {}
    return {"titles": titles, "decisions": kept}


def _remembered_decisions(programme: Programme) -> dict[str, Decision]:
    kept = (programme.mapping or {}).get("decisions") or {}
    return {key: Decision(**values) for key, values in kept.items()}


def _forget_old_moves() -> None:
    """After the days of undoing nothing is kept of what an import changed."""
    session().execute(
        update(RosterImport)
        .where(RosterImport.imported_at < clock.now() - policy.UNDO_WITHIN)
        .values(moved={})
        .execution_options(synchronize_session=False)
    )
