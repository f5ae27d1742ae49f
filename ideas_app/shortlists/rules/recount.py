"""A published file counted again: one answer for the command line, the page and the verifier.

Must not know the service: a file is all it takes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ideas_app.shortlists.rules.auditing import audit
from ideas_app.shortlists.rules.ballots import Ballots, find_changed_line
from ideas_app.shortlists.rules.election import DEFAULT_SEATS, shortlist
from ideas_app.shortlists.rules.errors import TallyError
from ideas_app.shortlists.rules.pabulib import decode_pabulib, read_pabulib
from ideas_app.shortlists.rules.results import Completion, Rule, to_plain

if TYPE_CHECKING:
    from ideas_app.shortlists.rules.auditing import Audit
    from ideas_app.shortlists.rules.results import Result


@dataclass(frozen=True, slots=True)
class Recount:
    """`digest`: SHA-256 of the file's bytes as they are.

    `changed_line`: the first line that differs from the canonical file of the same ballots; None
    for a canonical file. Files that do not come from here are seldom canonical; in one that
    `is_ours` a changed line means that somebody has edited it. `adapted`: what the file says that
    is read as something else, as in `PabulibContent`.
    """

    ballots: Ballots
    result: Result
    audit: Audit
    digest: str
    is_ours: bool
    changed_line: int | None
    adapted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How a file is to be counted: what was asked for, completed by what the file says."""

    seats: int
    rule: Rule | str
    completion: Completion | str


def recount(
    source: bytes,
    k: int | None = None,
    rule: Rule | str | None = None,
    completion: Completion | str | None = None,
) -> Recount:
    """Count a Pabulib file; what is not asked for comes from its META if the file is ours.

    Otherwise 15 seats (or as many as there are projects), mes, completion by Phragmén. Raises
    `TallyError` as `Ballots.from_pb` and `shortlist`.
    """
    content = read_pabulib(decode_pabulib(source))
    b = Ballots.from_content(content)
    asked = inquire(b, k, rule, completion)
    result = shortlist(b, asked.seats, asked.rule, asked.completion)
    return Recount(
        ballots=b,
        result=result,
        audit=audit(b, result.winners, result.k),
        digest=hashlib.sha256(source).hexdigest(),
        is_ours=bool(b.find_meta("seats")),
        changed_line=find_changed_line(source, b.to_pb()),
        adapted=content.adapted,
    )


def inquire(
    b: Ballots,
    k: int | None = None,
    rule: Rule | str | None = None,
    completion: Completion | str | None = None,
) -> Inquiry:
    """What is not asked for comes from META if the ballots are ours, else from the defaults.

    Raises `TallyError` bad_format when META tells a number of seats that is none.
    """
    seats = b.find_meta("seats")
    # Other people's files have META keys of the same names with other meanings.
    said = dict(b.meta) if seats else {}
    if seats and not (seats.isascii() and seats.isdigit()):
        raise TallyError("bad_format", "The number of seats is no number.")
    chosen = rule or said.get("rule", Rule.MES)
    # Its word on completion belongs to its rule: "none" after Phragmén says nothing of mes.
    if completion is None and chosen == said.get("rule"):
        completion = said.get("completion")
    in_file = int(seats) if seats else min(DEFAULT_SEATS, len(b.ideas))
    return Inquiry(in_file if k is None else k, chosen, completion or Completion.PHRAGMEN)


def tell_recount(found: Recount) -> dict[str, Any]:
    """The recount in terms of JSON.

    `coverage` and `mean` are the nearest decimal numbers, for programs that want no fractions; the
    exact values stand beside them, as everywhere else, as "n/d". `content_digest` is that of the
    canonical file of the same ballots: the same as `digest` when the file is canonical.
    """
    result, figures = found.result, found.audit
    return {
        "rule": result.rule.value,
        "completion": result.completion.value,
        "seats": result.k,
        "ballots": result.n,
        "empty": result.empty,
        "winners": list(result.winners),
        "coverage": figures.coverage.numerator / figures.coverage.denominator,
        "coverage_exact": to_plain(figures.coverage),
        "mean": figures.mean.numerator / figures.mean.denominator,
        "mean_exact": to_plain(figures.mean),
        "jr": figures.jr,
        "ejr_plus": figures.ejr_plus,
        "violations": to_plain(figures.violations),
        "digest": found.digest,
        "canonical": found.changed_line is None,
        "content_digest": found.ballots.digest,
        "adapted": list(found.adapted),
        "short": result.short,
        "ties": to_plain(result.ties),
        "rounds": to_plain(result.rounds),
    }
