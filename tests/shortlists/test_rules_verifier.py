"""The verifier as citizens run it: one file, a bare Python, the published ballots."""

import ast
import hashlib
import json
import random
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from ideas_app.shortlists.rules import (
    Ballots,
    TallyError,
    recount,
    shortlist,
    tell_recount,
    verifier_source,
)
from ideas_app.shortlists.rules.bundle import MODULES
from tests.shortlists.pabulib_styles import ZURICH


def publish(**meta):
    dice = random.Random(11)
    ideas = [f"i{number}" for number in range(12)]
    lists = [dice.sample(ideas, dice.randint(0, 5)) for _ in range(90)]
    titles = {idea: f"제안 {idea} 🙂" for idea in ideas}
    return Ballots.from_lists(ideas, lists, titles=titles).with_meta(
        **{"seats": 5, "rule": "mes", "completion": "approval", **meta}
    )


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("verifier") / "recount.py"
    path.write_text(verifier_source(), encoding="utf-8")
    return path


@pytest.fixture
def run(script, tmp_path):
    def run_on(content, *options):
        file = tmp_path / "ballots.pb"
        file.write_bytes(content)
        return subprocess.run(
            [sys.executable, "-I", str(script), str(file), *options],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run_on


def test_the_verifier_finds_what_the_service_found(run):
    b = publish()
    done = run(b.to_pb(), "--json", "--digest", b.digest)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == tell_recount(recount(b.to_pb()))
    assert json.loads(done.stdout)["winners"] == list(shortlist(b, 5, "mes", "approval").winners)


def test_the_verifier_prints_list_digest_and_rounds(run):
    b = publish()
    done = run(b.to_pb())
    first = shortlist(b, 5, "mes", "approval").rounds[0]
    assert f"파일 지문 SHA-256: {b.digest}" in done.stdout
    assert f"1. {first.idea}  제안 {first.idea} 🙂" in done.stdout
    assert f"1. {first.idea}  [rule]  {first.score}" in done.stdout
    assert "file digest SHA-256" in run(b.to_pb(), "--lang", "en").stdout


def test_a_changed_count_is_reported_and_changes_the_digest(run):
    b = publish()
    votes = b.approvals["i4"]
    changed = b.to_pb().replace(f"i4;1;{votes}".encode(), f"i4;1;{votes + 1}".encode())
    done = run(changed, "--lang", "en", "--digest", b.digest)
    assert done.returncode == 1
    assert "has been changed" in done.stderr
    assert "not the digest" in done.stderr
    assert hashlib.sha256(changed).hexdigest() in done.stdout


def test_a_file_that_cannot_be_counted_ends_in_one_line(run):
    done = run(publish().to_pb().replace(b"vote_type;approval", b"vote_type;knapsack"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "bad_format" in done.stderr


def test_the_verifier_can_count_by_another_rule(run):
    b = publish()
    done = run(b.to_pb(), "--json", "--rule", "phragmen", "--seats", "3")
    assert json.loads(done.stdout)["winners"] == list(shortlist(b, 3, "phragmen").winners)


@cache
def list_interpreters():
    """The Pythons from 3.9 that are installed here, however they are found."""
    names = [f"python3.{minor}" for minor in range(9, 16)]
    homes = Path.home() / ".pyenv" / "versions"
    found = [shutil.which(name) for name in names] + [str(p) for p in homes.glob("3.*/bin/python3")]
    return {
        version: path
        for path in filter(None, found)
        if (version := ask_version(path)) >= (3, 9) and version != sys.version_info[:2]
    }


def ask_version(path):
    asked = [path, "-Ic", "import sys; print(*sys.version_info[:2])"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return tuple(map(int, done.stdout.split()))


@pytest.mark.parametrize("options", [("--json",), ("--lang", "en"), ("--rule", "phragmen")])
def test_every_python_from_3_9_prints_the_same_bytes(script, run, tmp_path, options):
    content = publish().to_pb()
    expected = run(content, *options)
    assert expected.returncode == 0
    for version, path in list_interpreters().items():
        call = [path, "-I", str(script), str(tmp_path / "ballots.pb"), *options]
        done = subprocess.run(call, capture_output=True, encoding="utf-8", check=False)
        told = (done.returncode, done.stdout, done.stderr)
        assert told == (0, expected.stdout, ""), version


def test_the_verifier_is_written_in_the_grammar_of_python_3_9():
    ast.parse(verifier_source(), feature_version=(3, 9))


def test_what_python_3_9_lacks_is_replaced():
    tree = ast.parse(verifier_source())
    imported = {
        (node.module, alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    newer = {("enum", "StrEnum"), ("dataclasses", "dataclass"), ("typing", "Self")}
    newer |= {("itertools", "pairwise"), ("itertools", "batched"), ("typing", "override")}
    assert not imported & newer
    assert not [node for node in ast.walk(tree) if type(node).__name__ in ("Match", "TypeAlias")]


@pytest.mark.parametrize("does_the_count_follow", [False, True])
def test_one_changed_tick_changes_the_digest_and_is_reported(run, does_the_count_follow):
    b = publish()
    lines = b.to_pb().decode().split("\n")
    place = next(i for i, line in enumerate(lines) if line.startswith("1;i"))
    number, _, vote = lines[place].partition(";")
    more = next(idea for idea in b.ideas if idea not in vote.split(","))
    lines[place] = f"{number};{vote},{more}"
    changed = "\n".join(lines).encode()
    if does_the_count_follow:
        # whoever edits the whole file with care is caught by the digest alone
        changed = Ballots.from_pb(changed).to_pb()
    done = run(changed, "--lang", "en", "--digest", b.digest)
    assert done.returncode == 1
    assert "not the digest" in done.stderr
    assert ("has been changed" in done.stderr) is not does_the_count_follow
    assert b.digest not in done.stdout
    assert run(changed).returncode == (0 if does_the_count_follow else 1)


def test_the_verifier_adapts_a_file_from_elsewhere_and_says_so(run):
    done = run(ZURICH.text.encode(), "--lang", "en", "--seats", "2")
    assert done.returncode == 0
    assert "note: cumulative ballots" in done.stdout
    told = tell_recount(recount(ZURICH.text.encode(), 2))
    assert json.loads(run(ZURICH.text.encode(), "--json", "--seats", "2").stdout) == told


def test_no_name_is_defined_twice_in_the_joined_file():
    tree = ast.parse(verifier_source())
    names = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assert len(set(names)) == len(names)
    assert all(f"# ---- {module} ----" in verifier_source() for module in MODULES)


def test_the_verifier_needs_nothing_but_the_standard_library():
    tree = ast.parse(verifier_source())
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert {module.partition(".")[0] for module in modules} <= sys.stdlib_module_names


def test_a_file_from_elsewhere_is_counted_with_the_defaults():
    b = publish()
    foreign = b.to_pb().replace(b"seats;5\n", b"").replace(b"rule;mes", b"rule;greedy")
    found = recount(foreign, k=4)
    assert (found.result.rule, found.result.completion, found.result.k) == ("mes", "phragmen", 4)
    assert not found.is_ours


def test_an_unknown_rule_in_our_own_file_is_an_error():
    with pytest.raises(TallyError) as caught:
        recount(publish(rule="lottery").to_pb())
    assert caught.value.code == "unknown_rule"


@pytest.mark.parametrize("seats", [0, 13])
def test_a_number_of_seats_that_cannot_be_is_an_error(seats):
    with pytest.raises(TallyError) as caught:
        recount(publish().to_pb(), seats)
    assert caught.value.code == "k_out_of_range"


def test_completion_none_of_another_rule_says_nothing_of_equal_shares():
    content = publish(rule="phragmen", completion="none").to_pb()
    assert recount(content).result.completion == "none"
    assert recount(content, rule="mes").result.completion == "phragmen"
    assert recount(content, rule="mes", completion="none").result.completion == "none"
