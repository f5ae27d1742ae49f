"""Commands that count a file from anywhere: margins, stability, adapted and broken files."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ideas_app.shortlists import rules
from ideas_app.shortlists.cli import margins, printing, recount, stability
from tests.shortlists.pabulib_styles import LODZ, WARSAW, ZURICH

ALL = pytest.mark.parametrize("command", [recount, margins, stability], ids=lambda c: c.name)
MANY = (
    "META\nkey;value\nvote_type;approval\nPROJECTS\nproject_id;cost;name\n"
    + "".join(f"{idea};1;Idea {idea}\n" for idea in "abcdef")
    + "VOTES\nvoter_id;vote\n"
    + "".join(
        f"{number};{','.join(ticks)}\n"
        for number, ticks in enumerate(["ab"] * 8 + ["abc"] * 6 + ["d"] * 5 + ["de"] * 4 + ["f"])
    )
)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    file = tmp_path / "many.pb"
    file.write_text(MANY)
    return file


def ask(command: click.Command, *words: object) -> dict[str, object]:
    done = CliRunner().invoke(command, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("rule", rules.Rule)
def test_margins_are_those_of_the_kernel(many: Path, rule: rules.Rule) -> None:
    answer = ask(margins, many, "--seats", 3, "--rule", rule)
    b = rules.Ballots.from_pb(MANY)
    expected = rules.margins(b, rules.shortlist(b, 3, rule))
    assert answer["margins"] == [
        {
            "idea": idea,
            "title": f"Idea {idea}",
            "votes": b.approvals[idea],
            "votes_short": margin.votes_short,
            "round": margin.round,
            "displaces": list(margin.displaces),
        }
        for idea, margin in expected.items()
    ]
    assert answer["winners"] == list(rules.shortlist(b, 3, rule).winners)


def test_margins_can_be_asked_of_the_nearest_only_and_read_as_text(many: Path) -> None:
    nearest = ask(margins, many, "--seats", 3, "--nearest", 1)["margins"]
    assert len(nearest) == 1  # type: ignore[arg-type]
    done = CliRunner().invoke(margins, [str(many), "--seats", "3"])
    assert done.exit_code == 0
    assert "short" in done.stdout
    assert "in place of" in done.stdout


def test_stability_with_the_same_seed_is_the_same(many: Path) -> None:
    asked = (many, "--seats", 3, "--runs", 30, "--seed", 7)
    answer = ask(stability, *asked)
    assert answer == ask(stability, *asked)
    assert (answer["runs"], answer["seed"]) == (30, 7)
    b = rules.Ballots.from_pb(MANY)
    expected = rules.stability(b, 3, seed=7, runs=30)
    rows = answer["stability"]
    assert {row["idea"]: Fraction(row["share_exact"]) for row in rows} == expected  # type: ignore[attr-defined]
    assert sum(row["share"] for row in rows) == pytest.approx(3)  # type: ignore[attr-defined]


def test_without_a_seed_the_ballots_give_it_and_it_is_told(many: Path) -> None:
    digest = rules.Ballots.from_pb(MANY).digest
    assert ask(stability, many, "--runs", 2)["seed"] == int(digest[:8], 16)
    done = CliRunner().invoke(stability, [str(many), "--runs", "2", "--seats", "2"])
    assert f"2 runs, seed {int(digest[:8], 16)}" in done.stdout
    assert "100.0%" in done.stdout


@ALL
def test_a_broken_file_is_one_line_on_stderr_and_exit_1(
    command: click.Command, tmp_path: Path
) -> None:
    file = tmp_path / "broken.pb"
    file.write_text(MANY.replace("3;a,b\n", "3;a,nobody\n", 1))
    done = CliRunner().invoke(command, [str(file), "--json"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "line 17: There is no project nobody. (unknown_idea)" in done.stderr


@ALL
@pytest.mark.parametrize("words", [["--seats", "0"], ["--rule", "dice"], ["--wrong"], ["more"]])
def test_a_wrong_question_is_exit_2(command: click.Command, many: Path, words: list[str]) -> None:
    assert CliRunner().invoke(command, [str(many), *words]).exit_code == 2


@ALL
def test_too_many_seats_are_told(command: click.Command, many: Path) -> None:
    done = CliRunner().invoke(command, [str(many), "--seats", "7"])
    assert done.exit_code == 1
    assert "k_out_of_range" in done.stderr


@ALL
def test_what_was_adapted_stands_in_the_notes(command: click.Command, tmp_path: Path) -> None:
    file = tmp_path / "city.pb"
    for style, words in ((WARSAW, "costs"), (ZURICH, "cumulative"), (LODZ, "ordinal")):
        file.write_text(style.text)
        notes = ask(command, file, "--seats", 2)["notes"]
        assert any(words in note for note in notes)  # type: ignore[attr-defined]
        plain = CliRunner().invoke(command, [str(file), "--seats", "2"])
        assert f"note: {words}" in plain.stderr or "note: costs" in plain.stderr


def test_the_digest_is_that_of_the_file_and_of_its_content(many: Path) -> None:
    b = rules.Ballots.from_pb(MANY)
    answer = ask(recount, many, "--seats", 2)
    assert answer["digest"] != answer["content_digest"] == b.digest
    many.write_bytes(b.to_pb())
    answer = ask(recount, many, "--seats", 2)
    assert answer["digest"] == answer["content_digest"] == b.digest
    assert (answer["canonical"], answer["notes"]) == (True, [])


@ALL
def test_the_answer_for_machines_is_the_recount_of_the_kernel(
    command: click.Command, many: Path
) -> None:
    told = rules.tell_recount(rules.recount(many.read_bytes(), 3, "phragmen"))
    answer = ask(command, many, "--seats", 3, "--rule", "phragmen")
    shared = told.keys() & answer.keys()
    assert shared >= {"rule", "completion", "seats", "ballots", "empty", "winners", "digest"}
    assert {key: answer[key] for key in shared} == {key: told[key] for key in shared}


@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_goes_to_a_terminal_only(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: is_terminal)
    tell = printing.progress("runs")
    assert (tell is not None) == is_terminal
    if tell:
        tell(1, 2)
        tell(2, 2)
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.endswith("2 of 2 runs\n")
