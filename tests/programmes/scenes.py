"""Rosters for the tests: invented people by number, as rows, CSV or XLSX."""

from __future__ import annotations

from datetime import date, timedelta

from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import transaction
from ideas_app.programmes import queries, service
from tests.adapters.workbooks import as_csv, make_xlsx

HEADER = (
    "연번",
    "성명",
    "생년월일",
    "연락처",
    "이메일",
    "읍면동",
    "기수",
    "참여일",
    "수료여부",
    "자격취득여부",
)
_FAMILY = "김이박최정강조윤장임"
_GIVEN = "가나다라마바사아자차카타파하"


def name_of(number):
    return _FAMILY[number % 10] + _GIVEN[number // 10 % 14] + _GIVEN[number // 140 % 14]


def person_row(number, *, certified="N", cohort="1기", email=None):
    """One row of a roster about the invented person of this number."""
    return (
        number + 1,
        name_of(number),
        (date(1990, 1, 1) + timedelta(days=number % 4000)).isoformat(),
        f"010-{1000 + number // 10_000:04}-{number % 10_000:04}",
        email,
        "나운동",
        cohort,
        "2025-05-07",
        "Y",
        certified,
    )


def roster(count, **more):
    return [HEADER, *(person_row(number, **more) for number in range(count))]


def csv_of(count, *, encoding="cp949", **more):
    return as_csv(roster(count, **more), encoding=encoding)


def xlsx_of(count, **more):
    return make_xlsx({"명단": roster(count, **more)})


def import_(programme, data, *, actor=SYSTEM, name="명단.csv", **more):
    """Imports in a transaction of its own, as every caller does. The programme may be its slug."""
    with transaction():
        fresh = queries.get_programme(getattr(programme, "slug", programme))
        return service.import_roster(actor, fresh, name, data, **more)


def counts(programme):
    """Records of the programme by counter, and the totals of both tables."""
    from sqlalchemy import func, select

    from ideas_app.core.db import session
    from ideas_app.programmes.models import Participation, Person, RosterImport

    session().rollback()
    fresh = queries.get_programme(getattr(programme, "slug", programme))
    return (
        fresh.records_count,
        session().scalar(select(func.count(Participation.id))),
        session().scalar(select(func.count(Person.id))),
        session().scalar(select(func.count(RosterImport.id))),
    )
