"""A night's work: what is due goes, in batches, once, into the register; people are told before."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from ideas_app.accounts.models import Account
from ideas_app.accounts.service import erase_unused
from ideas_app.audit.models import AccessRecord, AuditEntry
from ideas_app.audit.rules import Look
from ideas_app.audit.service import record_look
from ideas_app.cli.doctor import examine
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid, NotFound, Refused
from ideas_app.core.outbox import OutboxEvent
from ideas_app.core.retaining import days_of, days_of_all, find_period, periods
from ideas_app.notifications.models import Notice
from ideas_app.notifications.rules import KINDS
from ideas_app.programmes.models import Participation, Person, Programme, RosterImport
from ideas_app.programmes.service import ProgrammeSpec, create_programme
from ideas_app.retention import queries, service
from ideas_app.retention.models import Destruction, Warned
from ideas_app.retention.queries import find_register_break
from tests.people import make_account
from tests.programmes.scenes import csv_of, import_

NOW = datetime(2020, 11, 2, 18, 20, tzinfo=UTC)
"""03:20 of November 3 in Seoul, long ago: the database goes by the real time when it refuses to delete what is
young.
"""


@pytest.fixture(autouse=True)
def night(app):
    with clock.at(NOW):
        yield


def run(name, **more):
    return service.run_period(SYSTEM, find_period(name), by="nightly", **more)


def looks_of(days_ago, count, actor):
    with clock.at(NOW - timedelta(days=days_ago)), transaction():
        for number in range(count):
            record_look(actor, Look.ROSTER, [number], whose="participation")


def count_looks():
    return session().scalar(select(func.count(AccessRecord.id)))


def register_of(name):
    query = select(Destruction).where(Destruction.period == name).order_by(Destruction.id)
    return list(session().scalars(query))


# ---- rows that go by themselves ----


def test_what_is_over_its_period_goes_and_stands_in_the_register(cast):
    looks_of(800, 3, cast.sora)
    looks_of(732, 1, cast.sora)
    looks_of(700, 2, cast.sora)
    assert run("access_record").destroyed == 4
    assert count_looks() == 2
    line = register_of("access_record")[0]
    today = clock.today()
    assert (line.count, line.days, line.way, line.by) == (4, 731, "deleted", "nightly")
    assert (line.first_on, line.last_on) == (
        today - timedelta(days=800),
        today - timedelta(days=732),
    )
    assert "2년" in line.ground or "2 years" in line.ground
    assert run("access_record").destroyed == 0
    assert len(register_of("access_record")) == 1


def test_a_run_stopped_between_two_batches_goes_on_and_the_register_adds_up(cast, monkeypatch):
    looks_of(800, 7, cast.sora)
    written = []

    def stop(*args, **more):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(register_before(*args, **more))

    register_before = service.running.register
    monkeypatch.setattr(service.running, "register", stop)
    with pytest.raises(KeyboardInterrupt):
        run("access_record", batch=2)
    assert count_looks() == 3, "the third batch stands as a whole"
    monkeypatch.undo()
    assert run("access_record", batch=2).destroyed == 3
    assert count_looks() == 0
    assert sum(line.count for line in register_of("access_record")) == 7
    shown = list(queries.list_register())
    assert [(line.period, line.count) for line in shown] == [("access_record", 7)]
    assert find_register_break() is None


def test_a_decided_request_and_an_old_notice_go(cast):
    with transaction() as current:
        for days in (731, 10):
            current.add(
                Notice(
                    account_id=cast.mina.id,
                    kind="published",
                    once_key=str(days),
                    values={},
                    made_at=NOW - timedelta(days=days),
                )
            )
    assert run("notice").destroyed == 1
    assert session().scalars(select(Notice.once_key)).all() == ["10"]


def test_only_the_house_and_administrators_may_destroy(cast):
    for stranger in (cast.mina, cast.sora, cast.hyun, cast.visitor):
        with pytest.raises(Refused):
            service.run_period(stranger, find_period("notice"), by="page")


def test_a_line_that_was_forged_into_the_register_is_found(cast):
    looks_of(800, 1, cast.sora)
    run("access_record")
    [line] = register_of("access_record")
    assert find_register_break() is None
    with transaction() as current:
        told = {column.key: getattr(line, column.key) for column in Destruction.__table__.columns}
        current.add(Destruction(**{**told, "id": line.id + 1, "count": 9, "hash": "f" * 64}))
    assert find_register_break() == line.id + 1
    assert "register" in {finding.check for finding in examine()}


# ---- accounts that nobody uses ----


def unused(nickname, days):
    account = make_account(nickname, email=f"{nickname.lower()}@example.org")
    with transaction():
        session().get_one(Account, account.id).seen_at = NOW - timedelta(days=days)
    return account


def events(kind):
    query = select(OutboxEvent.payload).where(OutboxEvent.kind == kind).order_by(OutboxEvent.id)
    return list(session().scalars(query))


def night_after(days):
    return clock.at(NOW + timedelta(days=days))


def test_an_unused_account_is_asked_twice_and_then_expires_once(cast, monkeypatch):
    expired = []
    monkeypatch.setattr(
        "ideas_app.accounts.retention.publish",
        lambda event: expired.append((type(event).__name__, event)),
    )
    nari = unused("Nari", 700)
    for day in range(45):
        with night_after(day):
            run("account_unused")
    assert [name for name, _event in expired] == [
        "AccountExpiring",
        "AccountExpiring",
        "AccountExpired",
    ]
    assert {event.account_id for _name, event in expired} == {nari.id}
    assert [event.days for _name, event in expired[:2]] == [30, 7]
    assert expired[0][1].goes_on == expired[1][1].goes_on
    assert [line.count for line in register_of("account_unused")] == [1]


def test_an_expired_account_is_erased_as_if_its_owner_had_left(cast, monkeypatch):
    monkeypatch.setattr("ideas_app.accounts.jobs.deliver", lambda mail: True)
    nari = unused("Nari", 700)
    for day in (1, 24, 40):
        with night_after(day):
            run("account_unused")
            outbox.drain()
    gone = session().get_one(Account, nari.id, populate_existing=True)
    assert gone.deleted_at
    assert (gone.email, gone.seen_at) == (None, None)
    assert gone.nickname != "Nari"


def test_whoever_comes_back_at_the_last_moment_is_not_erased(cast):
    nari = unused("Nari", 800)
    with transaction():
        session().get_one(Account, nari.id).seen_at = clock.now()
        assert not erase_unused(nari.id)
    assert session().get_one(Account, nari.id).deleted_at is None


def test_whoever_signs_in_after_the_warning_stays_and_is_asked_anew_another_time(cast):
    nari = unused("Nari", 725)
    assert run("account_unused").warned == 1
    with night_after(5), transaction():
        session().get_one(Account, nari.id).seen_at = clock.now()
    for day in (24, 40, 60):
        with night_after(day):
            done = run("account_unused")
            assert (done.reminded, done.destroyed) == (0, 0)
    assert session().scalars(select(Warned)).all() == []


def test_the_mail_says_the_day_and_leads_to_the_log_in(cast, app, tmp_path, monkeypatch):
    sent = []
    monkeypatch.setattr("ideas_app.accounts.jobs.deliver", sent.append)
    unused("Nari", 725)
    run("account_unused")
    outbox.drain()
    assert [mail.to for mail in sent] == ["nari@example.org"]
    assert "2020년 12월 3일" in sent[0].text
    assert "/login" in sent[0].text


def test_colleagues_and_closed_accounts_do_not_expire(cast):
    with transaction() as current:
        old = NOW - timedelta(days=4000)
        current.execute(update(Account).values(seen_at=old, created_at=old))
        current.get_one(Account, cast.jun.id).disabled_at = NOW
    assert run("account_unused").warned == 1, "of the cast Mina alone"


def test_signing_in_counts_as_use(cast, browser_of):
    jun = browser_of(cast.jun)
    with night_after(1):
        jun.get("/me/settings")
    seen_at = session().get_one(Account, cast.jun.id, populate_existing=True).seen_at
    assert seen_at == NOW + timedelta(days=1)


# ---- rosters ----


ROWS = datetime(2025, 6, 1, tzinfo=UTC)
"""When the days in the rows of the invented rosters lie in the past."""


def roster(slug, ends_on, people=6):
    spec = ProgrammeSpec(slug=slug, title=slug, year=ends_on.year, ends_on=ends_on)
    with transaction():
        programme = create_programme(SYSTEM, spec)
    with clock.at(ROWS):
        import_(programme, csv_of(people))
    return programme


def test_names_on_a_roster_go_after_the_centre_was_told_and_every_count_stays(cast):
    today = clock.today()
    programme = roster("old-one", today - timedelta(days=3 * 365 - 30))
    before = session().scalar(select(func.count(Participation.id)))
    assert run("roster").warned == 1
    outbox.drain()
    told = session().scalars(select(Notice).where(Notice.kind == "roster_expiring")).one()
    assert told.account_id == cast.sora.id
    assert "2020. 12. 3." in str(KINDS[told.kind].line(told.values))
    with night_after(23):
        assert run("roster").reminded == 1
    with night_after(30):
        assert run("roster").destroyed == 6
        assert run("roster").destroyed == 0
    assert session().scalars(select(Person.name).distinct()).all() == [""]
    assert session().scalars(select(Person.phone).distinct()).all() == [None]
    assert session().scalars(select(Person.born_on).distinct()).all() == [None]
    assert session().scalar(select(func.count(Participation.id))) == before == 6
    assert session().get_one(Programme, programme.id).records_count == 6
    assert [line.count for line in register_of("roster")] == [6]


def test_whoever_took_part_in_something_later_or_has_a_link_keeps_the_name(cast):
    today = clock.today()
    roster("old-one", today - timedelta(days=4 * 365), people=6)
    roster("new-one", today - timedelta(days=200), people=2)
    with transaction() as current:
        person = current.scalars(select(Person).order_by(Person.id.desc())).first()
        person.account_id = cast.jun.id
    for day in (0, 23, 30):
        with night_after(day):
            run("roster")
    named = session().scalars(select(Person.id).where(Person.name != "")).all()
    assert len(named) == 3
    assert sum(line.count for line in register_of("roster")) == 3


def test_what_an_import_changed_is_emptied_after_the_days_of_undoing(cast):
    roster("one", clock.today())
    with transaction() as current:
        [done] = current.scalars(select(RosterImport))
        done.imported_at, done.moved = NOW - timedelta(days=31), {"persons": [1]}
    assert run("roster_undo").destroyed == 1
    assert run("roster_undo").destroyed == 0


# ---- the night, the command, the settings ----


def test_every_period_is_looked_at_at_night(cast):
    looks_of(800, 2, cast.sora)
    assert housekeeping.run("retention.jobs.look_at_periods") == 1
    assert len(events("PeriodLookedAt")) == len(periods())
    outbox.drain()
    assert count_looks() == 0


def test_a_dry_run_says_what_would_go_and_changes_nothing(app, cast):
    looks_of(800, 2, cast.sora)
    unused("Nari", 725)
    command = app.test_cli_runner()
    dry = command.invoke(args=["retention", "run", "--dry-run", "--json"])
    told = {line["period"]: line for line in json.loads(dry.output)}
    assert told["access_record"]["destroyed"] == 2
    assert told["account_unused"]["warned"] == 1
    assert count_looks() == 2
    assert session().scalars(select(Warned)).all() == session().scalars(select(Destruction)).all()
    wet = command.invoke(args=["retention", "run", "--only", "access_record"])
    assert wet.output == "access_record: 2 gone (731 days)\n"
    assert count_looks() == 0
    assert command.invoke(args=["retention", "run", "--only", "nothing"]).exit_code == 2


def test_a_period_is_set_with_a_reason_within_its_bounds_and_that_is_logged(cast):
    with transaction():
        service.set_period(cast.dana, "notice", 90, reason="알림은 석 달이면 충분")
    assert days_of(find_period("notice")) == days_of_all()["notice"] == 90
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.tag, entry.diff["days"]) == ("retention:changed", [730, 90])
    for days, reason in ((90, " "), (3, "짧게"), (None, "없음")):
        with pytest.raises(Invalid), transaction():
            service.set_period(cast.dana, "notice", days, reason=reason)
    with pytest.raises(Invalid), transaction():
        service.set_period(cast.dana, "access_record", 700, reason="짧게")
    with pytest.raises(NotFound), transaction():
        service.set_period(cast.dana, "nothing", 90, reason="없음")
    for stranger in (cast.mina, cast.sora, cast.hyun):
        with pytest.raises(Refused), transaction():
            service.set_period(stranger, "notice", 90, reason="내 마음")
    assert days_of(find_period("notice")) == 90


# ---- what nobody may change ----


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_record SET count = 0",
        "DELETE FROM access_record",
        "UPDATE destruction_record SET count = 0",
        "DELETE FROM destruction_record",
    ],
)
def test_the_database_refuses_to_change_what_was_written(cast, statement):
    looks_of(800, 1, cast.sora)
    run("access_record")
    with clock.at(datetime.now(UTC)), transaction():
        record_look(cast.sora, Look.ROSTER, [1], whose="participation")
    with pytest.raises(DBAPIError), transaction():
        session().execute(text(statement))
    assert count_looks() == 1
