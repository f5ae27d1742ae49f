"""Chores come round on time, once, whatever the number of workers; a missed one is made up once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.housekeeping import Chore, ChoreRun
from ideas_app.core.outbox import OutboxEvent

MONDAY = datetime(2026, 6, 1, 3, 20, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def did(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the only chore, an hourly one, was done."""
    did: list[datetime] = []
    monkeypatch.setattr(housekeeping, "_chores", [])
    _register(housekeeping.hourly, did)
    return did


def _register(decorate, did, act=lambda: None):
    def sweep() -> None:
        did.append(clock.now())
        act()

    sweep.__name__ = f"sweep_{len(housekeeping._chores)}"
    decorate(sweep)


def pass_by(at: datetime) -> None:
    """A worker looks and works."""
    with clock.at(at):
        housekeeping.ask_due()
        outbox.drain()


def test_of_several_workers_one_does_a_chore_and_each_hour_once(did):
    for minutes in (0, 1, 20, 39.4, 39.6):
        pass_by(MONDAY + timedelta(minutes=minutes))
    assert [at.hour for at in did] == [3, 4]


def test_what_was_missed_is_made_up_once(did):
    pass_by(MONDAY)
    pass_by(MONDAY + 3 * DAY)
    pass_by(MONDAY + 3 * DAY)
    assert len(did) == 2


def test_a_chore_that_was_asked_for_and_overtaken_is_left_out(did):
    with clock.at(MONDAY):
        housekeeping.ask_due()
    with clock.at(MONDAY + 5 * HOUR):
        housekeeping.ask_due()
        outbox.drain()
    assert len(did) == 1
    skipped = select(func.count(ChoreRun.id)).where(ChoreRun.was_skipped)
    assert session().scalar(skipped) == 1


def test_a_daily_chore_comes_at_its_local_time_and_not_too_late(app, monkeypatch):
    did: list[datetime] = []
    monkeypatch.setattr(housekeeping, "_chores", [])
    _register(housekeeping.daily(at="08:30", within=timedelta(hours=6)), did)
    half_past_eight = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # 2 June in Seoul
    pass_by(half_past_eight - timedelta(seconds=1))
    assert did == []
    pass_by(half_past_eight)
    pass_by(half_past_eight + 5 * HOUR)
    pass_by(half_past_eight + DAY + 6 * HOUR)
    assert did == [half_past_eight]


def test_a_chore_that_fails_is_tried_again_and_stays_visible(app, monkeypatch):
    did: list[datetime] = []

    def fails():
        raise ValueError

    monkeypatch.setattr(housekeeping, "_chores", [])
    _register(housekeeping.daily(at="00:00"), did, fails)
    for seconds in (0, 10, 40, 130, 400, 1300, 4000, 12_000):
        pass_by(MONDAY + timedelta(seconds=seconds))
    assert len(did) == outbox.MAX_ATTEMPTS
    dead = session().scalars(select(OutboxEvent).where(OutboxEvent.dead_at.is_not(None))).one()
    assert dead.payload["name"].endswith("sweep_0")
    assert housekeeping.last_runs() == {}


def test_old_runs_and_handled_events_go_and_the_newest_run_stays(did):
    pass_by(MONDAY)
    pass_by(MONDAY + HOUR)
    with clock.at(MONDAY + 3 * DAY), transaction():
        housekeeping.forget_handled()
    assert session().scalar(select(func.count(ChoreRun.id))) == 1
    assert session().scalar(select(func.count(OutboxEvent.id))) == 0


@given(
    st.integers(0, 2 * 365 * 86400).map(lambda seconds: MONDAY + timedelta(seconds=seconds)),
    st.sampled_from(["minute", "hour", "day"]),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
@settings(max_examples=40, deadline=None)
def test_a_slot_has_come_and_the_next_one_has_not(now: datetime, kind: str, at: time) -> None:
    every = {"minute": timedelta(minutes=1), "hour": HOUR, "day": DAY}[kind]
    chore = Chore("x", lambda: None, every, at if kind == "day" else None)
    slot = chore.last_slot(now)
    assert slot <= now < slot + every
    assert chore.last_slot(slot) == slot
    if kind == "day":
        assert slot.astimezone(clock.SEOUL).time() == at
