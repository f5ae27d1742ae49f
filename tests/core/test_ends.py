"""How `transaction()` ends: with the session's own end where entities took part, beneath it where none did."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from ideas_app.core.db import db, is_sqlite, reach, session, transaction
from ideas_app.ideas.models import Idea
from tests.factories import make_campaign, make_idea
from tests.people import Cast
from tests.votes.scenes import rows_of, support, take_back


@pytest.fixture
def people(own_app):
    with own_app.app_context():
        yield Cast.assemble()
        db.session.remove()


@pytest.fixture
def idea_id(people):
    made = make_idea(people.mina, make_campaign()).id
    db.session.remove()
    return made


def title_beside(idea_id: int, title: str | None = None) -> str:
    """The title as another connection finds it, or gives it."""
    table = Idea.__table__
    with db.engine.begin() as other:
        if title is not None:
            other.execute(update(table).where(table.c.id == idea_id).values(title=title))
        return str(other.scalar(table.select().with_only_columns(table.c.title)))


def rename(idea_id: int, title: str) -> None:
    with transaction() as current:
        current.execute(update(Idea.__table__).where(Idea.id == idea_id).values(title=title))


def test_an_act_without_entities_stays_whatever_is_undone_after_it(people, idea_id):
    assert support(people.jun, idea_id) == 1
    session().rollback()
    assert rows_of(idea_id) == 1
    rename(idea_id, "renamed")
    session().rollback()
    assert title_beside(idea_id) == "renamed"


def test_it_keeps_its_connection_and_holds_up_nobody(people, idea_id):
    rename(idea_id, "renamed")
    held = reach()[0]
    assert title_beside(idea_id, "by others") == "by others"
    assert session().get_one(Idea, idea_id).title == "by others"
    assert reach()[0] is held


def test_the_next_act_of_the_same_request_decides_on_what_is_true_then(people, idea_id):
    assert support(people.jun, idea_id) == 1
    title_beside(idea_id, "by others")
    with transaction():
        assert session().get_one(Idea, idea_id).title == "by others"
    assert take_back(people.jun, idea_id) == 0


def test_what_a_block_with_entities_made_is_neither_lost_nor_taken_for_undone(people, idea_id):
    with transaction() as current:
        current.get_one(Idea, idea_id).title = "renamed"
    made = make_idea(people.mina, make_campaign("another"))
    rename(idea_id, "at last")
    session().rollback()
    assert made in session()
    assert session().get_one(Idea, idea_id).title == "at last"
    assert session().get_one(Idea, made.id) is made


def test_a_block_that_fails_after_such_an_act_undoes_itself_alone(people, idea_id):
    rename(idea_id, "renamed")

    def block() -> None:
        rename_and_fail = update(Idea.__table__).values(title="never")
        with transaction() as current:
            current.execute(rename_and_fail)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        block()
    assert title_beside(idea_id) == "renamed"


def test_what_the_database_refuses_at_the_very_end_is_told_and_undone(people, idea_id):
    if not is_sqlite():
        pytest.skip("no rule of ours waits for PostgreSQL's COMMIT")

    def block() -> None:
        with transaction() as current:
            current.execute(text("PRAGMA defer_foreign_keys=ON"))
            current.execute(update(Idea.__table__).values(title="never", campaign_id=999_999))

    with pytest.raises(IntegrityError):
        block()
    assert title_beside(idea_id) != "never"
    assert support(people.jun, idea_id) == 1
