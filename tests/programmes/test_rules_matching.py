"""Who on a roster is already known: sure, unsure or new; and the same file twice changes
nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from ideas_app.programmes.models import Attendance
from ideas_app.programmes.rules.columns import ColumnMapping
from ideas_app.programmes.rules.matching import (
    Change,
    Decision,
    ImportPlan,
    Match,
    StoredPerson,
    StoredRecord,
    Unsure,
    match_key,
    plan_import,
)
from ideas_app.programmes.rules.roster import ParsedRoster, RosterRow

BORN = date(1999, 3, 1)
PHONE = "01012345678"
ALL = ("name", "birth_on", "phone", "cohort", "joined_on", "completed", "certified", "certificate")
MINA = RosterRow(
    number=2,
    name="김미나",
    birth_on=BORN,
    phone=PHONE,
    email=None,
    neighbourhood=None,
    programme=None,
    cohort="1기",
    applied_on=None,
    joined_on=date(2025, 3, 2),
    status=Attendance.ATTENDED,
    certificate_name=None,
    certified_on=None,
    note="",
)


def key_of(row):
    return match_key("a secret of the tests", row.name, row.birth_on, row.phone)


plan_of = partial(plan_import, key_of=key_of)


def roster(*rows, columns=ALL):
    mapping = ColumnMapping(1, columns, {field: place for place, field in enumerate(columns)})
    numbered = [replace(row, number=number) for number, row in enumerate(rows, start=2)]
    return ParsedRoster("", mapping, tuple(numbered))


def carry_out(plan: ImportPlan, stored=()):
    """What the service does with a plan, in memory."""
    persons = {person.id: person for person in stored}
    ids = {person.key: person.id for person in stored}
    for key, row in plan.new_persons.items():
        ids[key] = len(ids) + 1
        persons[ids[key]] = StoredPerson(
            ids[key], key, row.name, row.birth_on, row.phone, row.email, row.neighbourhood
        )
    for person_id, what in plan.person_changes.items():
        persons[person_id] = replace(persons[person_id], **what)
    for number, planned in enumerate(plan.rows, start=sum(len(p.records) for p in stored) + 1):
        person_id = planned.person_id or ids.get(planned.key)
        row = planned.row
        records = persons[person_id].records if person_id else ()
        if planned.change is Change.NEW:
            record = StoredRecord(
                number,
                row.cohort,
                row.status,
                row.joined_on,
                row.certificate_name,
                row.certified_on,
            )
            records = (*records, record)
        elif planned.change is Change.CHANGED:
            records = tuple(
                replace(each, **planned.changes) if each.id == planned.record_id else each
                for each in records
            )
        if person_id:
            persons[person_id] = replace(persons[person_id], records=records)
    return list(persons.values())


def known(*rows):
    return carry_out(plan_of(roster(*rows), []))


def test_the_key_is_the_same_for_every_spelling_and_tells_nobody_anything():
    one = match_key("s", "김 미 나", BORN, PHONE)
    assert one == match_key(b"s", "김미나", BORN, PHONE)
    assert re.fullmatch(r"[0-9a-f]{64}", one)
    others = {
        match_key("t", "김미나", BORN, PHONE),
        match_key("s", "김미내", BORN, PHONE),
        match_key("s", "김미나", None, PHONE),
        match_key("s", "김미나", BORN, None),
    }
    assert len(others | {one}) == 5


def test_a_stranger_is_a_new_person_with_a_new_record():
    plan = plan_of(roster(MINA), [])
    assert [(each.match, each.change) for each in plan.rows] == [(Match.NEW, Change.NEW)]
    assert list(plan.new_persons) == [key_of(MINA)]
    assert not plan.changes_nothing


def test_the_same_file_twice_changes_nothing():
    stored = known(MINA, replace(MINA, name="박준", phone=None))
    again = plan_of(roster(MINA, replace(MINA, name="박준", phone=None)), stored)
    assert again.changes_nothing
    assert again.count(match=Match.SAME, change=Change.SAME) == 2


def test_a_known_person_in_another_programme_or_cohort_gets_a_record_and_no_twin():
    for stored in (known(replace(MINA, cohort="2기")), [replace(known(MINA)[0], records=())]):
        plan = plan_of(roster(MINA), stored)
        assert plan.new_persons == {}
        assert [(each.match, each.change) for each in plan.rows] == [(Match.SAME, Change.NEW)]


def test_two_of_three_equal_is_unsure_and_never_merged():
    for other, differs in (
        (replace(MINA, phone="01099998888"), "phone"),
        (replace(MINA, birth_on=date(1999, 1, 3)), "birth_on"),
        (replace(MINA, name="김미내"), "name"),
        (replace(MINA, phone=None), "phone"),
    ):
        stored = known(MINA)
        plan = plan_of(roster(other), stored)
        (row,) = plan.unsure
        assert [(each.person_id, each.differs) for each in row.candidates] == [
            (stored[0].id, differs)
        ]
        assert row.person_id is None
        assert list(plan.new_persons) == [key_of(other)]
        assert plan_of(roster(other), carry_out(plan, stored)).changes_nothing


def test_a_namesake_is_simply_another_person():
    plan = plan_of(
        roster(replace(MINA, birth_on=date(1990, 1, 1), phone="01099998888")), known(MINA)
    )
    assert [each.match for each in plan.rows] == [Match.NEW]


def test_unsure_rows_can_hold_up_the_import():
    plan = plan_of(roster(replace(MINA, phone=None)), known(MINA), unsure=Unsure.STOP)
    assert [(each.code, each.row, each.value) for each in plan.errors] == [
        ("person_undecided", 2, "김*나")
    ]
    assert plan_of(roster(MINA), known(MINA), unsure=Unsure.STOP).errors == ()


def test_rows_of_one_file_that_may_be_one_person_are_listed():
    plan = plan_of(roster(MINA, replace(MINA, phone="01099998888")), [])
    assert [[each.row for each in row.candidates] for row in plan.unsure] == [[3], [2]]
    assert len(plan.new_persons) == 2


def test_a_decision_for_the_same_person_is_kept_for_the_next_time():
    stored = known(MINA)
    other = replace(MINA, phone="01099998888", cohort="2기")
    decisions = {key_of(other): Decision(person_id=stored[0].id)}
    plan = plan_of(roster(other), stored, decisions=decisions)
    assert (plan.new_persons, plan.unsure) == ({}, ())
    assert [(each.person_id, each.change) for each in plan.rows] == [(stored[0].id, Change.NEW)]
    later = carry_out(plan, stored)
    assert len(later) == 1
    assert plan_of(roster(other), later, decisions=decisions).changes_nothing


def test_a_decision_for_a_new_person_ends_the_question():
    other = replace(MINA, phone="01099998888")
    plan = plan_of(
        roster(other), known(MINA), decisions={key_of(other): Decision()}, unsure=Unsure.STOP
    )
    assert (plan.errors, plan.unsure) == ((), ())
    assert len(plan.new_persons) == 1


def test_a_row_can_be_left_out():
    plan = plan_of(roster(MINA), [], decisions={key_of(MINA): Decision(leave_out=True)})
    assert plan.changes_nothing
    assert plan.rows[0].match is Match.LEFT_OUT


def test_two_rows_that_become_one_person_are_one_record_or_an_error():
    other = replace(MINA, phone="01099998888")
    decisions = {key_of(other): Decision(key=key_of(MINA))}
    plan = plan_of(roster(MINA, other), [], decisions=decisions)
    assert (len(plan.new_persons), plan.count(change=Change.NEW), plan.errors) == (1, 1, ())
    clash = plan_of(roster(MINA, replace(other, joined_on=None)), [], decisions=decisions)
    assert [(each.code, each.row) for each in clash.errors] == [("row_contradicts", 3)]


def test_what_the_file_says_anew_is_a_change():
    later = replace(
        MINA, status=Attendance.CERTIFIED, certificate_name="AI-POT", certified_on=date(2025, 4, 20)
    )
    (row,) = plan_of(roster(later), known(MINA)).rows
    assert row.change is Change.CHANGED
    assert row.changes == {
        "status": Attendance.CERTIFIED,
        "certificate_name": "AI-POT",
        "certified_on": date(2025, 4, 20),
    }


def test_a_file_that_is_silent_takes_nothing_away():
    certified = replace(
        MINA, status=Attendance.CERTIFIED, certificate_name="AI-POT", certified_on=date(2025, 4, 20)
    )
    plain = replace(MINA, joined_on=None)
    plan = plan_of(roster(plain, columns=("name", "birth_on", "phone", "cohort")), known(certified))
    assert plan.changes_nothing


def test_a_file_that_says_otherwise_takes_the_certificate_back():
    certified = replace(
        MINA, status=Attendance.CERTIFIED, certificate_name="AI-POT", certified_on=date(2025, 4, 20)
    )
    stored = known(certified)
    plan = plan_of(roster(replace(MINA, status=Attendance.COMPLETED)), stored)
    assert plan.rows[0].changes == {
        "status": Attendance.COMPLETED,
        "certificate_name": None,
        "certified_on": None,
    }
    assert plan_of(
        roster(replace(MINA, status=Attendance.COMPLETED)), carry_out(plan, stored)
    ).changes_nothing


def test_an_address_that_is_new_is_told_and_the_last_row_wins():
    rows = [
        replace(MINA, email="a@example.org"),
        replace(MINA, cohort="2기", email="b@example.org"),
    ]
    stored = known(*rows)
    plan = plan_of(roster(*rows), stored)
    later = carry_out(plan, stored)
    assert plan.person_changes == {stored[0].id: {"email": "b@example.org"}}
    assert plan_of(roster(*rows), later).changes_nothing


def test_spaces_in_a_cohort_make_no_second_record():
    assert plan_of(roster(replace(MINA, cohort="1 기")), known(MINA)).changes_nothing


PEOPLE = st.builds(
    lambda name, born, phone, cohort, status: replace(
        MINA, name=name, birth_on=born, phone=phone, cohort=cohort, status=status
    ),
    st.sampled_from(["김미나", "김 미나", "박준"]),
    st.sampled_from([BORN, date(2001, 1, 1)]),
    st.sampled_from([PHONE, "01099998888", None]),
    st.sampled_from(["", "1기", "2기"]),
    st.sampled_from(Attendance),
)


@given(st.lists(PEOPLE, max_size=8), st.lists(PEOPLE, max_size=8))
def test_any_file_imported_twice_changes_nothing_and_forgets_nobody(first, second):
    first, second = (
        list({(row.identity, row.cohort): row for row in rows}.values()) for rows in (first, second)
    )
    stored = known(*first)
    plan = plan_of(roster(*second), stored)
    later = carry_out(plan, stored)
    assert {person.key for person in stored} <= {person.key for person in later}
    assert len({person.key for person in later}) == len(later)
    assert plan_of(roster(*second), later).changes_nothing
