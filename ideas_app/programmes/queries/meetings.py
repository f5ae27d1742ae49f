"""Meetings of a programme with who was there, and people's requests to be found on a roster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.accounts.models import Account
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.programmes.models import (
    Claim,
    ClaimState,
    Meeting,
    Participation,
    Person,
    Presence,
    Programme,
)
from ideas_app.programmes.rules.attendance import StoredMeeting
from ideas_app.programmes.rules.days import mask_birth
from ideas_app.programmes.rules.names import mask_name, name_key
from ideas_app.programmes.rules.phones import mask_phone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

MOST_CANDIDATES = 6
"""Lines of the rosters that stand beside a request: more of one name says nothing any more."""


def get_meeting(meeting_id: int) -> Meeting:
    """A meeting. Raises `NotFound`."""
    found = session().get(Meeting, meeting_id)
    if found is None:
        raise NotFound("no_meeting", _l("There is no such meeting."))
    return found


def find_meeting_by_code(code: str) -> Meeting | None:
    """The meeting whose code this is, open or just over."""
    return session().scalar(select(Meeting).where(Meeting.code == code))


def list_meetings(programme_id: int) -> list[tuple[Meeting, int]]:
    """The meetings of a programme by number, each with how many were there."""
    here = (
        select(func.count(Presence.participation_id))
        .where(Presence.meeting_id == Meeting.id)
        .correlate(Meeting)
        .scalar_subquery()
    )
    query = select(Meeting, here).where(Meeting.programme_id == programme_id)
    return [(row[0], row[1]) for row in session().execute(query.order_by(Meeting.number))]


def list_present(meeting_id: int, participation_ids: Collection[int]) -> dict[int, bool]:
    """Those of the records whose person was at a meeting, each with whether by the code."""
    query = select(Presence.participation_id, Presence.by_code).where(
        Presence.meeting_id == meeting_id, Presence.participation_id.in_(participation_ids)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def count_meetings_of(participation_ids: Collection[int]) -> dict[int, int]:
    """At how many meetings the person of each record was."""
    query = (
        select(Presence.participation_id, func.count(Presence.meeting_id))
        .where(Presence.participation_id.in_(participation_ids))
        .group_by(Presence.participation_id)
    )
    return {row[0]: row[1] for row in session().execute(query)}


def list_stored_meetings(programme_id: int) -> list[StoredMeeting]:
    """The meetings of a programme as an import needs them."""
    query = select(Meeting.id, Meeting.number, Meeting.held_on, Meeting.minutes)
    query = query.where(Meeting.programme_id == programme_id).order_by(Meeting.number)
    return [StoredMeeting(*row) for row in session().execute(query)]


def list_presences(programme_id: int) -> dict[int, set[int]]:
    """Who was at the meetings of a programme: by meeting, the records. Small, as there may be many."""
    query = (
        select(Presence.meeting_id, Presence.participation_id)
        .join(Meeting, Meeting.id == Presence.meeting_id)
        .where(Meeting.programme_id == programme_id)
    )
    found: dict[int, set[int]] = {}
    for meeting_id, record_id in session().connection().execute(query):
        found.setdefault(meeting_id, set()).add(record_id)
    return found


def sum_minutes_of(participation_ids: Collection[int]) -> dict[int, int]:
    """The minutes of the meetings at which the person of each record was; meetings of unknown length count
    none.
    """
    query = (
        select(Presence.participation_id, func.sum(Meeting.minutes))
        .join(Meeting, Meeting.id == Presence.meeting_id)
        .where(Presence.participation_id.in_(participation_ids), Meeting.minutes.is_not(None))
        .group_by(Presence.participation_id)
    )
    return {row[0]: int(row[1] or 0) for row in session().execute(query)}


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One line of the attendance list, whole: the file is for those who run rosters."""

    participation_id: int
    name: str
    born_on: date | None
    phone: str
    cohort: str


def list_attendance(programme_id: int) -> list[AttendanceRow]:
    """The people of a programme in the order in which they were entered, with what tells them apart."""
    query = (
        select(Participation.id, Person.name, Person.born_on, Person.phone, Participation.cohort)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.programme_id == programme_id)
        .order_by(Participation.id)
    )
    return [
        AttendanceRow(row.id, row.name, row.born_on, row.phone or "", row.cohort)
        for row in session().execute(query)
    ]


def find_participation(person_id: int, programme_id: int) -> Participation | None:
    """A person's record in a programme, the newest cohort of several."""
    query = select(Participation).where(
        Participation.person_id == person_id, Participation.programme_id == programme_id
    )
    return session().scalars(query.order_by(Participation.id.desc()).limit(1)).one_or_none()


def list_claimable(
    programme_id: int, name_key: str, born_on: date | None
) -> list[tuple[Participation, Person]]:
    """Lines of a programme's roster with this name and birth date whose person has no account yet,
    one for each person; none without a birth date.
    """
    if born_on is None:
        return []
    query = (
        select(Participation, Person)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.programme_id == programme_id, Person.name_key == name_key)
        .where(Person.born_on == born_on, Person.account_id.is_(None))
        .order_by(Participation.id)
    )
    by_person = {row[1].id: (row[0], row[1]) for row in session().execute(query)}
    return list(by_person.values())


def get_claim(claim_id: int) -> Claim:
    """A request. Raises `NotFound`."""
    found = session().get(Claim, claim_id)
    if found is None:
        raise NotFound("no_claim", _l("There is no such request."))
    return found


def list_claims_of(account_id: int) -> list[tuple[Claim, Programme]]:
    """Somebody's own requests with what they are about, newest first."""
    query = (
        select(Claim, Programme)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(Claim.account_id == account_id)
        .order_by(Claim.id.desc())
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def count_claims() -> int:
    """Requests that wait for the centre."""
    query = select(func.count(Claim.id)).where(Claim.state == ClaimState.WAITING)
    return session().scalar(query) or 0


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A request with what is needed to decide it. The name stands whole: the centre compares it."""

    claim: Claim
    programme: Programme
    meeting: Meeting | None
    nickname: str
    born_on: date | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person on the rosters who may be the one who asks, masked; what agrees is said."""

    person_id: int
    name: str
    birth: str
    phone: str
    same_birth: bool
    same_phone: bool
    is_in_programme: bool
    is_linked: bool


def list_waiting_claims(*, limit: int = 50) -> list[ClaimRow]:
    """Requests that wait, the oldest first."""
    query = (
        select(Claim, Programme, Meeting, Account)
        .join(Programme, Programme.id == Claim.programme_id)
        .join(Account, Account.id == Claim.account_id)
        .outerjoin(Meeting, Meeting.id == Claim.meeting_id)
        .where(Claim.state == ClaimState.WAITING)
        .order_by(Claim.id)
        .limit(limit)
    )
    return [
        ClaimRow(claim, programme, meeting, account.nickname, account.born_on, ())
        for claim, programme, meeting, account in session().execute(query)
    ]


def view_claim(claim_id: int) -> ClaimRow:
    """One request with the lines of the rosters that may be meant. Raises `NotFound`."""
    claim = get_claim(claim_id)
    account = session().get_one(Account, claim.account_id)
    return ClaimRow(
        claim=claim,
        programme=session().get_one(Programme, claim.programme_id),
        meeting=session().get(Meeting, claim.meeting_id) if claim.meeting_id else None,
        nickname=account.nickname,
        born_on=account.born_on,
        candidates=tuple(_candidates(claim, account.born_on)),
    )


def _candidates(claim: Claim, born_on: date | None) -> list[Candidate]:
    if not claim.name:
        return []
    same = Person.name_key == name_key(claim.name)
    if claim.phone:
        same |= Person.phone == claim.phone
    here = (
        select(Participation.id)
        .where(Participation.person_id == Person.id)
        .where(Participation.programme_id == claim.programme_id)
        .exists()
    )
    query = select(Person, here).where(same)
    rows = [
        Candidate(
            person_id=person.id,
            name=mask_name(person.name),
            birth=mask_birth(person.born_on) if person.born_on else "",
            phone=mask_phone(person.phone) if person.phone else "",
            same_birth=person.born_on is not None and person.born_on == born_on,
            same_phone=bool(claim.phone) and person.phone == claim.phone,
            is_in_programme=is_here,
            is_linked=person.account_id is not None,
        )
        for person, is_here in session().execute(query)
    ]
    rows.sort(
        key=lambda one: (
            -(one.same_birth + one.same_phone + one.is_in_programme),
            one.person_id,
        )
    )
    return rows[:MOST_CANDIDATES]


def list_claimable_programmes() -> Sequence[Programme]:
    """Programmes whose rosters hold somebody, the newest year first."""
    query = select(Programme).where(Programme.records_count > 0)
    return session().scalars(query.order_by(Programme.year.desc(), Programme.id)).all()
