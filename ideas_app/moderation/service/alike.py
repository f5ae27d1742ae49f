"""Saying of alike ideas that they differ, or that they can wait; and taking that back.

Only what the page of alike ideas proposes depends on it. Must not know how likeness is computed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.moderation import policy, queries
from ideas_app.moderation.models import SetApart
from ideas_app.moderation.rules import pair_of, pairs_within

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor

LATER_DAYS = 7
"""Days after which a pair that was put off comes up again."""


def set_apart(
    actor: Actor, campaign: Campaign, keys: Collection[str], *, for_now: bool = False
) -> int:
    """No two of these come up together again, or not for `LATER_DAYS`; the number of pairs.

    Said twice, the latter holds. Raises `Refused`, `Invalid` (field `key`) for fewer than two ideas
    or families of the campaign.
    """
    policy.may_moderate(actor).require()
    known = queries.list_known_keys(campaign.id, keys)
    if len(known) < 2:
        raise Invalid(Fault("key", "too_few", _l("Tick two ideas or more.")))
    now = clock.now()
    until: datetime | None = now + timedelta(days=LATER_DAYS) if for_now else None
    pairs = pairs_within(known)
    for first, second in pairs:
        row = session().get(SetApart, (first, second))
        if row is None:
            row = SetApart(first=first, second=second, campaign_id=campaign.id)
            session().add(row)
        row.until, row.said_by, row.said_at = until, actor.id, now
    session().flush()
    return len(pairs)


def bring_back(actor: Actor, campaign: Campaign, one: str, other: str) -> None:
    """Two that were set apart may come up together again. Raises `Refused`."""
    policy.may_moderate(actor).require()
    first, second = pair_of(one, other)
    session().execute(
        delete(SetApart).where(
            SetApart.first == first,
            SetApart.second == second,
            SetApart.campaign_id == campaign.id,
        )
    )
