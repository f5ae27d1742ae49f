"""`flask programmes` and `flask rosters`: what they print, when they fail, and that nothing is stored then."""

from __future__ import annotations

import json

import pytest

from ideas_app.programmes import queries
from tests.adapters.workbooks import as_csv
from tests.factories import make_programme
from tests.programmes.scenes import counts, csv_of, import_, roster, xlsx_of


@pytest.fixture
def run(app):
    """Runs a command line and gives its result."""
    return lambda *args: app.test_cli_runner().invoke(args=[str(arg) for arg in args])


def test_a_programme_is_made_and_listed(run):
    made = run(
        *("programmes", "create", "--slug", "talks", "--title", "특강", "--year", 2026),
        *("--partner", "군산세무서", "--outcome", "certificate", "--starts", "2026-03-02"),
    )
    assert (made.exit_code, made.output) == (0, "made talks\n")
    rows = json.loads(run("programmes", "list", "--year", 2026, "--json").output)
    assert [(row["slug"], row["outcome"], row["records"]) for row in rows] == [
        ("talks", "certificate", 0)
    ]
    assert "특강" in run("programmes", "list").output


def test_what_cannot_be_a_programme_is_one_line_and_exit_1(run):
    wrong = run("programmes", "create", "--slug", "No Slug", "--title", "가", "--year", 2026)
    assert wrong.exit_code == 1
    assert wrong.stderr.count("\n") == 1
    assert queries.list_programmes() == []


def test_an_unknown_option_is_exit_2(run):
    assert run("programmes", "create", "--colour", "red").exit_code == 2


@pytest.mark.parametrize(("name", "make"), [("명단.csv", csv_of), ("명단.xlsx", xlsx_of)])
def test_a_roster_is_imported_and_undone(run, tmp_path, name, make):
    programme = make_programme()
    file = tmp_path / name
    file.write_bytes(make(30))
    told = json.loads(run("rosters", "import", file, "--programme", "ai-pot-2", "--json").output)
    assert (told["records_new"], told["errors"], told["dry_run"]) == (30, [], False)
    assert told["figures"] == {}
    assert counts(programme)[0] == 30
    again = run("rosters", "import", file, "--programme", "ai-pot-2")
    assert "nothing has changed" in again.output
    undone = run("rosters", "undo", told["import_id"])
    assert (undone.exit_code, undone.output) == (0, "removed 30 records and 30 persons\n")
    assert counts(programme)[:3] == (0, 0, 0)


def test_a_rehearsal_stores_nothing(run, tmp_path):
    programme = make_programme()
    file = tmp_path / "roster.csv"
    file.write_bytes(csv_of(5))
    told = run("rosters", "import", file, "--programme", "ai-pot-2", "--dry-run")
    assert told.exit_code == 0
    assert "nothing was stored" in told.output
    assert counts(programme) == (0, 0, 0, 0)


def test_one_bad_row_is_exit_1_with_row_and_reason_and_nothing_stored(run, tmp_path):
    programme = make_programme()
    rows = roster(5)
    rows[3] = (*rows[3][:2], "20250230", *rows[3][3:])
    file = tmp_path / "roster.csv"
    file.write_bytes(as_csv(rows))
    for more in ((), ("--dry-run",)):
        failed = run("rosters", "import", file, "--programme", "ai-pot-2", *more)
        assert failed.exit_code == 1
        assert "row 4, column 생년월일: “20******” is not a birth date" in failed.stderr
    told = run("rosters", "import", file, "--programme", "ai-pot-2", "--json")
    (error,) = json.loads(told.stdout)["errors"]
    assert (told.exit_code, error["row"], error["code"]) == (1, 4, "birth_unreadable")
    assert counts(programme) == (0, 0, 0, 0)


def test_a_sheet_is_chosen_by_name(run, tmp_path):
    from tests.adapters.workbooks import make_xlsx

    make_programme()
    file = tmp_path / "roster.xlsx"
    file.write_bytes(make_xlsx({"1기": roster(3), "2기": roster(4)}))
    told = run("rosters", "import", file, "--programme", "ai-pot-2", "--sheet", "2기", "--json")
    assert json.loads(told.output)["records_new"] == 4
    none = run("rosters", "import", file, "--programme", "ai-pot-2", "--sheet", "3기")
    assert none.exit_code == 1
    assert "3기" in none.stderr


def test_unknown_programmes_and_imports_are_exit_1(run, tmp_path):
    file = tmp_path / "roster.csv"
    file.write_bytes(csv_of(1))
    assert run("rosters", "import", file, "--programme", "none").exit_code == 1
    assert run("rosters", "undo", 12).exit_code == 1


def test_an_undo_keeps_the_order_of_imports(run):
    programme = make_programme()
    first = import_(programme, csv_of(1)).import_id
    import_(programme, csv_of(2))
    refused = run("rosters", "undo", first)
    assert refused.exit_code == 1
    assert "later" in refused.stderr
