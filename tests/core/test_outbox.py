"""Events are handed out once, come back when their worker died, and wait in lanes of their own."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import Claim, OutboxEvent, publishing, working

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rang:
    """A bell rang."""

    number: int


@pytest.fixture
def heard() -> list[int]:
    """What handlers were handed."""
    return []


@pytest.fixture
def handler(app: Flask, heard: list[int], monkeypatch: pytest.MonkeyPatch):
    """Registers a handler that hears, and then does what the test wants; it is the only one."""
    monkeypatch.setattr(publishing, "_handlers", defaultdict(list))
    for name in ("_kinds", "_lanes", "_abreast"):
        monkeypatch.setattr(publishing, name, {})

    def register(act=lambda: None, **more):
        def hear(event: Rang) -> None:
            heard.append(event.number)
            act()

        hear.__name__ = f"hear_{len(publishing._lanes)}"
        return outbox.handles(Rang, **more)(hear)

    return register


def ring(*numbers: int) -> None:
    with transaction():
        for number in numbers:
            outbox.publish(Rang(number))


def row() -> OutboxEvent:
    return session().scalars(select(OutboxEvent)).one()


def later(by: timedelta):
    return clock.at(clock.now() + by)


def test_a_worker_that_was_killed_loses_its_claim_within_a_minute_and_not_before(handler, heard):
    handler()
    ring(1)
    assert outbox.claim_one() is not None  # and is killed here
    with later(outbox.LEASE - timedelta(seconds=1)):
        assert outbox.drain() == 0
    with later(outbox.LEASE):
        assert outbox.drain() == 1
    assert heard == [1]


def test_a_worker_that_lives_keeps_its_claim_however_long_it_takes(handler, heard):
    def takes_three_minutes():
        for minutes in (0.75, 1.5, 2.25):
            with later(minutes * MINUTE):
                assert outbox.renew_claims() == 1
                assert outbox.claim_one() is None

    handler(takes_three_minutes, outside=True)
    ring(1)
    assert outbox.drain() == 1
    assert not outbox.holds_claims()


def test_of_two_workers_with_one_event_the_work_of_one_counts(handler, heard):
    def is_overtaken():
        if len(heard) == 1:  # stood still for too long: another took over and finished
            with later(2 * outbox.LEASE):
                outbox.run_one(outbox.claim_one())

    handler(is_overtaken, outside=True)
    ring(1)
    assert outbox.run_one(outbox.claim_one()) is False
    assert heard == [1, 1]
    assert row().done_at is not None
    assert row().attempts == 2


def test_work_inside_a_transaction_is_undone_when_the_claim_is_gone(app, cast, handler):
    from ideas_app.ideas.models import Draft

    def writes():
        session().add(Draft(token_hash="x", content={}, updated_at=clock.now()))

    handler(writes)
    ring(1)
    claim = outbox.claim_one()
    assert outbox.run_one(Claim(claim.event_id, "an old mark")) is False
    assert session().scalars(select(Draft)).all() == []
    assert outbox.run_one(claim) is True


def test_an_event_that_kills_its_workers_is_given_up(handler, heard):
    handler()
    ring(1)
    for attempt in range(outbox.MAX_ATTEMPTS):
        with later(attempt * 2 * outbox.LEASE):
            assert outbox.claim_one() is not None
    with later(outbox.MAX_ATTEMPTS * 2 * outbox.LEASE):
        assert outbox.claim_one() is None
    assert (row().error, heard) == ("WorkerLost", [])
    assert row().dead_at is not None


def test_not_now_costs_no_attempt(handler):
    def not_now():
        raise outbox.Later(MINUTE, "ServerAway")

    handler(not_now, outside=True)
    ring(1)
    for number in range(20):
        with later(number * MINUTE):
            outbox.drain()
    assert (row().attempts, row().dead_at, row().error) == (0, None, "ServerAway")


def test_giving_up_is_final_at_once_until_somebody_tries_again(handler, heard):
    def unsure():
        if len(heard) == 1:
            raise outbox.GivenUp("Unsure")

    handler(unsure, outside=True)
    ring(1)
    outbox.drain()
    assert (row().error, row().attempts) == ("Unsure", 1)
    assert [dead.id for dead in outbox.list_dead()] == [row().id]
    with transaction():
        outbox.retry(row())
    assert outbox.drain() == 1


def test_a_failure_is_tried_again_with_more_and_more_patience_and_then_stays_visible(handler):
    def fails():
        raise ValueError

    handler(fails)
    ring(1)
    waits = []
    for _ in range(outbox.MAX_ATTEMPTS):
        with clock.at(row().due_at):
            before = row().due_at
            outbox.drain()
        waits.append(int((row().due_at - before).total_seconds()))
    assert waits[:3] == [10, 30, 90]
    assert row().dead_at is not None
    with transaction():
        outbox.drop(row())
    assert outbox.list_dead() == []


def test_a_slow_lane_holds_up_no_other(handler, heard):
    handler(outside=True, lane="slow")
    handler()
    ring(1, 2)
    assert outbox.due_lanes() == ["inside", "slow"]
    assert outbox.drain(lane="inside") == 2
    assert outbox.due_lanes() == ["slow"]
    assert [each.due for each in outbox.list_waiting()] == [2]


def test_what_is_due_longest_comes_first(handler, heard):
    handler()
    ring(1)
    with later(-MINUTE):
        ring(2)
    outbox.drain()
    assert heard == [2, 1]


def test_workers_are_called_once_for_a_commit_and_not_for_what_was_undone(handler, monkeypatch):
    calls: list[set[str]] = []
    monkeypatch.setattr(publishing, "_waker", [lambda lanes: calls.append(set(lanes))])
    handler(outside=True, lane="slow")
    handler()
    ring(1, 2)
    assert calls == [{"inside", "slow"}]
    with contextlib.suppress(ZeroDivisionError), transaction():
        outbox.publish(Rang(3))
        raise ZeroDivisionError
    with outbox.delayed(MINUTE):
        ring(4)
    assert len(calls) == 1


def test_a_key_is_the_same_for_each_attempt_and_another_for_each_event(handler, heard):
    keys: list[str] = []

    def fails_first():
        keys.append(outbox.once_key())
        if len(keys) == 1:
            raise ValueError

    handler(fails_first)
    ring(1)
    outbox.drain()
    with later(MINUTE):
        outbox.drain()
        ring(2)
        outbox.drain()
    assert keys[0] == keys[1] != keys[2]
    assert outbox.once_key() != outbox.once_key()


def test_the_age_of_the_queue_is_that_of_what_is_due_longest(handler):
    handler()
    assert outbox.queue_seconds() == 0
    ring(1)
    with later(5 * MINUTE):
        assert outbox.queue_seconds() == 300
    assert working.running_event() is None
