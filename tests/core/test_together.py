"""Statements that go to the database together, and what is written along with the next act."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Integer, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from ideas_app.accounts.models import Account, LoginSession
from ideas_app.core import clock, together, waiting, writers
from ideas_app.core.columns import Instant
from ideas_app.core.db import db, is_sqlite, reach, session, transaction
from ideas_app.core.prepared import Prepared, given
from ideas_app.core.together import ask_together, write_last
from ideas_app.ideas.models import Idea
from ideas_app.votes import service
from ideas_app.votes.models import Support
from tests.factories import make_campaign, make_idea
from tests.people import Cast, sign_in
from tests.votes.scenes import counter_of, rows_of, support, take_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

_TITLE = Prepared(select(Idea.id, Idea.title).where(Idea.id == given("id", Integer())))
_ADD = Prepared(
    insert(Support).values(
        idea_id=given("idea_id", Integer()),
        account_id=given("account_id", Integer()),
        given_at=given("given_at", Instant()),
    )
)


@pytest.fixture
def people(own_app: Flask) -> Iterator[Cast]:
    with own_app.app_context():
        yield Cast.assemble()
        db.session.remove()


@pytest.fixture
def idea_id(people: Cast) -> int:
    made = make_idea(people.mina, make_campaign()).id
    db.session.remove()
    return made


def row(people: Cast, idea_id: int) -> dict[str, Any]:
    return {"idea_id": idea_id, "account_id": people.jun.id, "given_at": clock.now()}


def raw() -> Any:
    """The driver's connection; for PostgreSQL alone."""
    if is_sqlite():
        pytest.skip("SQLite is no way off")
    session().execute(text("SELECT 1"))
    return reach()[0].connection.driver_connection


def test_several_questions_are_answered_as_each_alone(people, idea_id):
    with transaction():
        found = ask_together((_TITLE, {"id": idea_id}), (_TITLE, {"id": 0}))
        assert found == [_TITLE.all(id=idea_id), []]
        assert found[0][0].id == idea_id


def test_what_is_kept_for_the_end_is_undone_with_its_block(people, idea_id):
    def block() -> None:
        with transaction():
            write_last(_ADD, **row(people, idea_id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        block()
    assert rows_of(idea_id) == 0
    with transaction():
        pass
    assert rows_of(idea_id) == 0


def test_a_last_write_that_is_refused_undoes_the_block_and_tells_no_values(people, idea_id):
    support(people.jun, idea_id)

    def block() -> None:
        with transaction():
            session().execute(update(Idea).where(Idea.id == idea_id).values(title="anders"))
            write_last(_ADD, **row(people, idea_id))

    with pytest.raises(IntegrityError) as fault:
        block()
    assert f"({idea_id}" not in str(fault.value)
    assert _TITLE.all(id=idea_id)[0].title != "anders"
    assert take_back(people.jun, idea_id) == 0


def test_a_last_write_outside_of_a_transaction_is_a_mistake(people, idea_id):
    with pytest.raises(RuntimeError):
        write_last(_ADD, **row(people, idea_id))


def test_after_a_rollback_everything_is_planned_anew(people, idea_id):
    connection = raw()
    support(people.jun, idea_id)

    def block() -> None:
        with transaction():
            for _ in range(8):  # so that the driver has planned something too
                session().execute(text("SELECT 2")).all()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        block()
    assert take_back(people.jun, idea_id) == 0
    assert support(people.jun, idea_id) == 1
    assert raw() is connection


def test_behind_a_pooler_nothing_is_given_a_name(people, idea_id):
    raw().prepare_threshold = None
    named = text("SELECT count(*) FROM pg_prepared_statements")
    before = session().scalar(named)
    assert support(people.jun, idea_id) == 1
    assert session().scalar(named) == before


def test_a_connection_that_broke_is_given_up_and_the_next_one_works(people, idea_id):
    connection = raw()
    with db.engine.connect() as other:
        other.execute(
            text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.info.backend_pid}
        )
    with pytest.raises(OperationalError):
        support(people.jun, idea_id)
    db.session.remove()
    assert support(people.jun, idea_id) == 1


def test_a_value_that_cannot_be_sent_leaves_the_connection_as_it_was(people, idea_id):
    connection = raw()
    with pytest.raises(TypeError), transaction():
        ask_together((_TITLE, {"id": [idea_id]}))
    assert support(people.jun, idea_id) == 1
    assert raw() is connection


def test_reading_begins_no_transaction_of_the_database_and_writing_does(people, idea_id):
    connection = raw()
    assert connection.info.transaction_status.name == "IDLE"
    with transaction():
        assert counter_of(idea_id) == 0
        assert connection.info.transaction_status.name == "INTRANS"
    assert not connection.autocommit


def test_many_rows_are_read_bit_by_bit_outside_of_a_transaction_too(people, idea_id):
    make_idea(people.mina, make_campaign("another"))
    raw()
    found = session().scalars(select(Idea.id).execution_options(yield_per=1))
    assert len(list(found)) == 2


def test_who_was_waited_for_is_on_disk_when_it_is_answered_though_its_locks_were_free_before(
    people, idea_id, monkeypatch
):
    raw()
    monkeypatch.setattr(together, "_WAITED", -1.0)
    session().execute(text("SET synchronous_commit TO on"))
    with transaction():
        service.give_support(people.jun, idea_id, is_last=True)
        before = session().scalar(text("SELECT pg_current_wal_insert_lsn()::text"))
    flushed = text("SELECT pg_current_wal_flush_lsn() > CAST(:before AS pg_lsn)")
    assert session().scalar(flushed, {"before": before})
    assert (counter_of(idea_id), rows_of(idea_id)) == (1, 1)


# -- when somebody was last here -----------------------------------------------------------------


EARLIER = timedelta(minutes=16)


@pytest.fixture
def jun(own_app, people, idea_id):
    browser = own_app.test_client()
    sign_in(browser, people.jun)
    seen(people, clock.now() - EARLIER)
    return browser


def seen(people: Cast, at: Any = None) -> Any:
    if at is not None:
        with transaction() as current:
            current.execute(update(LoginSession).values(seen_at=at))
    db.session.remove()
    found = session().scalars(
        select(LoginSession.seen_at).where(LoginSession.account_id == people.jun.id)
    )
    return found.one()


def is_fresh(people: Cast) -> bool:
    return clock.now() - seen(people) < timedelta(minutes=1)


@pytest.fixture
def turns(monkeypatch):
    """The turns at writing that transactions take from here on, one each."""
    taken, take = [], writers.turn

    def counted(bind, **kind):
        taken.append(bind)
        return take(bind, **kind)

    monkeypatch.setattr(writers, "turn", counted)
    return taken


def test_a_support_takes_along_that_somebody_was_here(jun, people, idea_id, turns):
    assert jun.post(f"/ideas/{idea_id}/support").status_code == 303
    assert len(turns) == 1
    assert is_fresh(people)
    assert counter_of(idea_id) == 1
    account = session().get_one(Account, people.jun.id)
    assert clock.now() - account.seen_at < timedelta(minutes=1)


@pytest.mark.parametrize("path", ["/me", "/ideas/999999/support"])
def test_a_page_and_an_act_that_was_refused_leave_it_at_their_end(jun, people, path):
    jun.get(path) if path == "/me" else jun.post(path)
    assert is_fresh(people)


def test_a_quarter_of_an_hour_later_at_the_earliest_it_is_noted_again(jun, people):
    at = seen(people, clock.now() - timedelta(minutes=14))
    jun.get("/me")
    assert seen(people) == at


def test_a_visitor_leaves_nothing(own_app, people, turns):
    assert own_app.test_client().get("/ideas/999999").status_code == 404
    assert turns == []


def test_whoever_writes_lets_go_of_a_place_once_and_whoever_reads_keeps_it(people, idea_id):
    given_up = []
    waiting.hold(lambda: given_up.append(idea_id))
    assert _TITLE.all(id=idea_id)
    assert given_up == []
    assert support(people.jun, idea_id) == 1
    assert take_back(people.jun, idea_id) == 0
    assert given_up == [idea_id]
