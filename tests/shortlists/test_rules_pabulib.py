"""Pabulib files as cities publish them: read whole, adapted where they must be, told when broken."""

from __future__ import annotations

import pytest

from ideas_app.shortlists.rules import Ballots, Rule, TallyError, recount, shortlist, tell_recount
from tests.shortlists.pabulib_styles import AMSTERDAM, STYLES, TOULOUSE, WARSAW, ZURICH, Style

each_style = pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())


@each_style
def test_a_file_in_the_style_of_a_city_is_read_whole(style: Style) -> None:
    expected = Ballots.from_lists(style.ideas, [*style.ballots, *[()] * style.empty])
    found = Ballots.from_pb(style.text.encode())
    assert (found.ideas, found.rows, found.weights, found.empty) == (
        expected.ideas,
        expected.rows,
        expected.weights,
        expected.empty,
    )


@each_style
def test_what_is_read_as_something_else_is_told(style: Style) -> None:
    told = tell_recount(recount(style.text.encode(), 2))
    assert told["adapted"] == list(style.adapted)
    assert told["canonical"] is False


@each_style
def test_every_rule_counts_the_file_as_its_canonical_form(style: Style) -> None:
    b = Ballots.from_pb(style.text)
    again = recount(b.to_pb(), 2)
    assert again.changed_line is None
    assert again.digest == recount(style.text.encode(), 2).ballots.digest == b.digest
    for rule in Rule:
        expected = shortlist(b, 2, rule)
        assert recount(style.text.encode(), 2, rule).result == expected
        assert recount(b.to_pb(), 2, rule).result == expected


def test_names_may_hold_semicolons_quotes_and_line_breaks() -> None:
    assert Ballots.from_pb(WARSAW.text).titles[1:3] == (
        'Ławki; kosze "przy" pętli',
        'Kino "pod chmurką", czyli lato',
    )
    assert Ballots.from_pb(AMSTERDAM.text).titles[1] == "Moestuin voor ouderen"


def test_nothing_of_the_voters_is_kept() -> None:
    written = Ballots.from_pb(WARSAW.text).to_pb().decode()
    assert written.partition("VOTES\n")[2].splitlines()[0] == "voter_id;vote"
    assert "internet" not in written
    assert "52.2" not in written


def test_meta_keeps_what_it_says_of_the_place_and_a_value_may_hold_semicolons() -> None:
    b = Ballots.from_pb(WARSAW.text)
    assert b.find_meta("unit") == "Warszawa"
    assert b.find_meta("comment") == "#1: a project; #2: another, withdrawn"
    assert Ballots.from_pb(ZURICH.text).find_meta("unit") == "Zürich"


def test_without_a_word_on_seats_a_short_file_gets_as_many_as_it_has_projects() -> None:
    assert recount(WARSAW.text.encode()).result.k == 4
    with pytest.raises(TallyError, match="seats"):
        recount(WARSAW.text.encode(), 15)


@pytest.mark.parametrize(
    ("style", "old", "new", "code", "says"),
    [
        (WARSAW, "1;24;M;internet;76;3", "1;24;M;internet;77;3", "unknown_idea", "77"),
        (WARSAW, ";76;3\n", ";76,76;3\n", "duplicate_in_ballot", "twice"),
        (WARSAW, "\n9;11900", "\n76;11900", "duplicate_idea_id", "76"),
        (WARSAW, "\n9;11900", "\n;11900", "bad_format", "id"),
        (WARSAW, "9;11900;1;Psi", '9;11900;1;"Psi', "bad_format", "never closed"),
        (WARSAW, "project_id;", "id;", "bad_format", "project_id"),
        (WARSAW, "voting_method;vote;", "voting_method;votes;", "bad_format", "vote"),
        (WARSAW, "vote_type;approval", "vote_type;knapsack", "bad_format", "knapsack"),
        (WARSAW, "META", "PABULIB", "bad_format", "META"),
        (ZURICH, "3,2;Kreis 1", "3;Kreis 1", "bad_format", "2 projects"),
        (ZURICH, "3,2;Kreis 1", "3,x;Kreis 1", "bad_format", "no numbers"),
        (ZURICH, "3,2;Kreis 1", "3,1/0;Kreis 1", "bad_format", "no numbers"),
        (TOULOUSE, "1;1;3\n", "1;8;3\n", "unknown_idea", "8"),
        (AMSTERDAM, "251 , 18;a-2", "251 , 19;a-2", "unknown_idea", "19"),
    ],
)
def test_a_broken_file_names_line_and_reason(
    style: Style, old: str, new: str, code: str, says: str
) -> None:
    start = style.text.index(old)
    broken = style.text.replace(old, new, 1)
    changed = next(i for i, sign in enumerate(broken) if i >= start and sign != style.text[i])
    with pytest.raises(TallyError) as caught:
        Ballots.from_pb(broken)
    assert (caught.value.code, caught.value.line) == (code, broken.count("\n", 0, changed) + 1)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_project_without_points_is_not_approved_whatever_it_is_called() -> None:
    assert Ballots.from_pb(TOULOUSE.text.replace("0;1,3;2,-1", "0;1,8;2,-1")).count == 4


def test_text_in_another_encoding_names_its_line() -> None:
    with pytest.raises(TallyError) as caught:
        Ballots.from_pb(WARSAW.text.encode("iso8859-2"))
    assert (caught.value.code, caught.value.line) == ("bad_format", 3)


def test_a_file_without_votes_is_told() -> None:
    with pytest.raises(TallyError, match="no VOTES"):
        Ballots.from_pb(WARSAW.text.partition("VOTES")[0])
