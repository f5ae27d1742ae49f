"""The attendance list of a programme as a workbook, in the shape in which a roster is imported again.

It names people whole, so it is a working file: it asks a purpose, says in itself who took it, and is logged.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.formats import Column
from ideas_app.adapters.formats.xlsx import write_xlsx
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes import policy, queries
from ideas_app.programmes.rules.sessions import write_title
from ideas_app.web.i18n import format_instant, localised

if TYPE_CHECKING:
    from ideas_app.adapters.formats import Language
    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Programme
    from ideas_app.programmes.rules.attendance import StoredMeeting

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PERSON = (
    Column("name", "성명", "Name", "text", "명단에 적힌 이름", "Name as on the roster", 12),
    Column("born_on", "생년월일", "Birth date", "date", "", "", 12),
    Column("phone", "연락처", "Telephone", "phone", "", "", 16),
    Column("cohort", "기수", "Cohort", "text", "", "", 10),
)
HERE, AWAY = "O", "X"


@dataclass(frozen=True, slots=True)
class AttendanceFile:
    """A finished list: how many people and meetings stand in it."""

    name: str
    content: bytes
    rows: int
    meetings: int
    content_type: str = XLSX


def export_attendance(
    actor: Actor, programme: Programme, purpose: str, *, lang: Language
) -> AttendanceFile:
    """The list, and its entry in the log. Raises `Refused`, `Invalid` without a purpose."""
    policy.may_import(actor, programme, now=clock.now()).require()
    purpose = " ".join(purpose.split())
    if not purpose:
        message = _l("Say what the file is for: it is kept in the log.")
        raise Invalid(Fault("purpose", "purpose_missing", message))
    meetings = queries.list_stored_meetings(programme.id)
    present = queries.list_presences(programme.id)
    people = queries.list_attendance(programme.id)
    columns = [*_PERSON, *(_column(each) for each in meetings)]
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "born_on": one.born_on,
            "phone": one.phone,
            "cohort": one.cohort,
            **{
                _key(each): HERE if one.participation_id in present.get(each.id, ()) else AWAY
                for each in meetings
            },
        }
        for one in people
    ]
    target = io.BytesIO()
    mark = f"{actor.nickname} · {format_instant(clock.now())} · {purpose}"
    title = localised(programme, "title")
    write_xlsx(target, columns, rows, lang=lang, title=title, as_of=clock.today(), notes=[mark])
    diff = {"kind": "attendance", "format": "xlsx", "rows": len(rows), "meetings": len(meetings)}
    record(actor, Tag.EXPORT_MADE, "programme", programme.id, reason=purpose, diff=diff)
    name = f"attendance_{programme.slug}_{clock.today():%Y%m%d}.xlsx"
    return AttendanceFile(name, target.getvalue(), len(rows), len(meetings))


def _key(meeting: StoredMeeting) -> str:
    return f"meeting-{meeting.id}"


def _column(meeting: StoredMeeting) -> Column:
    said = (meeting.number, meeting.held_on, meeting.minutes)
    return Column(
        _key(meeting),
        write_title(*said, lang="ko"),
        write_title(*said, lang="en"),
        "text",
        "O: 출석, X: 결석",
        "O: was there, X: was not",
    )
