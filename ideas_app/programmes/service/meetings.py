"""Meetings of a programme: when, who was there, and the code on the day.

Must not know how somebody is recognised: `claiming` does.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, text
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes import policy
from ideas_app.programmes.models import Meeting, Participation, Presence
from ideas_app.programmes.rules.attendance import MEETINGS_MAX
from ideas_app.programmes.rules.codes import DIGITS, OPEN_FOR, code_of
from ideas_app.programmes.rules.sessions import LONGEST

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Programme

TITLE_MAX = 80


def add_meeting(
    actor: Actor,
    programme: Programme,
    held_on: date,
    title: str = "",
    *,
    minutes: int | None = None,
) -> Meeting:
    """A meeting with the next number; `minutes` is its length, if it is known. Raises `Refused`, `Invalid`
    for a title too long or a length beyond a day, `Conflict` for a programme that has too many.
    """
    policy.may_import(actor, programme, now=clock.now()).require()
    title = _checked(title, minutes)
    last = session().scalar(
        select(func.max(Meeting.number)).where(Meeting.programme_id == programme.id)
    )
    if (last or 0) >= MEETINGS_MAX:
        raise Conflict("too_many", _l("A programme has at most 200 meetings."))
    meeting = Meeting(
        programme_id=programme.id,
        number=(last or 0) + 1,
        title=title,
        held_on=held_on,
        minutes=minutes,
    )
    session().add(meeting)
    session().flush()
    _log(actor, meeting, "added")
    return meeting


def change_meeting(
    actor: Actor,
    programme: Programme,
    meeting: Meeting,
    held_on: date,
    title: str = "",
    *,
    minutes: int | None = None,
) -> None:
    """Corrects day, topic and length of a meeting; who was there stays. Errors as `add_meeting`."""
    policy.may_import(actor, programme, now=clock.now()).require()
    title = _checked(title, minutes)
    meeting.held_on, meeting.title, meeting.minutes = held_on, title, minutes
    _log(actor, meeting, "changed")
    session().flush()


def _checked(title: str, minutes: int | None) -> str:
    title = text.one_line(title)
    if text.length(title) > TITLE_MAX:
        message = _l("Too long: at most %(most)s characters.", most=TITLE_MAX)
        raise Invalid(Fault("title", "too_long", message))
    if minutes is not None and not 1 <= minutes <= LONGEST:
        message = _l("Write the minutes as a number from 1 to %(most)s.", most=LONGEST)
        raise Invalid(Fault("minutes", "wrong_length", message))
    return title


def remove_meeting(actor: Actor, programme: Programme, meeting: Meeting) -> None:
    """Removes a meeting at which nobody was. Raises `Refused`, `Conflict` where somebody was."""
    policy.may_import(actor, programme, now=clock.now()).require()
    here = session().scalar(
        select(func.count(Presence.participation_id)).where(Presence.meeting_id == meeting.id)
    )
    if here:
        message = _l("Somebody was at this meeting. Take the ticks out first.")
        raise Conflict("has_presences", message)
    _log(actor, meeting, "removed")
    session().delete(meeting)
    session().flush()


def note_presence(
    actor: Actor,
    programme: Programme,
    meeting: Meeting,
    *,
    shown: Collection[int],
    here: Collection[int],
) -> int:
    """Sets who of the `shown` records was there: those in `here`, and nobody else of them; how many
    ticks changed. Records of other programmes are left out. Raises `Refused`.
    """
    policy.may_import(actor, programme, now=clock.now()).require()
    own = select(Participation.id).where(
        Participation.programme_id == programme.id, Participation.id.in_(shown)
    )
    known = set(session().scalars(own))
    wanted = known & set(here)
    before = set(
        session().scalars(
            select(Presence.participation_id).where(
                Presence.meeting_id == meeting.id, Presence.participation_id.in_(known)
            )
        )
    )
    for participation_id in sorted(wanted - before):
        mark_present(meeting, participation_id, by_code=False)
    gone = before - wanted
    session().execute(
        delete(Presence).where(
            Presence.meeting_id == meeting.id, Presence.participation_id.in_(gone)
        )
    )
    changed = len(gone) + len(wanted - before)
    if changed:
        diff = {"meeting": meeting.id, "ticked": len(wanted - before), "unticked": len(gone)}
        record(actor, Tag.MEETING_CHANGED, "programme", programme.id, diff=diff)
    return changed


def mark_present(meeting: Meeting, participation_id: int, *, by_code: bool) -> bool:
    """Notes that a record's person was there; whether it was new. The caller has the right and the proof."""
    values = {
        "meeting_id": meeting.id,
        "participation_id": participation_id,
        "by_code": by_code,
        "noted_at": clock.now(),
    }
    return bool(insert_ignore(Presence, values))


def open_code(actor: Actor, programme: Programme, meeting: Meeting) -> Meeting:
    """Opens a fresh code for `OPEN_FOR`; a code that was open before is dead. Raises `Refused`.

    A code is unique among all that are open, so that it names its meeting by itself.
    """
    policy.may_import(actor, programme, now=clock.now()).require()
    now = clock.now()
    session().execute(
        update(Meeting)
        .where(Meeting.code_until <= now)
        .values(code=None, code_until=None)
        .execution_options(synchronize_session=False)
    )
    taken = set(session().scalars(select(Meeting.code).where(Meeting.code.is_not(None))))
    code = code_of(secrets.randbelow(10**DIGITS))
    while code in taken:
        code = code_of(secrets.randbelow(10**DIGITS))
    meeting.code, meeting.code_until = code, now + OPEN_FOR
    _log(actor, meeting, "code opened")
    session().flush()
    return meeting


def close_code(actor: Actor, programme: Programme, meeting: Meeting) -> None:
    """Ends a code before its time. Raises `Refused`."""
    policy.may_import(actor, programme, now=clock.now()).require()
    meeting.code = meeting.code_until = None
    _log(actor, meeting, "code closed")
    session().flush()


def _log(actor: Actor, meeting: Meeting, what: str) -> None:
    diff = {"meeting": meeting.id, "number": meeting.number, "what": what}
    record(actor, Tag.MEETING_CHANGED, "programme", meeting.programme_id, diff=diff)
