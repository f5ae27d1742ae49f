"""The list that people sign: one canonical text of what was computed, what they changed and why.

Its SHA-256 is what two people put their names to. Must not know who they are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Change:
    """A project that people took out of the computed list or put in, with their public reason."""

    project: str
    kind: str
    reason: str


def count_changes(kinds: Sequence[str]) -> int:
    """How much a list was changed: an idea taken out and another put in its place are one change."""
    return max(kinds.count("taken_out"), kinds.count("put_in"))


def order_list(computed: Sequence[str], changes: Sequence[Change]) -> tuple[str, ...]:
    """The list as people want it: the computed one without what they took out, then what they put in."""
    out = {change.project for change in changes if change.kind == "taken_out"}
    put_in = [change.project for change in changes if change.kind == "put_in"]
    return (*(project for project in computed if project not in out), *put_in)


def write_list(ballots_digest: str, computed: Sequence[str], changes: Sequence[Change]) -> bytes:
    """The canonical text: JSON in UTF-8, keys sorted, no white space, changes in the order they were made.

    It names the ballots by the digest of their file, so it stands for exactly one count. Anybody
    can write it anew from the published page.
    """
    content = {
        "ballots": ballots_digest,
        "computed": list(computed),
        "changes": [asdict(change) for change in changes],
        "list": list(order_list(computed, changes)),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def seal_list(ballots_digest: str, computed: Sequence[str], changes: Sequence[Change]) -> str:
    """SHA-256 of `write_list`, in hexadecimal."""
    return hashlib.sha256(write_list(ballots_digest, computed, changes)).hexdigest()
