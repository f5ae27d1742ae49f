"""The one error of the kernel.

Must not know texts for people: callers turn `code` into a sentence.
"""

from __future__ import annotations

from typing import Literal

Code = Literal[
    "bad_format",
    "bad_weight",
    "duplicate_idea_id",
    "duplicate_in_ballot",
    "forced_and_excluded",
    "forced_incompatible",
    "k_out_of_range",
    "not_canonical",
    "unknown_idea",
    "unknown_rule",
]


class TallyError(ValueError):
    """Input that cannot be counted.

    `code` is stable. `line` is the line of a file, or the number of the ballot in a list, both
    from 1; None where the fault has no place.
    """

    def __init__(self, code: Code, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.line = line
