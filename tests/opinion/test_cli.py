"""`flask opinion map` on files as they come, and on broken ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ideas_app.opinion import cli
from ideas_app.opinion.rules import opinion_map
from tests.opinion.planted import camps, csv_of, matrix, noise

WHOLE = b"a,b,c\n1,0,-1\n,1,\n-1,,0\n"


def run(file: Path, *words: str) -> Result:
    return CliRunner().invoke(cli.group, ["map", str(file), *words])


def told(folder: Path, content: bytes) -> dict[str, Any]:
    file = folder / "votes.csv"
    file.write_bytes(content)
    done = run(file, "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def test_the_map_of_a_file_is_that_of_its_votes(tmp_path: Path) -> None:
    _camp, rows = camps(70, 16, 10)
    answer = told(tmp_path, csv_of(rows, 16))
    found = opinion_map(matrix(rows, 16))
    assert answer["coordinates"] == found.coordinates.tolist()
    assert answer["digest"] == found.digest
    assert answer["people"] == 70
    assert answer["clustered"] == 70
    assert answer["why_none"] is None
    assert [idea["id"] for idea in answer["ideas"]] == [f"i{number}" for number in range(16)]
    for number, group in enumerate(answer["groups"]):
        assert group["size"] == len(group["members"]) >= 10
        assert {answer["labels"][row] for row in group["members"]} == {number}
        assert all(int(each["idea"][1:]) < 8 for each in group["ideas"][:4])
        assert group["ideas"]
    assert set(answer["divisive"]) <= {f"i{number}" for number in range(16)}


def test_structureless_votes_say_why_there_are_no_groups(tmp_path: Path) -> None:
    answer = told(tmp_path, csv_of(noise(80, 20, 12), 20))
    assert answer["groups"] is None
    assert answer["why_none"] in {"unstable", "overlap", "small_group"}
    assert set(answer["labels"]) == {None}


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.replace(b"\n", b"\r\n"),
        WHOLE.replace(b",", b";"),
        WHOLE.replace(b",", b"\t") + b"\n",
        b"a,b,c\n1.0,0.0,-1.0\n,+1,\n-1,,0\n\n",
        b"person,a,b,c\np1,1,0,-1\np2,,1,\np3,-1,,0\n",
        b",a,b,c\n0,1,0,-1\n1,,1,\n2,-1,,0\n",
        b"who,a,b,c\nx,1,0,-1\ny,,1,\nz,-1,,0\n",
        b"participant,group-id,n-votes,a,b,c\n0,1,3,1,0,-1\n1,1,1,,1,\n2,0,2,-1,,0\n",
        b'"a","b","c"\n"1","0","-1"\n"","1",""\n"-1","","0"\n',
    ],
)
def test_one_matrix_in_many_spellings(tmp_path: Path, content: bytes) -> None:
    here, plain = told(tmp_path, content), told(tmp_path, WHOLE)
    assert here["digest"] == plain["digest"]
    assert here["coordinates"] == plain["coordinates"]


def test_names_of_people_come_back_in_their_order(tmp_path: Path) -> None:
    assert told(tmp_path, b"id,a\nx,1\ny,-1\n")["names"] == ["x", "y"]
    assert "names" not in told(tmp_path, WHOLE)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1: the file is empty"),
        (b"a,b\n", "line 1: there is no row of votes"),
        (b"a,b\n1,0\n2,1\n", "line 3: “2” in column 1 is no vote"),
        (b"a,b\n1,0\n1,yes\n", "line 3: “yes” in column 2 is no vote"),
        (b"a,b\r\n1,0\r\n1\r\n", "line 3: 1 cells where the first line has 2"),
        (b"a,b\n1,0,1\n", "line 2: 3 cells where the first line has 2"),
        (b"a,a\n1,0\n", "line 1: “a” stands there twice"),
        (b"a,\n1,0\n", "line 1: idea 2 has no name"),
        (b"person\np1\n", "line 1: the first line names no idea"),
        (b"person,a\np1,1\np1,0\n", "line 3: a second row of “p1”"),
        (b"a,b\n1,0\n\xff,1\n", "line 3: this is not text in UTF-8"),
        (b'a,b\n1,"0\n', "this is not CSV"),
        (b"a,b\n1,\x00\n", "line 2"),
    ],
)
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "votes.csv"
    file.write_bytes(content)
    done = run(file)
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1


def test_a_file_that_is_not_there_is_exit_2(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv").exit_code == 2


def test_people_read_it_in_words(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_bytes(csv_of(camps(70, 16, 10)[1], 16, names=True))
    output = run(file).output
    assert "70 people, 16 ideas; 70 gave at least 7 votes" in output
    assert "group A: " in output
    assert "the groups differ most on: i" in output
    file.write_bytes(WHOLE)
    assert "no clear groups: fewer than 50 people" in run(file).output


def test_progress_is_told_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli._progress() is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    tell = cli._progress()
    assert tell is not None
    tell(22, 22)
    assert "22 of 22 steps" in capsys.readouterr().err
