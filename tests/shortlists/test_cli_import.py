"""`ballots import`: a Pabulib file becomes a closed campaign, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists.rules import Ballots
from ideas_app.votes.models import Ballot, BallotChoice
from tests.people import Cast
from tests.shortlists.pabulib_styles import WARSAW


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def write(folder: Path, text: str = WARSAW.text) -> Path:
    file = folder / "city.pb"
    file.write_text(text)
    return file


def counted(table: type) -> int | None:
    return session().scalar(select(func.count()).select_from(table))


def test_a_file_becomes_a_closed_campaign_whose_ballots_go_out_as_they_came_in(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    done = run(app, "ballots", "import", write(tmp_path), "--campaign", "city-2023")
    assert (done.exit_code, done.output) == (0, "city-2023: 4 ideas, 6 ballots\n")
    out = tmp_path / "out.pb"
    assert run(app, "ballots", "export", "--campaign", "city-2023", out).exit_code == 0
    came, went = Ballots.from_pb(WARSAW.text), Ballots.from_pb(out.read_bytes())
    by_title = dict(zip(came.ideas, came.titles, strict=True))
    titles = dict(zip(went.ideas, went.titles, strict=True))
    assert went.empty == came.empty
    assert sorted(
        sorted(titles[went.ideas[place]] for place in row) for row in went.rows
    ) == sorted(sorted(by_title[came.ideas[place]] for place in row) for row in came.rows)


def test_a_shortlist_can_be_computed_of_it(app: Flask, cast: Cast, tmp_path: Path) -> None:
    run(app, "ballots", "import", write(tmp_path), "--campaign", "city-2023")
    done = run(app, "shortlist", "compute", "--campaign", "city-2023", "--seats", "2", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert (answer["ballots"], answer["empty"], len(answer["winners"])) == (5, 1, 2)


def test_nobody_is_behind_an_imported_ballot_or_idea(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    run(app, "ballots", "import", write(tmp_path), "--campaign", "city-2023")
    ballots = session().scalars(select(Ballot)).all()
    assert {ballot.account_id for ballot in ballots} == {None}
    assert len({ballot.cast_at for ballot in ballots}) == 1
    found = session().scalars(select(Idea)).all()
    assert {(idea.pen_name, idea.state) for idea in found} == {("—", State.ON_BALLOT)}


def test_projects_of_one_name_stay_apart(app: Flask, cast: Cast, tmp_path: Path) -> None:
    text = WARSAW.text.replace("Psi wybieg", "zielony zwm 2.0")
    done = run(app, "ballots", "import", write(tmp_path, text), "--campaign", "city-2023")
    assert done.exit_code == 0, done.output
    assert "zielony zwm 2.0 (9)" in session().scalars(select(Idea.title)).all()


def test_a_campaign_that_exists_is_refused_and_stays_as_it_is(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    file = write(tmp_path)
    run(app, "ballots", "import", file, "--campaign", "city-2023")
    before = [counted(table) for table in (Campaign, Idea, Ballot, BallotChoice)]
    again = run(app, "ballots", "import", file, "--campaign", "city-2023")
    assert again.exit_code == 1
    assert again.output == "Error: There is a campaign with this address already.\n"
    assert [counted(table) for table in (Campaign, Idea, Ballot, BallotChoice)] == before


def test_a_broken_file_leaves_nothing_behind(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = write(tmp_path, WARSAW.text.replace(";76;3", ";77;3"))
    done = run(app, "ballots", "import", file, "--campaign", "city-2023")
    assert done.exit_code == 1
    assert "unknown_idea" in done.output
    assert "line 30" in done.output
    assert counted(Campaign) == 0


def test_without_staff_nobody_can_stand_behind_the_ideas(app: Flask, tmp_path: Path) -> None:
    done = run(app, "ballots", "import", write(tmp_path), "--campaign", "city-2023")
    assert done.exit_code == 1
    assert "no moderator" in done.output
    assert counted(Campaign) == 0
