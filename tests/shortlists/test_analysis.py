"""The analysis of a round: made by a job, the same bytes each time, told on the page in words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

from ideas_app.core import outbox
from ideas_app.core.db import session, transaction
from ideas_app.shortlists import queries, service
from ideas_app.shortlists.models import Round
from ideas_app.shortlists.rules import SENTENCES, Ballots, shortlist
from ideas_app.votes.models import Ballot
from tests.people import Actor, Cast
from tests.shortlists.scenes import closed_ballot, computed, published

Browser = Callable[[Actor], FlaskClient]
SAMPLES: dict[str, object] = {
    "rank": 4,
    "votes": 612,
    "served": 380,
    "effective": "431/1",
    "points": "61/2",
    "idea": "i1",
    "share": "2/5",
    "at_least": 3,
    "last_effective": "219/1",
    "people": 7,
    "displaces": ["i1", "i2"],
}


def stored(round_id: int) -> str:
    result = session().scalars(select(Round.result).where(Round.id == round_id)).one()
    return json.dumps(result["analysis"])


def test_the_page_says_that_it_is_being_computed_until_the_job_is_done(
    cast: Cast, browser_of
) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_id = computed(cast, campaign).id
    address = f"/shortlists/{round_id}?lang=en"
    sora = browser_of(cast.sora)
    assert "is being computed" in sora.get(address).text
    assert "Wait for the analysis" in sora.get(f"/shortlists/{round_id}/work?lang=en").text
    outbox.drain()
    assert queries.get_round(round_id).progress == 100
    page = sora.get(address).text
    assert "is being computed" not in page
    assert "Just missed" in page
    assert str(int(queries.get_round(round_id).digest[:8], 16)) in page
    assert "mes" not in re.findall(r"<th[^>]*>(\w+)<", page)


def test_computing_it_again_stores_the_same_bytes(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_id = computed(cast, campaign).id
    outbox.drain()
    first = stored(round_id)
    service.analyse_round(round_id)
    assert stored(round_id) == first
    service.analyse_round(round_id + 1)  # thrown away meanwhile


def test_what_is_told_of_seats_and_rules_is_what_counting_by_them_gives(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_id = computed(cast, campaign).id
    service.analyse_round(round_id)
    round_ = queries.get_round(round_id)
    found = queries.read_page(round_).analysis
    assert found is not None
    b = Ballots.from_pb(round_.snapshot)
    ours = set(shortlist(b, 3).winners)
    for row in found.by_seats:
        there = set(shortlist(b, row.seats).winners)
        assert {one.entry.project for one in row.entering} == there - ours
        assert {one.entry.project for one in row.leaving} == ours - there
        assert row.is_ours == (row.seats == 3)
    for place, rule in enumerate(found.rules):
        listed = [shown.entry.project for shown, places in found.matrix if places[place]]
        assert set(listed) == set(shortlist(b, 3, rule).winners)
    differs = [
        (p[found.rules.index("mes")] is None) != (p[found.rules.index("approval")] is None)
        for _, p in found.matrix
    ]
    assert differs == sorted(differs, reverse=True)


def test_every_sentence_has_words_for_all_its_values(app: object) -> None:
    titles = {"i1": "밤 버스", "i2": "<b>굵게</b>"}
    silent = {("missing_in_top", "votes"), ("chosen_by_points", "points")}
    with app.test_request_context("/?lang=en"):  # type: ignore[attr-defined]
        for key, names in SENTENCES.items():
            values = {name: SAMPLES.get(name, ["i1", "i2"]) for name in names}
            if key == "more_votes":
                values["ideas"] = 5
            text = str(queries.tell(key, values, titles))
            assert "%(" not in text
            for name in names:
                value = values[name]
                if (key, name) in silent:
                    continue
                if isinstance(value, int):
                    assert str(value) in text, key
                elif name == "share":
                    assert "40 %" in text, key
                elif isinstance(value, str) and "/" in value:
                    assert str(Fraction(value)) in text, key
                else:
                    assert "밤 버스" in text, key


def test_a_voter_sees_the_own_line_and_nobody_else_does(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    campaign, _ideas = closed_ballot(cast)
    campaign_id = campaign.id
    with transaction() as current:
        found = current.scalars(select(Ballot).where(Ballot.campaign_id == campaign_id)).all()
        found[70].account_id = cast.jun.id  # "abc", as 40 people said
    round_ = published(cast, campaign)
    address = f"/shortlists/{round_.id}?lang=en"
    lines = round_.snapshot.partition("VOTES\n")[2].splitlines()[1:]
    whole = [line for line in lines if line.count(",") == 2]
    first, last = whole[0].split(";")[0], whole[-1].split(";")[0]
    page = browser_of(cast.jun).get(address).text
    assert f"It stands on lines {first} to {last} of the file: yours and 39 others" in page
    for stranger in (visitor, browser_of(cast.mina), browser_of(cast.sora)):
        assert "Your ballot as counted" not in stranger.get(address).text


def test_the_counting_program_is_a_file_that_prints_the_list_of_the_page(
    cast: Cast, visitor: FlaskClient, tmp_path: Path
) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    round_id, snapshot, digest = round_.id, round_.snapshot, round_.digest
    winners = round_.result["chosen"]["winners"]
    answer = visitor.get("/shortlists/recount.py")
    assert answer.mimetype == "text/x-python"
    assert answer.headers["Content-Disposition"] == "attachment; filename=recount.py"
    (tmp_path / "recount.py").write_bytes(answer.data)
    (tmp_path / "ballots.pb").write_text(snapshot, encoding="utf-8", newline="")
    command = [sys.executable, "-I", "recount.py", "ballots.pb", "--json"]
    command += ["--digest", digest]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout)["winners"] == winners
    assert "/shortlists/recount.py" in visitor.get(f"/shortlists/{round_id}").text
