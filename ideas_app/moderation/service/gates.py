"""What every act of the desk passes: rows held as they are now, a reason that fits, a policy's no.

Must not know what is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import policy as idea_policy
from ideas_app.moderation import policy
from ideas_app.moderation.rules import REASON_MAX

if TYPE_CHECKING:
    from ideas_app.core.verdict import Verdict
    from ideas_app.ideas.models import Idea

_DECIDED = (
    "state",
    "is_listed",
    "code",
    "state_reason",
    "state_before_hidden",
    "decided_at",
    "published_at",
    "edited_at",
    "active_at",
    "duplicate_of_id",
    "family_id",
    "version",
    "title",
    "why",
    "how",
    "why_html",
    "how_html",
)


def hold(idea: Idea) -> None:
    """The idea's state as it is now; nobody else decides about it until the transaction ends."""
    session().refresh(idea, _DECIDED, with_for_update=True)


def require(verdict: Verdict) -> None:
    """Raises unless allowed: `Conflict` where the thing has moved on, `NotFound`, or `Refused`."""
    if verdict.code in policy.NOT_NOW:
        raise Conflict(verdict.code, verdict.reason)
    if verdict.code == idea_policy.NOT_THERE.code:
        raise NotFound(verdict.code, verdict.reason)
    verdict.require()


def checked(value: str, *, field: str = "reason", most: int = REASON_MAX) -> str:
    """The normalised text of a field that must be filled. Raises `Invalid` at the field."""
    value = text.normalise(value)
    if not value:
        message = _l("Give a reason: it is kept in the log and told to the people concerned.")
        raise Invalid(Fault(field, f"{field}_missing", message))
    over = text.length(value) - most
    if over > 0:
        message = _l(
            "Too long by %(over)s: at most %(most)s characters fit here.", over=over, most=most
        )
        raise Invalid(Fault(field, "too_long", message))
    return value
