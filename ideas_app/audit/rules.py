"""Tags of the log and the arithmetic of its chain. Pure.

Must not know the database or the clock.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.audit.models import AuditEntry

GENESIS = "0" * 64
"""The hash before the first entry."""


class Tag(StrEnum):
    """What was done. `thing:verb`, alphabetical; the members of `NEEDS_REASON` refuse to be written without one."""

    ACCOUNT_CREATED = "account:created"
    ACCOUNT_DELETED = "account:deleted"
    ACCOUNT_DISABLED = "account:disabled"
    ACCOUNT_ENABLED = "account:enabled"
    ACCOUNT_ROLE_CHANGED = "account:role_changed"
    ANSWER_CHANGED = "answer:changed"
    ANSWER_EXTENDED = "answer:extended"
    ANSWER_PUBLISHED = "answer:published"
    APPEAL_SETTLED = "appeal:settled"
    BALLOT_ENTRIES_SET = "ballot:entries_set"
    CAMPAIGN_CREATED = "campaign:created"
    CAMPAIGN_PHASE_CHANGED = "campaign:phase_changed"
    COMMENT_HIDDEN = "comment:hidden"
    COMMENT_HIGHLIGHTED = "comment:highlighted"
    COMMENT_RESTORED = "comment:restored"
    EXPORT_MADE = "export:made"
    FAMILY_FORMED = "family:formed"
    FAMILY_OBJECTION_SETTLED = "family:objection_settled"
    FAMILY_SPLIT = "family:split"
    FLAG_SETTLED = "flag:settled"
    IDEA_EDITED = "idea:edited"
    IDEA_HIDDEN = "idea:hidden"
    IDEA_IMPORTED = "idea:imported"
    IDEA_PUBLISHED = "idea:published"
    IDEA_REJECTED = "idea:rejected"
    IDEA_RESTORED = "idea:restored"
    IDEA_RETURNED = "idea:returned"
    IDEA_SUBMITTED = "idea:submitted"
    IDEA_WITHDRAWN = "idea:withdrawn"
    PROGRAMME_CHANGED = "programme:changed"
    PROGRAMME_CREATED = "programme:created"
    PROMISE_CHANGED = "promise:changed"
    ROSTER_IMPORTED = "roster:imported"
    ROSTER_READ = "roster:read"
    ROSTER_UNDONE = "roster:undone"
    ROUND_COMPUTED = "round:computed"
    ROUND_PUBLISHED = "round:published"
    SYNONYMS_CHANGED = "synonyms:changed"
    TALLY_RECORDED = "tally:recorded"


NEEDS_REASON = frozenset(
    {
        Tag.ACCOUNT_DISABLED,
        Tag.ANSWER_EXTENDED,
        Tag.COMMENT_HIDDEN,
        Tag.COMMENT_RESTORED,
        Tag.EXPORT_MADE,
        Tag.FAMILY_FORMED,
        Tag.FAMILY_SPLIT,
        Tag.FLAG_SETTLED,
        Tag.IDEA_HIDDEN,
        Tag.IDEA_REJECTED,
        Tag.IDEA_RESTORED,
        Tag.IDEA_RETURNED,
        Tag.ROSTER_UNDONE,
    }
)

PUBLIC = frozenset(
    {
        Tag.ANSWER_CHANGED,
        Tag.ANSWER_EXTENDED,
        Tag.ANSWER_PUBLISHED,
        Tag.APPEAL_SETTLED,
        Tag.BALLOT_ENTRIES_SET,
        Tag.CAMPAIGN_CREATED,
        Tag.CAMPAIGN_PHASE_CHANGED,
        Tag.COMMENT_HIDDEN,
        Tag.COMMENT_HIGHLIGHTED,
        Tag.COMMENT_RESTORED,
        Tag.FAMILY_FORMED,
        Tag.FAMILY_OBJECTION_SETTLED,
        Tag.FAMILY_SPLIT,
        Tag.FLAG_SETTLED,
        Tag.IDEA_HIDDEN,
        Tag.IDEA_IMPORTED,
        Tag.IDEA_PUBLISHED,
        Tag.IDEA_REJECTED,
        Tag.IDEA_RESTORED,
        Tag.IDEA_RETURNED,
        Tag.PROMISE_CHANGED,
        Tag.ROUND_COMPUTED,
        Tag.ROUND_PUBLISHED,
        Tag.SYNONYMS_CHANGED,
    }
)
"""Acts whose existence, role and reason everybody may read at /audit; never names, never differences."""


def entry_hash(previous: str, *, at: datetime, content: dict[str, Any]) -> str:
    """SHA-256, in hex, of the hash before, the instant in UTC and the canonical JSON of the entry.

    Source: shape of the chain as published on /audit, so that anyone holding a copy can repeat it.
    """
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    stamp = at.isoformat(timespec="microseconds")
    return hashlib.sha256(f"{previous}\n{stamp}\n{canonical}".encode()).hexdigest()


def content_of(entry: AuditEntry) -> dict[str, Any]:
    """The part of an entry that its hash covers beside the instant."""
    return {
        "actor": entry.actor_id,
        "role": entry.actor_role,
        "tag": entry.tag,
        "subject": [entry.subject_type, entry.subject_id],
        "reason": entry.reason,
        "diff": entry.diff,
    }
