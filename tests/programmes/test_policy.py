"""Who may do what to programmes and rosters, asked as a table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ideas_app.core.actor import SYSTEM, VISITOR, Actor
from ideas_app.core.permissions import Role
from ideas_app.programmes import policy
from ideas_app.programmes.models import Outcome, Person, Programme, RosterImport

NOW = datetime(2026, 5, 4, 3, 0, tzinfo=UTC)
PEOPLE = {
    "visitor": VISITOR,
    "system": SYSTEM,
    **{
        role.value: Actor(id=number, role=role, is_verified=True, born_on=date(1995, 1, 1))
        for number, role in enumerate(Role, start=1)
    },
}
STAFF = {"moderator", "admin", "system"}


@pytest.mark.parametrize("who", PEOPLE)
def test_programmes_and_rosters_belong_to_moderators(who):
    actor, programme = PEOPLE[who], Programme(outcome=Outcome.ATTENDANCE)
    verdicts = (
        policy.may_manage(actor, now=NOW),
        policy.may_import(actor, programme, now=NOW),
        policy.may_read_roster(actor, programme, now=NOW),
    )
    assert {verdict.allowed for verdict in verdicts} == {who in STAFF}


@pytest.mark.parametrize("outcome", Outcome)
def test_only_counselling_takes_no_roster_whoever_asks(outcome):
    verdict = policy.may_import(SYSTEM, Programme(outcome=outcome), now=NOW)
    assert verdict.allowed == (outcome is not Outcome.COUNSELLING)


@pytest.mark.parametrize(
    ("days", "undone", "is_newest", "code"),
    [
        (0, False, True, "ok"),
        (30, False, True, "ok"),
        (31, False, True, "too_late"),
        (1, True, True, "undone_already"),
        (1, False, False, "not_newest"),
    ],
)
def test_an_import_can_be_undone_for_thirty_days(days, undone, is_newest, code):
    done = RosterImport(imported_at=NOW - timedelta(days=days), undone_at=NOW if undone else None)
    sora = PEOPLE["moderator"]
    assert policy.may_undo(sora, done, is_newest=is_newest, now=NOW).code == code
    assert not policy.may_undo(PEOPLE["youth"], done, is_newest=is_newest, now=NOW)


def test_one_links_oneself_alone_once_and_confirmed():
    mina, person = PEOPLE["youth"], Person(account_id=None)

    def code(actor=mina, whom=person, account_id=1, *, has_person=False):
        verdict = policy.may_link(actor, whom, account_id, has_person=has_person, now=NOW)
        return verdict.code

    assert code() == "ok"
    assert code(account_id=2) == "not_own"
    assert code(VISITOR, account_id=None) == "not_own"
    assert code(Actor(id=1, role=Role.YOUTH)) == "not_verified"
    assert code(whom=Person(account_id=2)) == "linked_already"
    assert code(whom=Person(account_id=1)) == "ok"
    assert code(has_person=True) == "has_person"
