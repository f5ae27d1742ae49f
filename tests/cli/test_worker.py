"""The worker handles what is due and throws away what has no purpose left, and only that."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from ideas_app.accounts.models import Attempt, LoginSession
from ideas_app.core import clock, housekeeping
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
    assert "did 8 chores" in printed.output
    assert (count(Attempt), count(LoginSession), count(Draft)) == (1, 1, 2)


def test_a_chore_that_fails_does_not_stop_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def breaks() -> None:
        raise RuntimeError

    monkeypatch.setattr(housekeeping, "_chores", [breaks, lambda: ran.append(1)])
    assert housekeeping.run() == 1
    assert ran == [1]
