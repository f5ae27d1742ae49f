"""Who writes into SQLite when, and when it is on disk."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from ideas_app.core import writers
from ideas_app.core.db import db, is_sqlite, session, transaction
from ideas_app.ideas.models import Idea
from tests.factories import make_campaign, make_idea
from tests.people import Cast
from tests.votes.scenes import counter_of, support


@pytest.fixture
def own(own_app):
    with own_app.app_context():
        if not is_sqlite():
            pytest.skip("PostgreSQL knows by itself")
        yield
        db.session.remove()


@pytest.fixture
def people(own):
    return Cast.assemble()


@pytest.fixture
def idea_id(people):
    return make_idea(people.mina, make_campaign()).id


def beside():
    """Another process, as far as the file knows."""
    return sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)


def test_the_disk_is_waited_for_after_the_lock_is_free_and_before_the_answer(
    people, idea_id, monkeypatch
):
    seen = []

    def sync(_log):
        other = beside()
        other.execute("BEGIN IMMEDIATE")
        seen.append(other.execute("SELECT supports_count FROM idea").fetchone()[0])
        other.close()

    monkeypatch.setattr(writers, "_sync", sync)
    assert support(people.jun, idea_id) == 1
    assert seen == [1]


def test_a_disk_that_fails_is_no_answer(people, idea_id, monkeypatch):
    def fails(_log):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(writers, "_sync", fails)
    with pytest.raises(OSError, match="Input/output"):
        support(people.jun, idea_id)
    monkeypatch.undo()
    assert support(people.jun, idea_id) == counter_of(idea_id) == 1


def test_who_wrote_nothing_does_not_wait(own, monkeypatch):
    asked = []
    monkeypatch.setattr(writers, "_sync", asked.append)
    with transaction() as current:
        current.scalars(select(Idea.id)).all()
    assert asked == []


def test_a_file_that_another_process_keeps_is_told_as_locked_and_the_next_one_writes(
    people, idea_id, monkeypatch
):
    monkeypatch.setattr(writers, "PATIENCE", 0.01)
    other = beside()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        support(people.jun, idea_id)
    other.close()
    assert support(people.jun, idea_id) == 1


def test_threads_queue_up(own_app, people, idea_id):
    order = []
    inside, done = threading.Event(), threading.Event()

    def second():
        inside.wait(10)
        done.set()
        with own_app.app_context(), transaction():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with transaction():
        inside.set()
        done.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_what_was_read_before_is_forgotten(people, idea_id):
    idea = session().get_one(Idea, idea_id)
    assert idea.supports_count == 0
    other = beside()
    other.execute("UPDATE idea SET supports_count = 7")
    other.close()
    with transaction():
        assert idea.supports_count == 7
