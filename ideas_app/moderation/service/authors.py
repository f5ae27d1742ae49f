"""Authors whose ideas skip the queue: trusted by a moderator, until one ends it. Both stand in the log.

Must not know how the queue is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session
from ideas_app.ideas.models import State
from ideas_app.moderation import policy, queries
from ideas_app.moderation.rules import checks_of
from ideas_app.moderation.service.decisions import publish
from ideas_app.moderation.service.gates import hold, require

if TYPE_CHECKING:
    from ideas_app.accounts.models import Account
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea


def trust(actor: Actor, author: Account) -> None:
    """From now on the author's new ideas are published at once.

    Raises `Refused` (staff, nobody's idea was read yet), `Conflict` when it is so already.
    """
    session().refresh(author, ("trusted_at",), with_for_update=True)
    published = queries.count_published_of(author.id)
    require(policy.may_trust(actor, author, published=published, now=clock.now()))
    author.trusted_at = clock.now()
    audit.record(actor, Tag.ACCOUNT_TRUSTED, "account", author.id)


def end_trust(actor: Actor, author: Account) -> None:
    """From now on the author's ideas wait like everybody's. Raises `Refused`, `Conflict`."""
    session().refresh(author, ("trusted_at",), with_for_update=True)
    require(policy.may_end_trust(actor, author))
    author.trusted_at = None
    audit.record(actor, Tag.ACCOUNT_TRUST_ENDED, "account", author.id)


def let_through(idea: Idea) -> bool:
    """Publishes a trusted author's new idea as the system; whether it did.

    Not one that was decided on before, nor one in which the checks found something to look at, nor
    where the campaign has every idea read. `idea` comes with its author and campaign.
    """
    hold(idea)
    is_new = idea.state is State.SUBMITTED and idea.decided_at is None
    is_clean = all(check.passed for check in checks_of(idea.title, idea.why, idea.how))
    skips = rules_of(idea.campaign).trusted_skip_queue and idea.pen_name is None
    if not (is_new and is_clean and skips and idea.author.trusted_at):
        return False
    publish(SYSTEM, idea)
    return True
