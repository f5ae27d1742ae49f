"""What programmes keep of a person: the link to the rosters, participations through it, requests to be found.

The rosters themselves are the centre's: a line there is about somebody who took part, with or without an account.
Whoever leaves cuts the link; corrections and deletions on a roster are asked of the centre.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts.rules import LINK_CONSENT
from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import (
    Balance,
    Column,
    Holding,
    Room,
    Trace,
    declare,
    on_withdrawal,
)
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import Certificate, Meeting, Presence
from ideas_app.programmes.service import uploads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.personal import Leaving, Rows


def read_person(account_id: int) -> Rows:
    """The line of the rosters that the account is linked with."""
    person = queries.find_person_of(account_id)
    if person is not None:
        names = ("name", "born_on", "phone", "email", "neighbourhood", "linked_at")
        yield {name: getattr(person, name) for name in names}


def read_participations(account_id: int) -> Rows:
    """The person's records, with the meetings attended and the check code of a certificate."""
    for record in reversed(queries.list_records_of(account_id)):
        held = session().scalars(
            select(Meeting.held_on)
            .join(Presence, Presence.meeting_id == Meeting.id)
            .where(Presence.participation_id == record.id)
            .order_by(Meeting.number)
        )
        code = select(Certificate.code).where(Certificate.participation_id == record.id)
        yield {
            "programme": record.programme.title,
            "year": record.programme.year,
            "cohort": record.cohort,
            "status": record.status.value,
            "joined_on": record.joined_on,
            "certificate": record.certificate,
            "certified_on": record.certified_on,
            "meetings": ", ".join(day.isoformat() for day in held),
            "code": session().scalar(code),
        }


def read_claims(account_id: int) -> Rows:
    """What the person asked the centre to look for."""
    for claim, programme in reversed(queries.list_claims_of(account_id)):
        yield {
            "programme": programme.title,
            "made_at": claim.made_at,
            "name": claim.name,
            "phone": claim.phone,
            "word": claim.word,
            "state": claim.state.value,
            "decided_at": claim.decided_at,
            "reason": claim.reason,
        }


def preview(account_id: int) -> Iterable[Balance]:
    """The records stay on the roster; the requests go."""
    records = len(queries.list_records_of(account_id))
    words = _l("They stay on the centre's rosters and are linked with nobody.")
    yield Balance(_l("Participations"), records, records, records, words)
    yield Balance(_l("Requests to be found on a roster"), len(list(read_claims(account_id))), 0, 0)


def forget(leaving: Leaving) -> None:
    """Cuts the link and deletes every request, and files that were uploaded and not imported."""
    service.unlink_account(leaving.account_id)
    service.forget_claims(leaving.account_id)
    uploads.forget_of(leaving.account_id)


on_withdrawal(LINK_CONSENT.kind, service.unlink_account)

declare(
    Room(
        "programmes",
        holdings=(
            Holding(
                key="roster",
                title=_l("Your line on the centre's rosters"),
                columns=(
                    Column("name", _l("Name")),
                    Column("born_on", _l("Date of birth"), "date"),
                    Column("phone", _l("Telephone number"), "phone"),
                    Column("email", _l("E-mail address")),
                    Column("neighbourhood", _l("Neighbourhood")),
                    Column("linked_at", _l("Linked"), "datetime"),
                ),
                read=read_person,
                kept=_l(
                    "As long as the centre keeps its rosters; it is seen here while you are linked with it."
                ),
                leaving=_l("The link is cut; the roster stays with the centre."),
                places=("person.account_id",),
            ),
            Holding(
                key="participations",
                title=_l("Your participations and certificates"),
                columns=(
                    Column("programme", _l("Programme")),
                    Column("year", _l("Year"), "int"),
                    Column("cohort", _l("Cohort")),
                    Column("status", _l("Status")),
                    Column("joined_on", _l("Took part on"), "date"),
                    Column("certificate", _l("Certificate")),
                    Column("certified_on", _l("Certified on"), "date"),
                    Column("meetings", _l("Meetings attended")),
                    Column("code", _l("Check code")),
                ),
                read=read_participations,
                kept=_l(
                    "As long as the centre keeps its rosters; it is seen here while you are linked with it."
                ),
                leaving=_l("The link is cut; the roster stays with the centre."),
                places=(
                    "participation.person_id",
                    "presence.participation_id",
                    "certificate.participation_id",
                ),
            ),
            Holding(
                key="claims",
                title=_l("Requests to be found on a roster"),
                columns=(
                    Column("programme", _l("Programme")),
                    Column("made_at", _l("Asked"), "datetime"),
                    Column("name", _l("Name")),
                    Column("phone", _l("Telephone number"), "phone"),
                    Column("word", _l("Your words")),
                    Column("state", _l("Status")),
                    Column("decided_at", _l("Decided"), "datetime"),
                    Column("reason", _l("Reason")),
                ),
                read=read_claims,
                kept=_l("Until you leave; name and telephone number go as soon as it is decided."),
                leaving=_l("Deleted at once."),
                places=("claim.account_id",),
            ),
        ),
        traces=(
            Trace(("claim.decided_by", "roster_import.imported_by"), "which staff did the work"),
        ),
        forget=forget,
        preview=preview,
    )
)
