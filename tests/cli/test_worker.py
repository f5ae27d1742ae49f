"""The worker handles what is due and throws away what has no purpose left, and only that."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from ideas_app.accounts.events import ResetAsked
from ideas_app.accounts.models import Attempt, LoginSession
from ideas_app.adapters.queue import Queue, QueueAwayError
from ideas_app.cli.worker import _Workshop
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Draft

if TYPE_CHECKING:
    from flask import Flask

    from tests.people import Cast


def count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_old_tries_sessions_and_stray_drafts_go_and_fresh_ones_stay(app: Flask, cast: Cast) -> None:
    now = clock.now()
    with transaction() as current:
        for age in (timedelta(hours=1), timedelta(days=40)):
            then = now - age
            current.add(Attempt(key=f"k{age.days}", window_at=then, tries=1))
            current.add(
                LoginSession(
                    token_hash=f"t{age.days}",
                    account_id=cast.mina.id,
                    created_at=then,
                    seen_at=then,
                )
            )
            current.add(Draft(token_hash=f"d{age.days}", content={}, updated_at=then))
        current.add(
            Draft(
                token_hash="own",
                account_id=cast.mina.id,
                content={},
                updated_at=now - timedelta(days=90),
            )
        )
    printed = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert f"did {len(housekeeping.chores())} chores" in printed.output
    assert (count(Attempt), count(LoginSession), count(Draft)) == (1, 1, 2)


def test_a_chore_that_fails_does_not_stop_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def breaks() -> None:
        raise RuntimeError

    def works() -> None:
        ran.append(1)

    monkeypatch.setattr(housekeeping, "_chores", [])
    housekeeping.hourly(breaks)
    housekeeping.hourly(works)
    assert housekeeping.run() == 1
    assert ran == [1]


def test_a_second_look_within_the_hour_does_no_chore_again(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    with clock.at(clock.day_start(clock.today(), 12, 30)):
        runner.invoke(args=["worker", "--once"])
        assert "did 0 chores" in runner.invoke(args=["worker", "--once"]).output


def test_without_a_queue_the_look_does_the_work_itself(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_queue: object, _lane: str) -> None:
        raise QueueAwayError

    monkeypatch.setattr(Queue, "call", away)
    monkeypatch.setattr(housekeeping, "_chores", [])
    with transaction():
        outbox.publish(ResetAsked(cast.mina.id))
    _Workshop(app, threading.Event()).sweep()
    assert outbox.due_lanes() == []


def test_publishing_goes_on_while_the_queue_is_away(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_queue: object, _lane: str) -> None:
        raise QueueAwayError

    monkeypatch.setattr(Queue, "call", away)
    monkeypatch.setitem(app.config, "WAKES", True)
    with transaction():
        outbox.publish(ResetAsked(cast.mina.id))
    assert outbox.due_lanes() == ["mail"]
