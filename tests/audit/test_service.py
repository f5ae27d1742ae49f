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
    assert queries.find_broken_link() is None


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


def test_a_changed_entry_is_found_by_the_walk(cast: Cast) -> None:
    with transaction():
        for number in range(3):
            service.record(cast.sora, Tag.IDEA_PUBLISHED, "idea", number)
    with transaction() as session:
        if db.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_entry_no_update"))
        else:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only"))
        forged = session.scalar(text("SELECT id FROM audit_entry ORDER BY id LIMIT 1 OFFSET 1"))
        session.execute(
            text("UPDATE audit_entry SET subject_id = 99 WHERE id = :id"), {"id": forged}
        )
    assert queries.find_broken_link() == forged
