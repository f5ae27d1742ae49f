"""The command line: compute, recount without a database, export."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from ideas_app.core.db import session
from ideas_app.shortlists import queries
from ideas_app.shortlists.cli import recount
from ideas_app.shortlists.models import Round
from tests.people import Cast
from tests.shortlists.scenes import closed_ballot, published

KEYS = {
    "rule", "completion", "seats", "ballots", "empty", "winners", "coverage", "mean", "jr",
    "ejr_plus", "digest",
}  # fmt: skip
FOREIGN = """META
key;value
description;Somewhere
num_projects;3
num_votes;3
budget;100
vote_type;approval
PROJECTS
project_id;cost;votes
x;10;2
y;20;1
z;30;1
VOTES
voter_id;vote
7;x,y
9;x
12;z
"""


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def test_compute_stores_a_round_and_prints_it_for_machines(app: Flask, cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    done = run(app, "shortlist", "compute", "--campaign", campaign.slug, "--seats", "2", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert answer.keys() >= KEYS
    round_ = queries.get_round(answer["round"])
    assert answer["digest"] == round_.digest
    assert answer["winners"] == [entry.project for entry in queries.list_elected(round_)]
    assert (answer["seats"], answer["rule"], answer["completion"]) == (2, "mes", "phragmen")
    assert (answer["ballots"], answer["empty"]) == (150, 1)
    assert 0 < Fraction(answer["coverage"]) <= 1


def test_recount_gives_the_same_answer_from_the_file_alone(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    campaign, _ideas = closed_ballot(cast)
    answer = json.loads(
        run(app, "shortlist", "compute", "--campaign", campaign.slug, "--json").output
    )
    file = tmp_path / "ballots.pb"
    file.write_bytes(queries.get_round(answer["round"]).snapshot.encode())
    again = CliRunner().invoke(recount, [str(file), "--json"])
    assert again.exit_code == 0, again.output
    assert {key: answer[key] for key in KEYS} == {
        key: value for key, value in json.loads(again.output).items() if key in KEYS
    }
    plain = json.loads(
        CliRunner().invoke(recount, [str(file), "--rule", "approval", "--json"]).output
    )
    assert (plain["rule"], plain["completion"]) == ("approval", "none")


def test_recount_touches_neither_a_database_nor_an_application(tmp_path: Path) -> None:
    file = tmp_path / "foreign.pb"
    file.write_text(FOREIGN)
    done = CliRunner().invoke(recount, [str(file), "--seats", "1", "--rule", "approval"])
    assert done.exit_code == 0, done.output
    assert "1 seats, approval" in done.output
    assert "  1  x" in done.output
    answer = json.loads(CliRunner().invoke(recount, [str(file), "--seats", "2", "--json"]).output)
    assert answer["canonical"] is False
    assert (answer["winners"], answer["coverage"], answer["mean"]) == (["x", "z"], 1, 1)
    assert answer["coverage_exact"] == "1/1"


def test_a_changed_count_changes_the_digest_and_is_told(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    campaign, _ideas = closed_ballot(cast)
    snapshot = published(cast, campaign).snapshot
    file = tmp_path / "changed.pb"
    file.write_text(snapshot.rstrip("\n").rpartition("\n")[0] + "\n")
    done = CliRunner().invoke(recount, [str(file), "--json"])
    answer = json.loads(done.output)
    assert answer["canonical"] is False
    assert answer["digest"] != queries.find_published(campaign.id).digest


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("hello", [], "bad_format"),
        (FOREIGN.replace("9;x", "9;q"), [], "line 16"),
        (FOREIGN, ["--seats", "9"], "k_out_of_range"),
        (FOREIGN.encode("utf-16"), [], "bad_format"),
    ],
)
def test_a_fault_is_one_line_and_exit_1(
    tmp_path: Path, content: str | bytes, options: list[str], says: str
) -> None:
    file = tmp_path / "faulty.pb"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = CliRunner().invoke(recount, [str(file), *options])
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1


def test_a_wrong_option_is_exit_2(tmp_path: Path) -> None:
    file = tmp_path / "foreign.pb"
    file.write_text(FOREIGN)
    assert CliRunner().invoke(recount, [str(file), "--rule", "dice"]).exit_code == 2
    assert CliRunner().invoke(recount, [str(tmp_path / "none.pb")]).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [("shortlist", "compute"), ("ballots", "export", "out.pb")],
)
def test_an_unknown_campaign_is_told_in_one_line(
    app: Flask, cast: Cast, words: tuple[str, ...]
) -> None:
    done = run(app, *words, "--campaign", "nowhere")
    assert done.exit_code == 1
    assert done.output == "Error: There is no such campaign.\n"


def test_export_writes_the_file_of_the_published_round(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    file = tmp_path / "out.pb"
    done = run(app, "ballots", "export", "--campaign", campaign.slug, str(file))
    assert done.exit_code == 0, done.output
    assert file.read_text() == session().get_one(Round, round_.id).snapshot


def test_export_before_the_first_round_freezes_what_would_be_computed(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    campaign, _ideas = closed_ballot(cast)
    file = tmp_path / "out.pb"
    run(app, "ballots", "export", "--campaign", campaign.slug, str(file))
    written = file.read_text()
    answer = json.loads(
        run(app, "shortlist", "compute", "--campaign", campaign.slug, "--json").output
    )
    assert queries.get_round(answer["round"]).snapshot == written
