"""The log keeps its chain, demands reasons, and cannot be changed."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from ideas_app.audit import queries, service
from ideas_app.audit.rules import Tag
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import db, transaction
from ideas_app.core.errors import Invalid
from tests.people import Cast


def test_entries_form_an_unbroken_chain(cast: Cast) -> None:
    with transaction():
        first = service.record(cast.sora, Tag.IDEA_PUBLISHED, "idea", 1)
        second = service.record(cast.dana, Tag.IDEA_HIDDEN, "idea", 1, reason="개인정보")
    assert second.previous_hash == first.hash
    assert queries.find_break() is None


def test_an_act_that_needs_a_reason_is_refused_without_one(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal, transaction():
        service.record(cast.sora, Tag.IDEA_HIDDEN, "idea", 1, reason="  ")
    assert refusal.value.code == "reason_missing"


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason='x'", "DELETE FROM audit_entry"]
)
def test_the_database_itself_forbids_changing_the_log(cast: Cast, statement: str) -> None:
    with transaction():
        service.record(SYSTEM, Tag.CAMPAIGN_CREATED, "campaign", 1)
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text(statement))


def write_five(cast: Cast) -> list[int]:
    with transaction():
        return [
            service.record(cast.sora, Tag.IDEA_PUBLISHED, "idea", number).id for number in range(5)
        ]


def tamper(*statements: str, **values: int) -> None:
    """As somebody would who may do anything with the database."""
    with transaction() as session:
        if db.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_entry_no_update"))
            session.execute(text("DROP TRIGGER audit_entry_no_delete"))
        else:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only"))
        for statement in statements:
            session.execute(text(statement), values)


@pytest.mark.parametrize("place", range(5))
def test_an_edited_entry_is_found_with_its_number(cast: Cast, place: int) -> None:
    ids = write_five(cast)
    tamper("UPDATE audit_entry SET subject_id = 99 WHERE id = :id", id=ids[place])
    found = queries.find_break()
    assert found is not None
    assert (found.first, found.is_gone) == (ids[place], False)


@pytest.mark.parametrize("place", range(5))
def test_a_deleted_entry_is_found_with_its_number_the_last_one_too(cast: Cast, place: int) -> None:
    ids = write_five(cast)
    tamper("DELETE FROM audit_entry WHERE id = :id", id=ids[place])
    found = queries.find_break()
    assert found is not None
    assert found.is_gone
    # before the first, a database may have given numbers to entries that never came about
    assert found.last == ids[place]
    assert found.first == (ids[place] if place else 1)


@pytest.mark.parametrize("place", range(4))
def test_two_entries_that_changed_places_are_found_with_the_first_number(
    cast: Cast, place: int
) -> None:
    ids = write_five(cast)
    tamper(
        "UPDATE audit_entry SET id = -1 WHERE id = :one",
        "UPDATE audit_entry SET id = :one WHERE id = :other",
        "UPDATE audit_entry SET id = :other WHERE id = -1",
        one=ids[place],
        other=ids[place + 1],
    )
    found = queries.find_break()
    assert found is not None
    assert (found.first, found.is_gone) == (ids[place], False)


def test_an_emptied_log_is_found(cast: Cast) -> None:
    write_five(cast)
    tamper("DELETE FROM audit_entry")
    assert queries.find_break() is not None
