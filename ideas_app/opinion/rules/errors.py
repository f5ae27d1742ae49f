"""The one kind of fault of a matrix of votes. Must not know where the matrix comes from."""

from __future__ import annotations


class MapError(ValueError):
    """Votes that cannot be read: a stable `code`, words for a person, and the line where there is one."""

    def __init__(self, code: str, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.line = line
