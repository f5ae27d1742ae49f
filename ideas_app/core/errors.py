"""What can go wrong, in words for people; `web.errors` turns each into an answer.

Must not know about HTTP beyond the status that each kind of fault stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from flask_babel import LazyString


class DomainError(Exception):
    """A fault with a stable `code` and a `message` that says what happened, why and what to do."""

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: LazyString | str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class Refused(DomainError):
    """A policy said no. `sign_in` is set where signing in would change the answer; `door` names another page
    (its endpoint) on which the person can change it.
    """

    status = 403

    def __init__(
        self, code: str, message: LazyString | str, *, sign_in: bool = False, door: str = ""
    ) -> None:
        super().__init__(code, message)
        self.sign_in = sign_in
        self.door = door or ("accounts.login" if sign_in else "")


class NotFound(DomainError):
    """The thing does not exist, or must look to this person as if it did not."""

    status = 404


class Conflict(DomainError):
    """The thing is no longer in the state that the act needs."""

    status = 409


class TooMany(DomainError):
    """A limit was reached; `retry_after` in seconds."""

    status = 429

    def __init__(self, code: str, message: LazyString | str, *, retry_after: int) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: the `field` where it happened, a `code`, and the words."""

    field: str
    code: str
    message: LazyString | str


class Invalid(DomainError):
    """An input that breaks a rule; carries every fault found, the first one being its message."""

    status = 422

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].code, faults[0].message)
        self.faults = faults
