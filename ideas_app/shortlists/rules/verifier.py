"""The citizens' verifier: reads a published file, prints the list, the digest and every round.

Runs on a bare Python from 3.9: `bundle` joins it with the same core that the service uses. Its few
words stand here in both languages because it must work without any catalogue.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.errors import TallyError
from ideas_app.shortlists.rules.recount import recount, tell_recount
from ideas_app.shortlists.rules.results import Completion, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ideas_app.shortlists.rules.recount import Recount
    from ideas_app.shortlists.rules.results import Round

DEFAULT_LANGUAGE = "ko"
WORDS = {
    "ko": {
        "digest": "파일 지문 SHA-256",
        "changed": "주의: 파일이 바뀌었습니다. 처음 다른 줄",
        "mismatch": "주의: 알고 계신 지문과 다릅니다.",
        "rule": "규칙",
        "seats": "자리",
        "ballots": "투표",
        "empty": "빈 투표",
        "coverage": "한 건이라도 얻은 사람",
        "mean": "한 사람이 얻은 평균",
        "list": "선정된 순서",
        "votes": "표",
        "rounds": "라운드",
        "tied": "동점",
        "fault": "파일을 셀 수 없습니다",
        "costs": "참고: 사업 비용은 쓰지 않았습니다. 모든 사업을 한 자리로 셌습니다.",
        "ordinal": "참고: 순위 투표입니다. 적힌 사업을 모두 찬성으로 셌습니다.",
        "cumulative": "참고: 점수 투표입니다. 0점보다 많이 받은 사업을 찬성으로 셌습니다.",
        "scoring": "참고: 점수 투표입니다. 0점보다 많이 받은 사업을 찬성으로 셌습니다.",
    },
    "en": {
        "digest": "file digest SHA-256",
        "changed": "Warning: the file has been changed. First line that differs",
        "mismatch": "Warning: this is not the digest you expected.",
        "rule": "rule",
        "seats": "seats",
        "ballots": "ballots",
        "empty": "empty ballots",
        "coverage": "people with at least one idea",
        "mean": "mean ideas a person",
        "list": "list in order of election",
        "votes": "votes",
        "rounds": "rounds",
        "tied": "tied",
        "fault": "The file cannot be counted",
        "costs": "note: costs are not used, every project takes one seat",
        "ordinal": "note: ordinal ballots, every listed project counts as approved",
        "cumulative": "note: cumulative ballots, projects with more than 0 points count as approved",
        "scoring": "note: scoring ballots, projects with more than 0 points count as approved",
    },
}


def verify(arguments: Sequence[str] | None = None) -> int:
    """Run with command line arguments; 0 if all is well, 1 if the file is faulty or changed."""
    asked = _parse(arguments)
    words = WORDS[asked.lang]
    try:
        found = recount(asked.file.read_bytes(), asked.seats, asked.rule, asked.completion)
    except TallyError as fault:
        place = f"{asked.file.name}:{fault.line}" if fault.line else asked.file.name
        sys.stderr.write(f"{words['fault']}: {place}: {fault.code}: {fault}\n")
        return 1
    except OSError as fault:
        sys.stderr.write(f"{words['fault']}: {fault}\n")
        return 1
    warnings = list_warnings(found, asked.digest, words)
    if asked.json:
        text = json.dumps(tell_recount(found), ensure_ascii=False, indent=1)
    else:
        text = "\n".join(tell_text(found, words))
    # Titles may hold any letter, whatever the console was set up for.
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.flush()
    sys.stderr.write("".join(f"{warning}\n" for warning in warnings))
    return 1 if warnings else 0


def list_warnings(found: Recount, expected: str | None, words: dict[str, str]) -> list[str]:
    """What is wrong with the file: lines changed since it was published, another digest."""
    warnings = []
    if found.is_ours and found.changed_line is not None:
        warnings.append(f"{words['changed']}: {found.changed_line}")
    if expected and "".join(expected.split()).lower() != found.digest:
        warnings.append(words["mismatch"])
    return warnings


def tell_text(found: Recount, words: dict[str, str]) -> Iterator[str]:
    """The recount as lines of text."""
    b, result, figures = found.ballots, found.result, found.audit
    titles = dict(zip(b.ideas, b.titles or b.ideas, strict=True))
    votes = b.approvals
    yield f"{words['digest']}: {found.digest}"
    yield f"{words['rule']}: {result.rule} / {result.completion}"
    yield f"{words['seats']}: {result.k}"
    yield f"{words['ballots']}: {result.n}"
    yield f"{words['empty']}: {result.empty}"
    yield from (words[adapted] for adapted in found.adapted)
    yield f"{words['coverage']}: {figures.covered} / {figures.n}"
    yield f"{words['mean']}: {figures.mean}"
    yield f"JR: {figures.jr}"
    yield f"EJR+: {figures.ejr_plus}"
    yield ""
    yield f"{words['list']}:"
    for rank, idea in enumerate(result.winners, start=1):
        yield f"{rank:3}. {idea}  {titles[idea]}  ({words['votes']}: {votes[idea]})"
    yield ""
    yield f"{words['rounds']}:"
    for entry in result.rounds:
        yield from _tell_round(entry, words)


def _tell_round(entry: Round, words: dict[str, str]) -> Iterator[str]:
    yield f"{entry.number:3}. {entry.idea}  [{entry.phase}]  {entry.score}"
    for leader in entry.leaders[1:]:
        yield f"       {leader.idea}  {leader.score}"
    if entry.tied:
        yield f"       {words['tied']}: {', '.join(entry.tied)}"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Counts a published ballot file again. 공개된 투표 파일을 다시 셉니다."
    )
    parser.add_argument("file", type=Path, help="ballots.pb")
    parser.add_argument("--seats", type=int)
    parser.add_argument("--rule", choices=[rule.value for rule in Rule])
    parser.add_argument("--completion", choices=[completion.value for completion in Completion])
    parser.add_argument("--digest", help="SHA-256")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=sorted(WORDS), default=DEFAULT_LANGUAGE)
    return parser.parse_args(arguments)
