"""The verifier as citizens run it: one file, a bare Python, the published ballots."""

import ast
import hashlib
import json
import random
import subprocess
import sys

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
    path = tmp_path_factory.mktemp("verifier") / "verify.py"
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
    done = run(publish().to_pb().replace(b"vote_type;approval", b"vote_type;ordinal"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "bad_format" in done.stderr


def test_the_verifier_can_count_by_another_rule(run):
    b = publish()
    done = run(b.to_pb(), "--json", "--rule", "phragmen", "--seats", "3")
    assert json.loads(done.stdout)["winners"] == list(shortlist(b, 3, "phragmen").winners)


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
