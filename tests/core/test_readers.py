"""Reading past the session: which connections stay, what becomes of one that was lost, and what a fault tells."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Integer, create_engine, event, func, literal, select, text
from sqlalchemy.exc import DBAPIError

from ideas_app.core import bursts, readers
from ideas_app.core.db import db, is_sqlite, session
from ideas_app.core.prepared import Prepared, all_together, given
from ideas_app.core.readers import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

_TWICE = Prepared(select((given("number", Integer()) * 2).label("twice")))
_WHO = Prepared(select(func.pg_backend_pid().label("pid")))
_TYPED = "secret-of-somebody"
_SPOILT = Prepared(select(func.to_date(literal(_TYPED), literal("YYYY")).label("day")))


@pytest.fixture
def engine(own_app: Flask) -> Iterator[Any]:
    with own_app.app_context():
        yield db.engine
        db.session.remove()


@pytest.fixture
def server(engine: Any) -> Any:
    """The engine of a PostgreSQL alone."""
    if engine.dialect.name == "sqlite":
        pytest.skip("a file is never away")
    return engine


def end(engine: Any, pid: int) -> None:
    """Ends a connection from the side of the server, as its restart does."""
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        # it is gone when its row is
        while other.scalar(
            text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid"), {"pid": pid}
        ):
            other.rollback()


def test_what_is_only_read_begins_no_session(engine: Any) -> None:
    assert _TWICE.all(number=21)[0].twice == 42
    assert not db.session.registry.has()
    assert is_sqlite() == (engine.dialect.name == "sqlite")
    assert _TWICE.all(number=4)[0].twice == 8
    assert not session().in_transaction()


def test_several_questions_are_answered_as_each_alone(engine: Any) -> None:
    asked = ((_TWICE, {"number": 4}), (_TWICE, {"number": 21}))
    assert all_together(*asked) == [_TWICE.all(number=4), _TWICE.all(number=21)]
    assert not db.session.registry.has()
    session().execute(text("SELECT 1"))
    assert all_together(*asked) == [_TWICE.all(number=4), _TWICE.all(number=21)]


def test_several_questions_are_one_way_to_the_server(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    run = bursts.run

    def counted(raw: Any, parts: Any, **how: Any) -> Any:
        sent.append(len(parts))
        return run(raw, parts, **how)

    monkeypatch.setattr(bursts, "run", counted)
    for _ in range(3):
        all_together((_TWICE, {"number": 1}), (_WHO, {}))
        _TWICE.all(number=1)
    assert sent == [2, 1] * 3


def test_one_connection_answers_after_the_other(server: Any) -> None:
    assert len({_WHO.all()[0].pid for _ in range(5)}) == 1
    # closed with all others of the engine
    (first,) = _WHO.all()
    server.dispose()
    (second,) = _WHO.all()
    assert first.pid != second.pid


def test_those_who_read_at_once_have_a_connection_each_and_four_of_them_stay(
    own_app: Flask, server: Any
) -> None:
    count = 7
    all_here = Barrier(count)

    def read(_number: int) -> int:
        with own_app.app_context():
            taken = readers._open(server)
            all_here.wait(30)
            readers._give_back(server, taken)
            return int(taken.raw.info.backend_pid) if not taken.raw.closed else 0

    with ThreadPoolExecutor(count) as threads:
        pids = list(threads.map(read, range(count)))
    assert pids.count(0) == count - 4
    assert len(set(pids)) == 5


def test_a_connection_that_was_lost_while_it_waited_costs_nobody_their_page(server: Any) -> None:
    (first,) = _WHO.all()
    end(server, first.pid)
    (second,) = _WHO.all()
    assert second.pid != first.pid


def test_with_one_that_was_lost_all_that_wait_are_given_up(server: Any) -> None:
    taken = [readers._open(server) for _ in range(3)]
    for each in taken:
        readers._give_back(server, each)
    # the one that is asked first; the others may wait for an answer that never comes
    end(server, taken[-1].raw.info.backend_pid)
    assert _WHO.all()
    assert all(each.raw.closed for each in taken)


def test_a_connection_that_is_old_is_exchanged(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = _WHO.all()
    monkeypatch.setattr(readers, "_LASTS", -1.0)
    (second,) = _WHO.all()
    assert second.pid != first.pid


def test_a_fault_tells_no_values_and_the_next_question_is_answered(server: Any) -> None:
    with pytest.raises(DBAPIError) as fault:
        _SPOILT.all()
    assert _TYPED not in str(fault.value)
    assert _TYPED not in repr(fault.value.orig)
    assert _TWICE.all(number=1)[0].twice == 2


def test_listeners_hear_of_what_is_read_past_the_session(server: Any) -> None:
    heard: list[str] = []

    def note(_sender: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        heard.append(sql)

    event.listen(server, "before_cursor_execute", note)
    try:
        _TWICE.all(number=1)
    finally:
        event.remove(server, "before_cursor_execute", note)
    assert len(heard) == 1
    assert "twice" in heard[0]


def test_many_who_read_from_a_file_at_once_leave_one_connection_behind(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/few.db", pool_size=1)
    opened = []

    @event.listens_for(engine, "connect")
    def note(raw, _record):
        opened.append(raw)
        raw.create_function("others", 1, others)

    def others(count):
        """Reads while another read goes on, which needs a connection of its own."""
        return read_file(engine, "SELECT others(?)", (count - 1,))[0][0] if count else 7

    assert read_file(engine, "SELECT others(?)", (3,)) == [(7,)]
    assert len(opened) == 4
    read_file(engine, "SELECT others(?)", (0,))
    assert len(opened) == 4
    assert read_file(engine, "SELECT others(?)", (1,)) == [(7,)]
    assert len(opened) == 5
    engine.dispose()
