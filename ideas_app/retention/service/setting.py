"""An administrator moves a period, within its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core.errors import Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.retaining import days_of, find_period, set_days
from ideas_app.retention import policy
from ideas_app.retention.rules.bounds import find_days_fault

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def set_period(actor: Actor, name: str, days: int | None, *, reason: str) -> None:
    """Sets how long a period lasts, from the next night on; the change stands in the log.

    Raises `Refused`, `NotFound`, and `Invalid` (outside its bounds, no reason).
    """
    policy.may_manage(actor).require()
    period = find_period(name)
    if period is None:
        raise NotFound("no_period", _l("There is no such period."))
    fault = find_days_fault(period, days)
    if fault or days is None:
        raise Invalid(*([fault] if fault else []))
    before = days_of(period)
    diff = {"period": name, "days": [before, days]}
    audit.record(actor, Tag.RETENTION_CHANGED, "period", None, reason=reason, diff=diff)
    set_days(period, days)
