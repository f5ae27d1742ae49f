"""What is said about a row of a roster: a code, where it stands, and the value with its personal
part hidden.

Must not know languages: `messages` puts a code into words.
"""

from __future__ import annotations

import dataclasses


class Unreadable(ValueError):
    """A cell that cannot be understood; `code` says why, `values` fill the text."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, str | int] = values


@dataclasses.dataclass(frozen=True, slots=True)
class Issue:
    """An error, a skipped row or a notice.

    `row` is the number that the spreadsheet shows (None: the whole file), `column` the title as it
    stands there, `field` ours, `value` masked.
    """

    code: str
    row: int | None = None
    column: str = ""
    field: str = ""
    value: str = ""
    values: dict[str, str | int] = dataclasses.field(default_factory=dict)
