"""How long names stand on rosters: until their last programme is some years past, then only the counts stay.

Persons whom an account is linked to stay as long as the link does: it is their own record, by consent.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, exists, select, update
from sqlalchemy.orm import aliased

from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.outbox import publish
from ideas_app.core.retaining import YEAR, Period, Reason, Rows, Subjects, keep, keep_for
from ideas_app.core.tokens import new_token
from ideas_app.programmes import policy
from ideas_app.programmes.events import RosterExpiring
from ideas_app.programmes.models import Claim, ClaimState, Participation, Person, Programme
from ideas_app.programmes.models import RosterImport as Import

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Select


def _ends() -> dict[int, date]:
    """The day from which each programme's roster is counted: its last, or its year's."""
    rows = session().execute(select(Programme.id, Programme.ends_on, Programme.year))
    return {row.id: row.ends_on or date(row.year, 12, 31) for row in rows}


def _named(programme_id: int, later: Collection[int]) -> Select[int]:
    """Persons of a programme who still have a name, no account and no record in a later programme."""
    other = aliased(Participation)
    elsewhere = exists().where(other.person_id == Person.id, other.programme_id.in_(later))
    return (
        select(Person.id)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.programme_id == programme_id, Person.account_id.is_(None))
        .where(Person.name != "", ~elsewhere)
        .order_by(Person.id)
        .distinct()
    )


def _later(ends: dict[int, date], programme_id: int) -> list[int]:
    return [other for other, end in ends.items() if end > ends[programme_id]]


def list_ended(day: date) -> list[tuple[int, date]]:
    """Programmes over by a day whose rosters name somebody who took part in nothing later, with their last day."""
    ends = _ends()
    return [
        (programme_id, end)
        for programme_id, end in sorted(ends.items())
        if end <= day
        and session().scalar(_named(programme_id, _later(ends, programme_id)).limit(1)) is not None
    ]


def _announce(programme_id: int, goes_on: date, days: int) -> None:
    publish(RosterExpiring(programme_id, goes_on.isoformat(), days))


def empty_rosters(programme_ids: Sequence[int]) -> int:
    """Takes name, birth date, phone, address and part of town from the persons; records and counts stay."""
    ends, emptied = _ends(), 0
    for programme_id in programme_ids:
        found = session().scalars(_named(programme_id, _later(ends, programme_id))).all()
        for person in session().scalars(select(Person).where(Person.id.in_(found))):
            person.name = person.name_key = ""
            person.born_on = person.phone = person.email = person.neighbourhood = None
            person.match_key = f"gone:{new_token()}"[:64]
        programme = session().get_one(Programme, programme_id)
        programme.mapping = {**programme.mapping, "decisions": {}}
        _forget_moves(programme_id)
        session().flush()
        emptied += len(found)
    return emptied


def _forget_moves(programme_id: int) -> None:
    session().execute(
        update(Import)
        .where(Import.programme_id == programme_id)
        .values(moved={})
        .execution_options(synchronize_session=False)
    )


keep_for(
    Period(
        name="roster",
        table="person",
        rows=_l("Names, birth dates and numbers on rosters"),
        since=_l("from the end of the person's last programme"),
        ground=_l(
            "Personal Information Protection Act, Article 21: taking part no longer has to be proved"
        ),
        days=3 * YEAR,
        floor=YEAR,
        ceiling=10 * YEAR,
        acts=Subjects(list_ended, _announce, empty_rosters),
    )
)
keep_for(
    Period(
        name="roster_undo",
        table="roster_import",
        rows=_l("What an import of a roster changed, for taking it back"),
        since=_l("from the import"),
        ground=_l("Personal Information Protection Act, Article 21: it can no longer be undone"),
        days=policy.UNDO_WITHIN.days,
        floor=policy.UNDO_WITHIN.days,
        ceiling=policy.UNDO_WITHIN.days,
        acts=Rows(Import, Import.imported_at, (cast(Import.moved, String) != "{}",), {"moved": {}}),
    )
)
keep_for(
    Period(
        name="claim",
        table="claim",
        rows=_l("Requests to be found on a roster, once decided"),
        since=_l("from the decision"),
        ground=_l("Personal Information Protection Act, Article 21: the purpose has ended"),
        days=YEAR,
        ceiling=3 * YEAR,
        acts=Rows(Claim, Claim.decided_at, (Claim.state != ClaimState.WAITING,)),
    )
)
keep(Reason.RECORD, "participation", "programme", "tally", "visit")
keep(Reason.WITH_PARENT, "certificate", "meeting", "presence", "programme_partner")
keep(Reason.NO_PERSON, "partner")
