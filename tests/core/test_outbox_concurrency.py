"""Several workers at once: every event is handled by one of them, every chore done once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from ideas_app.accounts.events import ResetAsked
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent

WORKERS = 4
EVENTS = 24


def together(app: Flask, work: Callable[[], None]) -> None:
    """So many workers do the same at the same time."""
    ready = threading.Barrier(WORKERS)

    def one() -> None:
        with app.app_context():
            ready.wait(60)
            work()
            session().close()

    threads = [threading.Thread(target=one) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_every_event_is_claimed_by_one_worker(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        for number in range(EVENTS):
            outbox.publish(ResetAsked(number))
    claimed: list[int] = []

    def claim() -> None:
        for _ in range(EVENTS):
            taken = outbox.claim_one()
            if taken is not None:
                claimed.append(taken.event_id)

    together(own_app, claim)
    assert set(Counter(claimed).values()) == {1}
    assert len(claimed) == EVENTS


def test_a_chore_that_all_workers_ask_for_is_done_once(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[int] = []
    monkeypatch.setattr(housekeeping, "_chores", [])
    housekeeping.daily(at="00:00")(lambda: did.append(1))

    def ask_and_work() -> None:
        housekeeping.ask_due()
        outbox.drain()

    together(own_app, ask_and_work)
    with own_app.app_context(), clock.at(clock.now() + timedelta(minutes=5)):
        outbox.drain()  # what an overtaken worker left
        assert session().scalar(select(func.count(OutboxEvent.id))) == 1
    assert did == [1]
