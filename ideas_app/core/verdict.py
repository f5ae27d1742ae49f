"""The answer of every policy: allowed, or refused with a reason that can be shown.

Must not know who asks or why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.core.errors import Refused

if TYPE_CHECKING:
    from flask_babel import LazyString


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an act is allowed now; a refusal carries a stable `code` and a `reason` for people."""

    allowed: bool
    code: str = "ok"
    reason: LazyString | str = ""
    sign_in: bool = False
    """True where signing in would open the door: pages then lead there."""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raises `Refused` with the reason unless the act is allowed."""
        if not self.allowed:
            raise Refused(self.code, self.reason, sign_in=self.sign_in)


ALLOWED = Verdict(allowed=True)


def refuse(code: str, reason: LazyString | str, *, sign_in: bool = False) -> Verdict:
    """A refusal with its reason."""
    return Verdict(allowed=False, code=code, reason=reason, sign_in=sign_in)


def first_refusal(*verdicts: Verdict) -> Verdict:
    """The first refusal among the verdicts, or `ALLOWED`."""
    return next((verdict for verdict in verdicts if not verdict), ALLOWED)
