"""Whether an act is open to whoever asks, and why not: the words of the closed button, for programs.

Must not decide anything: verdicts come from the policies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.api.shapes import Shape

if TYPE_CHECKING:
    from ideas_app.core.verdict import Verdict


class May(Shape):
    """Whether something is allowed now."""

    allowed = fields.Boolean()
    code = fields.String(metadata={"description": "`ok`, or the stable code of the refusal."})
    reason = fields.String(metadata={"description": "Why not, for people; empty where allowed."})


def verdict(given: Verdict) -> dict[str, Any]:
    """A verdict in its shape."""
    return {"allowed": bool(given), "code": given.code, "reason": str(given.reason)}
