"""Back-ups: taken while people vote, whole or not at all, put back with every row, refused where they would harm."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text

from ideas_app.accounts.queries import get_by_email
from ideas_app.adapters.backups.archive import MANIFEST
from ideas_app.cli.doctor import examine
from ideas_app.core.actor import Actor
from ideas_app.core.db import db, is_sqlite, session, transaction
from ideas_app.ideas.models import Idea
from ideas_app.votes.models import Support
from tests.conftest import SECRET, make_app, make_settings, migrate
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import support

Make = Callable[[], str]


def run(app: Flask, *args: object) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=[str(arg) for arg in args])


@pytest.fixture
def saving(copy_database: Make, tmp_path: Path) -> Flask:
    """A service with a database of its own, whose settings name it."""
    return make_app(make_settings(tmp_path, copy_database()))


@pytest.fixture
def elsewhere(copy_database: Make, tmp_path: Path) -> Flask:
    """A new service with an empty database."""
    (tmp_path / "elsewhere").mkdir()
    return make_app(make_settings(tmp_path / "elsewhere", copy_database()))


def people(app: Flask, count: int) -> tuple[list[Actor], int]:
    """Some youth and one idea of somebody else's."""
    with app.app_context():
        author = make_account("Mina")
        idea = make_idea(author, make_campaign())
        return [make_account(f"youth{number}") for number in range(count)], idea.id


def rows_of(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, as words."""
    with app.app_context():
        found = {
            table.name: sorted(str(row) for row in session().execute(select(table)))
            for table in db.metadata.sorted_tables
        }
        db.session.remove()
        return found


def test_what_was_saved_comes_back_row_for_row(
    saving: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    (first, *_others), idea_id = people(saving, 2)
    with saving.app_context():
        support(first, idea_id)
    file = tmp_path / "saved.zip"
    saved = run(saving, "backup", file, "--json")
    assert saved.exit_code == 0, saved.output
    assert json.loads(saved.output)["tables"]["support"] == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.glob("saved*")] == ["saved.zip"]

    restored = run(elsewhere, "restore", file)
    assert restored.exit_code == 0, restored.output
    assert "WARNING" not in restored.output
    assert rows_of(elsewhere) == rows_of(saving)
    with elsewhere.app_context():
        assert examine() == []
        # numbers go on where they stood
        fresh = make_account("Jun")
        assert fresh.id == max(one.id for one in [first, *_others]) + 1
        assert support(fresh, idea_id) == 2


def test_taken_while_people_vote_it_holds_one_moment(
    saving: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    youth, idea_id = people(saving, 40)
    tried, acknowledged = [0], [0]
    enough = threading.Event()

    def vote() -> None:
        for person in youth:
            with saving.app_context():
                tried[0] += 1
                support(person, idea_id)
                acknowledged[0] += 1
            if acknowledged[0] == 5:
                enough.set()

    voting = threading.Thread(target=vote)
    voting.start()
    assert enough.wait(20)
    least = acknowledged[0]
    saved = run(saving, "backup", tmp_path / "saved.zip")
    most = tried[0]
    voting.join()
    assert saved.exit_code == 0, saved.output
    assert run(elsewhere, "restore", tmp_path / "saved.zip").exit_code == 0
    with elsewhere.app_context():
        counted = session().scalar(select(func.count(Support.id))) or 0
        assert least <= counted <= most
        assert session().get_one(Idea, idea_id).supports_count == counted
        assert examine() == []


def test_a_database_in_use_is_not_replaced_unless_forced(
    saving: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    people(saving, 1)
    file = tmp_path / "saved.zip"
    run(saving, "backup", file)
    again = run(saving, "backup", file)
    assert again.exit_code == 1
    assert "--force" in again.output
    with elsewhere.app_context():
        make_account("Dana")
    before = rows_of(elsewhere)
    refused = run(elsewhere, "restore", file)
    assert refused.exit_code == 1
    assert "Nothing was done" in refused.output
    assert rows_of(elsewhere) == before
    forced = run(elsewhere, "restore", file, "--force")
    assert forced.exit_code == 0, forced.output
    assert rows_of(elsewhere) == rows_of(saving)
    with elsewhere.app_context():
        sqlite = is_sqlite()
    assert ("lies in" in forced.output) == sqlite


def test_a_damaged_or_foreign_file_changes_nothing(
    saving: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    people(saving, 1)
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    run(saving, "backup", good)
    before = rows_of(elsewhere)

    def says(words: str, *more: str) -> None:
        answer = run(elsewhere, "restore", bad, *more)
        assert answer.exit_code == 1
        assert words in answer.output
        assert "Traceback" not in answer.output
        assert rows_of(elsewhere) == before

    says("does not exist")
    bad.write_text("no archive")
    says("no back-up")
    half = good.read_bytes()[: good.stat().st_size // 2]
    bad.write_bytes(half)
    says("no back-up")
    rewrite(good, bad, lambda name, data: b"{}" if name == MANIFEST else data)
    says("no back-up of this service")
    rewrite(good, bad, lambda name, data: data if name == MANIFEST else data + b" ")
    says("not as it was written", "--check")
    rewrite(good, bad, lambda name, data: told(data, format=2) if name == MANIFEST else data)
    says("format 2")
    rewrite(
        good, bad, lambda name, data: told(data, revision="9" * 4) if name == MANIFEST else data
    )
    says("does not know")


def rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))


def told(manifest: bytes, **other: object) -> bytes:
    return json.dumps({**json.loads(manifest), **other}).encode()


@pytest.mark.slow
def test_a_back_up_of_the_version_before_is_brought_to_the_present_one(
    saving: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    with saving.app_context():
        now = str(session().execute(text("SELECT version_num FROM alembic_version")).scalar_one())
        session().rollback()
    people(saving, 3)
    migrate(saving, "-1")
    run(saving, "backup", tmp_path / "saved.zip")
    migrate(saving)
    restored = run(elsewhere, "restore", tmp_path / "saved.zip")
    assert restored.exit_code == 0, restored.output
    with elsewhere.app_context():
        found = session().execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        assert str(found) == now
        assert get_by_email("youth0@example.org").nickname == "youth0"


def test_while_the_service_runs_its_file_is_not_replaced(
    saving: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    with saving.app_context():
        if not is_sqlite():
            pytest.skip("a PostgreSQL server lets nobody replace its files")
        session().rollback()
    people(saving, 1)
    run(saving, "backup", tmp_path / "saved.zip")
    serving = make_app(elsewhere.config["SETTINGS"])
    with serving.app_context(), transaction():
        session().scalar(select(func.count(Support.id)))
        refused = run(elsewhere, "restore", tmp_path / "saved.zip", "--force")
    assert refused.exit_code == 1
    assert "stop it first" in refused.output


def test_another_key_of_persons_is_told(saving: Flask, copy_database: Make, tmp_path: Path) -> None:
    run(saving, "backup", tmp_path / "saved.zip")
    other = make_app(make_settings(tmp_path, copy_database(), PERSON_KEY=SECRET.upper()))
    assert "PERSON_KEY is not the one" in run(other, "restore", tmp_path / "saved.zip").output


@pytest.mark.slow
def test_a_drill_restores_for_trial_and_leaves_nothing(
    saving: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(saving, 1)
    run(saving, "backup", tmp_path / "saved.zip")
    before = rows_of(saving)
    settings = saving.config["SETTINGS"]
    for name in ("SECRET_KEY", "PERSON_KEY", "BASE_URL"):
        monkeypatch.setenv(name, str(getattr(settings, name.lower())))
    monkeypatch.setenv("ENVIRONMENT", "test")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    drilled = run(saving, "restore", tmp_path / "saved.zip", "--drill")
    assert drilled.exit_code == 0, drilled.output
    assert "the doctor found nothing" in drilled.output
    assert rows_of(saving) == before
    assert not list(tmp_path.glob("*drill*"))
