"""The centre's year: programmes, partners, rosters imported as files, tallies, visits, and next year's plans.

Must not know ideas.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.cli.demo.stage import FIRST_DAY, read
from ideas_app.core.db import session
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import Person
from ideas_app.programmes.service import Given, ProgrammeSpec

if TYPE_CHECKING:
    from ideas_app.cli.demo.people import DemoPerson
    from ideas_app.cli.demo.stage import Stage

MEETING_COURSE = "ai-pot-2"
"""The course whose meetings the demonstration shows."""
HEADER = ("연번", "성명", "생년월일", "연락처", "읍면동", "참여일", "수료여부", "자격취득여부")


def open_centre(stage: Stage) -> None:
    """Puts the year of the centre into the script."""
    document = read("programmes")
    partners = {partner["name"]: partner["name_en"] for partner in document["partners"]}
    for entry in document["programmes"]:
        stage.act(FIRST_DAY, 10, partial(_create, stage, entry, partners))
        if entry.get("records"):
            stage.act(entry["end"], 17, partial(_import, stage, entry))
        for line in entry.get("tally") or ():
            counted_on = max(month_of(line) + timedelta(days=34), FIRST_DAY + timedelta(days=1))
            stage.act(counted_on, 12, partial(_tally, stage, entry, line))
        for visit in entry.get("visits") or ():
            stage.act(visit["date"], 18, partial(_visit, stage, entry, visit))
    for entry in document["planned_2026"]:
        stage.act(FIRST_DAY, 13, partial(_plan, stage, entry, partners))


def month_of(line: dict[str, Any]) -> date:
    """The first day of the month of a tally."""
    year, month = map(int, str(line["month"]).split("-")[:2])
    return date(year, month, 1)


def _spec(entry: dict[str, Any], partners: dict[str, str], **more: Any) -> ProgrammeSpec:
    certificate = entry.get("certificate") or {}
    return ProgrammeSpec(
        slug=entry["slug"],
        title=entry["title"],
        title_en=entry["title_en"],
        description=entry["description"],
        description_en=entry["description_en"],
        year=entry["year"],
        category=entry["category"],
        status=entry["status"],
        outcome=entry["outcome"],
        certificate=certificate.get("name"),
        certificate_en=certificate.get("name_en"),
        is_specialist=bool(certificate.get("specialist")),
        is_invented=bool(entry.get("invented")),
        partners=tuple((name, partners.get(name, "")) for name in entry["partners"]),
        **more,
    )


def _create(stage: Stage, entry: dict[str, Any], partners: dict[str, str]) -> None:
    spec = _spec(entry, partners, starts_on=entry["start"], ends_on=entry["end"])
    service.create_programme(stage.admin, spec)


def _plan(stage: Stage, entry: dict[str, Any], partners: dict[str, str]) -> None:
    """Planned programmes lie ahead of the day on which the demo is loaded."""
    today = stage.today
    spec = _spec(
        entry,
        partners,
        starts_on=today + timedelta(days=entry["start_offset_days"]),
        ends_on=today + timedelta(days=entry["end_offset_days"]),
    )
    service.create_programme(stage.admin, spec)


def roster_file(people: list[DemoPerson], entry: dict[str, Any]) -> bytes:
    """The roster of one programme as the centre would send it: CSV from a spreadsheet program, CP949."""
    certificate = entry.get("certificate") or {}
    issued = certificate.get("issued", 0)
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(HEADER)
    joined = [person for person in people if entry["slug"] in person.programmes]
    for number, person in enumerate(joined, start=1):
        writer.writerow(
            (
                number,
                person.name,
                person.born_on.isoformat(),
                person.phone,
                person.neighbourhood,
                entry["start"].isoformat(),
                "Y",
                "Y" if number <= issued else "N",
            )
        )
    return target.getvalue().encode("cp949")


def _import(stage: Stage, entry: dict[str, Any]) -> None:
    programme = queries.get_programme(entry["slug"])
    name = f"{entry['title']}_참여자명단_2025.csv"
    service.import_roster(stage.moderator, programme, name, roster_file(stage.people, entry))
    _link_people(stage)
    if entry["slug"] == MEETING_COURSE:
        _meet(stage, entry)


def _meet(stage: Stage, entry: dict[str, Any]) -> None:
    """Three meetings of a course, each missed by a few; and somebody who asks to be found on its roster."""
    slug = entry["slug"]
    lines = [
        line.id for line in queries.list_participants(queries.get_programme(slug).id, limit=500)
    ]
    for number, title in enumerate(("질문을 쓰는 법", "문서와 표 다루기", "모의시험")):
        programme = queries.get_programme(slug)
        held_on = entry["start"] + timedelta(days=7 * number)
        meeting = service.add_meeting(stage.moderator, programme, held_on, title, minutes=120)
        here = [one for place, one in enumerate(lines) if (place + number) % 9]
        service.note_presence(stage.moderator, programme, meeting, shown=lines, here=here)
    asking = next(
        person
        for person in stage.people
        if slug in person.programmes
        and (name := stage.nickname_of(person)) in stage.youths
        and name not in stage.provers
    )
    told = Given(asking.name, word="오후반이었어요. 전화번호가 바뀌었어요.", has_consented=True)
    youth = stage.youths[stage.nickname_of(asking)]
    service.ask_centre(youth, queries.get_programme(slug), told)


def _tally(stage: Stage, entry: dict[str, Any], line: dict[str, Any]) -> None:
    service.record_tally(
        stage.moderator,
        queries.get_programme(entry["slug"]),
        line["partner"],
        month_of(line),
        participants=line.get("participants", 0),
        sessions=line.get("sessions", 0),
    )


def _visit(stage: Stage, entry: dict[str, Any], visit: dict[str, Any]) -> None:
    service.add_visit(
        stage.moderator,
        queries.get_programme(entry["slug"]),
        company=visit["company"],
        visited_on=visit["date"],
        participants=visit["participants"],
    )


def _link_people(stage: Stage) -> None:
    """Those who write here under a nickname have proved that they took part, and every third voter."""
    nicknames = {
        person.phone.replace("-", ""): stage.nickname_of(person) for person in stage.people
    }
    numbers = {
        phone: nickname for phone, nickname in nicknames.items() if nickname in stage.provers
    }
    query = select(Person).where(Person.phone.in_(numbers), Person.account_id.is_(None))
    for person in session().scalars(query).all():
        service.link_person(stage.youths[numbers[str(person.phone)]], person)
