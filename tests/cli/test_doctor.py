"""The doctor finds every planted fault, names it, and mends what can be counted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ideas_app.cli.doctor import examine
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.outbox import OutboxEvent
from ideas_app.ideas.models import Idea
from ideas_app.programmes.models import Programme
from tests.factories import make_campaign, make_idea, make_programme

if TYPE_CHECKING:
    from flask import Flask

    from tests.people import Cast


@pytest.mark.parametrize("counter", ["supports_count", "comments_count"])
def test_a_wrong_counter_is_found_and_mended(app: Flask, cast: Cast, counter: str) -> None:
    idea = make_idea(cast.mina, make_campaign())
    assert examine() == []
    with transaction() as session:
        session.execute(update(Idea).where(Idea.id == idea.id).values({counter: 7}))
    assert len(examine()) == 1
    runner = app.test_cli_runner()
    found = runner.invoke(args=["doctor"])
    assert found.exit_code == 1
    assert "7" in found.output
    assert runner.invoke(args=["doctor", "--fix"]).exit_code == 0
    assert examine() == []


def test_a_wrong_count_of_a_programme_is_found_and_mended(app: Flask) -> None:
    programme = make_programme()
    with transaction() as session:
        session.execute(
            update(Programme).where(Programme.id == programme.id).values(records_count=3)
        )
    assert [finding.check for finding in examine()] == ["counters"]
    assert app.test_cli_runner().invoke(args=["doctor", "--fix"]).exit_code == 0


def test_an_event_that_failed_for_good_stays_visible(app: Flask) -> None:
    with transaction() as session:
        session.add(
            OutboxEvent(
                kind="X",
                handler="x",
                payload={},
                happened_at=clock.now(),
                due_at=clock.now(),
                dead_at=clock.now(),
            )
        )
    assert [finding.check for finding in examine()] == ["outbox"]
    printed = app.test_cli_runner().invoke(args=["doctor", "--json"])
    assert printed.exit_code == 1
    assert '"check": "outbox"' in printed.output
