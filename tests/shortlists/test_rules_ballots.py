"""Ballots in memory and as Pabulib files: canonical bytes, faults with their line."""

import hashlib
import random

import pytest

from ideas_app.shortlists.rules import Ballots, TallyError, tie_order

LINES = (
    "META",
    "key;value",
    'description;"Ideas; of ""2025"""',
    "num_projects;3",
    "num_votes;4",
    "budget;2",
    "vote_type;approval",
    "rule;mes",
    "seats;2",
    "completion;phragmen",
    "empty;1",
    "unit_kind;city",
    "PROJECTS",
    "project_id;cost;votes;name",
    'i7;1;3;"막차를 ""11시""까지"',
    'i2;1;2;"저녁; 자습실"',
    "i9;1;0;",
    "VOTES",
    "voter_id;vote",
    "1;i7",
    "2;i7",
    "3;i7,i2",
    "4;i2",
)
CANONICAL = "\n".join(LINES) + "\n"


def make(lists=(["i2"], ["i7"], ["i2", "i7"], [], ["i7"])):
    titles = {"i7": '막차를\u2028"11시"까지 ', "i2": "저녁; 자습실"}
    b = Ballots.from_lists(["i7", "i2", "i9"], lists, titles=titles)
    return b.with_meta(
        unit_kind="city", completion="phragmen", seats=2, rule="mes", description='Ideas; of "2025"'
    )


def code_of(function, *arguments, **named):
    with pytest.raises(TallyError) as caught:
        function(*arguments, **named)
    return caught.value.code, caught.value.line


def test_the_file_is_written_in_one_canonical_way():
    assert make().to_pb().decode() == CANONICAL


def test_the_digest_is_the_hash_of_the_file():
    assert make().digest == hashlib.sha256(CANONICAL.encode()).hexdigest()


def test_reading_the_file_gives_the_same_ballots_back():
    assert Ballots.from_pb(CANONICAL, canonical=True) == make()
    assert Ballots.from_pb(CANONICAL.encode(), canonical=True) == make()


def test_the_order_of_casting_leaves_no_trace_in_the_file():
    dice = random.Random(5)
    lists = [dice.sample(["i2", "i7", "i9"], dice.randint(0, 3)) for _ in range(50)]
    assert make(lists).to_pb() == make(dice.sample(lists, 50)).to_pb()


def test_the_file_holds_ideas_and_ballots_and_nothing_about_people():
    heads = [line for line in CANONICAL.splitlines() if line.startswith(("project_id", "voter_id"))]
    assert heads == ["project_id;cost;votes;name", "voter_id;vote"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("i7;1;3", "i7;1;4", 15),
        ("num_votes;4", "num_votes;5", 5),
        ("1;i7\n2;i7\n", "2;i7\n1;i7\n", 20),
        ("4;i2\n", "4;i2\n5;i2\n", 5),
        ("4;i2\n", "4;i2", 24),
        ("\n", "\r\n", 1),
        ("META", "\ufeffMETA", 1),
    ],
)
def test_a_changed_file_is_readable_but_not_canonical(old, new, line):
    changed = CANONICAL.replace(old, new)
    assert Ballots.from_pb(changed).ideas == ("i7", "i2", "i9")
    assert code_of(Ballots.from_pb, changed, canonical=True) == ("not_canonical", line)


def test_a_file_from_elsewhere_is_read_whatever_its_costs_and_columns():
    foreign = (
        "META\r\nkey; value\r\nvote_type; choose-1\r\nbudget;9000,50\r\nrule;greedy\r\n\r\n"
        "PROJECTS\r\nproject_id; cost; name\r\n 12 ;3000; Path\r\n7;1000;None\r\n"
        "VOTES\r\nvoter_id;age;sex;vote\r\n80;33;F;7\r\n81;20;M;\r\n82;19;;12\r\n"
    )
    b = Ballots.from_pb(foreign.encode())
    assert (b.ideas, b.rows, b.weights, b.empty) == (("12", "7"), ((0,), (1,)), (1, 1), 1)
    assert b.titles == ("Path", "None")
    assert b.find_meta("rule") == "greedy"
    assert b.find_meta("budget") is None
    assert Ballots.from_pb(b.to_pb(), canonical=True) == b


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("vote_type;approval", "vote_type;knapsack", ("bad_format", 7)),
        ("vote_type;approval\n", "", ("bad_format", None)),
        ("empty;1", "empty;few", ("bad_format", 11)),
        ("seats;2", "seats", ("bad_format", 9)),
        ("META\nkey;value\n", "", ("bad_format", 1)),
        ("voter_id;vote", "voter_id;points", ("bad_format", 19)),
        ("3;i7,i2", "3", ("bad_format", 22)),
        ("3;i7,i2", "3;i7,i3", ("unknown_idea", 22)),
        ("3;i7,i2", "3;i7,i7", ("duplicate_in_ballot", 22)),
        ("i9;1;0", "i7;1;0", ("duplicate_idea_id", 17)),
        ("PROJECTS", "PLANS", ("bad_format", None)),
    ],
)
def test_a_faulty_file_names_the_fault_and_its_line(old, new, fault):
    found = code_of(Ballots.from_pb, CANONICAL.replace(old, new))
    assert found[0] == fault[0] if fault[1] is None else found == fault


def test_bytes_that_are_no_text_are_refused():
    assert code_of(Ballots.from_pb, CANONICAL.encode("cp949"))[0] == "bad_format"


def test_lists_with_faults_are_refused_with_the_number_of_the_ballot():
    assert code_of(Ballots.from_lists, "AB", [["A"], ["C"]]) == ("unknown_idea", 2)
    assert code_of(Ballots.from_lists, "AB", [["A", "A"]]) == ("duplicate_in_ballot", 1)
    assert code_of(Ballots.from_lists, "AA", [])[0] == "duplicate_idea_id"


def test_unknown_ideas_can_be_dropped_and_may_leave_a_ballot_empty():
    b = Ballots.from_lists("AB", [["A", "C"], ["C"]], unknown="drop")
    assert (b.rows, b.weights, b.empty) == (((0,),), (1,), 1)


@pytest.mark.parametrize("idea", ["", " A", "A,B", "A;B", 'A"', "votes", "None", "A\nB"])
def test_an_id_that_the_file_cannot_carry_is_refused(idea):
    assert code_of(Ballots.from_lists, [idea], [])[0] == "bad_format"


@pytest.mark.parametrize(
    ("rows", "weights", "code"),
    [
        (((0,),), (0,), "bad_weight"),
        (((0,),), (True,), "bad_weight"),
        (((0,),), (1, 1), "bad_weight"),
        (((1, 0),), (1,), "bad_format"),
        (((0, 0),), (1,), "duplicate_in_ballot"),
        (((2,),), (1,), "unknown_idea"),
        (((),), (1,), "bad_format"),
    ],
)
def test_rows_and_weights_are_checked(rows, weights, code):
    assert code_of(Ballots, ("A", "B"), rows, weights)[0] == code


def test_the_tie_order_is_the_hash_of_round_and_idea():
    ideas = ["i1", "i2", "f3", "i10"]
    expected = sorted(ideas, key=lambda idea: hashlib.sha256(f"r-5:{idea}".encode()).digest())
    assert tie_order("r-5", ideas) == tuple(expected) == tie_order("r-5", reversed(ideas))
    assert len({tie_order(number, ideas) for number in range(20)}) > 10
