"""Tags of the log and the arithmetic of its chain. Pure.

Must not know the database or the clock.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ideas_app.audit.models import AuditEntry

GENESIS = "0" * 64
"""The hash before the first entry."""

HEAD = 1
"""The one row that says where the log ends."""


class Tag(StrEnum):
    """What was done. `thing:verb`, alphabetical; the members of `NEEDS_REASON` refuse to be written without one."""

    ACCOUNT_CORRECTED = "account:corrected"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_DELETED = "account:deleted"
    ACCOUNT_DISABLED = "account:disabled"
    ACCOUNT_ENABLED = "account:enabled"
    ACCOUNT_EXPORTED = "account:exported"
    ACCOUNT_FACTOR_RESET = "account:factor_reset"
    ACCOUNT_FACTOR_SET = "account:factor_set"
    ACCOUNT_LINKED = "account:linked"
    ACCOUNT_ROLE_CHANGED = "account:role_changed"
    ACCOUNT_TRUSTED = "account:trusted"
    ACCOUNT_TRUST_ENDED = "account:trust_ended"
    ACCOUNT_UNLINKED = "account:unlinked"
    ANSWER_APPROVED = "answer:approved"
    ANSWER_ASSIGNED = "answer:assigned"
    ANSWER_CHANGED = "answer:changed"
    ANSWER_DISCARDED = "answer:discarded"
    ANSWER_EXTENDED = "answer:extended"
    ANSWER_PASSED_ON = "answer:passed_on"
    ANSWER_PUBLISHED = "answer:published"
    ANSWER_REVIEW_ASKED = "answer:review_asked"
    ANSWER_SCHEDULED = "answer:scheduled"
    ANSWER_SENT_BACK = "answer:sent_back"
    ANSWER_TEMPLATE_CHANGED = "answer:template_changed"
    ANSWER_UNSCHEDULED = "answer:unscheduled"
    APPEAL_SETTLED = "appeal:settled"
    BALLOT_ENTRIES_SET = "ballot:entries_set"
    BALLOT_LINKS_DESTROYED = "ballot:links_destroyed"
    BALLOT_PAPER_COUNTED = "ballot:paper_counted"
    BALLOT_PAPER_ENTERED = "ballot:paper_entered"
    BALLOT_PAPER_LOOKED_UP = "ballot:paper_looked_up"
    BALLOT_PAPER_REGISTERED = "ballot:paper_registered"
    BALLOT_PAPER_SET_ASIDE = "ballot:paper_set_aside"
    CAMPAIGN_CREATED = "campaign:created"
    CAMPAIGN_PHASE_CHANGED = "campaign:phase_changed"
    CLAIM_ACCEPTED = "claim:accepted"
    CLAIM_REFUSED = "claim:refused"
    COMMENT_HIDDEN = "comment:hidden"
    COMMENT_HIGHLIGHTED = "comment:highlighted"
    COMMENT_RESTORED = "comment:restored"
    DECISION_UNDONE = "decision:undone"
    EVALUATION_ASKED = "evaluation:asked"
    EVALUATION_CLOSED = "evaluation:closed"
    EVALUATION_DECLINED = "evaluation:declined"
    EVALUATION_REOPENED = "evaluation:reopened"
    EVALUATION_SCORED = "evaluation:scored"
    EVALUATION_TAKEN_BACK = "evaluation:taken_back"
    EXPORT_MADE = "export:made"
    EXPORT_TEMPLATE_REMOVED = "export:template_removed"
    EXPORT_TEMPLATE_SET = "export:template_set"
    FAMILY_FORMED = "family:formed"
    FAMILY_IDEA_ADDED = "family:idea_added"
    FAMILY_IDEA_TAKEN_OUT = "family:idea_taken_out"
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
    JOB_DROPPED = "job:dropped"
    JOB_RETRIED = "job:retried"
    MEETING_CHANGED = "meeting:changed"
    POLICY_CHANGED = "policy:changed"
    POLICY_CONTACT_CHANGED = "policy:contact_changed"
    OPEN_DATA_ARCHIVED = "open_data:archived"
    PROGRAMME_CHANGED = "programme:changed"
    PROGRAMME_CREATED = "programme:created"
    PROMISE_CHANGED = "promise:changed"
    PROMISE_PASSED_ON = "promise:passed_on"
    PROMISE_PROGRESSED = "promise:progressed"
    PROMISE_REOPENED = "promise:reopened"
    REQUEST_EXTENDED = "request:extended"
    REQUEST_REGISTER_READ = "request:register_read"
    REQUEST_SETTLED = "request:settled"
    RETENTION_CHANGED = "retention:changed"
    ROSTER_IMPORTED = "roster:imported"
    ROSTER_READ = "roster:read"
    """Looks until the access log began; they stand in it since."""
    ROSTER_UNDONE = "roster:undone"
    ROUND_AUDITOR_NAMED = "round:auditor_named"
    ROUND_AUDITOR_REMOVED = "round:auditor_removed"
    ROUND_CHANGED = "round:changed"
    ROUND_CHANGE_UNDONE = "round:change_undone"
    ROUND_COMPUTED = "round:computed"
    ROUND_CONFIRMED = "round:confirmed"
    ROUND_FILE_READ = "round:file_read"
    ROUND_PUBLISHED = "round:published"
    ROUND_SIGNED = "round:signed"
    ROUND_UNSIGNED = "round:unsigned"
    SUPPORTS_RESTORED = "supports:restored"
    SUPPORTS_SET_ASIDE = "supports:set_aside"
    SYNONYMS_CHANGED = "synonyms:changed"
    TALLY_RECORDED = "tally:recorded"
    TOKEN_CREATED = "token:created"  # noqa: S105  # names of acts, not secrets
    TOKEN_REVOKED = "token:revoked"  # noqa: S105
    WEBHOOK_ADDED = "webhook:added"
    WEBHOOK_CHANGED = "webhook:changed"
    WEBHOOK_REMOVED = "webhook:removed"


NEEDS_REASON = frozenset(
    {
        Tag.ACCOUNT_DISABLED,
        Tag.ACCOUNT_FACTOR_RESET,
        Tag.ANSWER_EXTENDED,
        Tag.ANSWER_PASSED_ON,
        Tag.ANSWER_SENT_BACK,
        Tag.BALLOT_PAPER_SET_ASIDE,
        Tag.CLAIM_REFUSED,
        Tag.COMMENT_HIDDEN,
        Tag.COMMENT_RESTORED,
        Tag.EVALUATION_DECLINED,
        Tag.EVALUATION_REOPENED,
        Tag.EXPORT_MADE,
        Tag.FAMILY_FORMED,
        Tag.FAMILY_IDEA_ADDED,
        Tag.FAMILY_IDEA_TAKEN_OUT,
        Tag.FAMILY_SPLIT,
        Tag.FLAG_SETTLED,
        Tag.IDEA_HIDDEN,
        Tag.IDEA_REJECTED,
        Tag.IDEA_RESTORED,
        Tag.IDEA_RETURNED,
        Tag.PROMISE_REOPENED,
        Tag.RETENTION_CHANGED,
        Tag.ROSTER_UNDONE,
        Tag.ROUND_AUDITOR_NAMED,
        Tag.ROUND_CHANGED,
        Tag.SUPPORTS_RESTORED,
        Tag.SUPPORTS_SET_ASIDE,
    }
)

PUBLIC = frozenset(
    {
        Tag.ANSWER_CHANGED,
        Tag.ANSWER_EXTENDED,
        Tag.ANSWER_PUBLISHED,
        Tag.APPEAL_SETTLED,
        Tag.BALLOT_ENTRIES_SET,
        Tag.BALLOT_LINKS_DESTROYED,
        Tag.CAMPAIGN_CREATED,
        Tag.CAMPAIGN_PHASE_CHANGED,
        Tag.COMMENT_HIDDEN,
        Tag.COMMENT_HIGHLIGHTED,
        Tag.COMMENT_RESTORED,
        Tag.DECISION_UNDONE,
        Tag.FAMILY_FORMED,
        Tag.FAMILY_IDEA_ADDED,
        Tag.FAMILY_IDEA_TAKEN_OUT,
        Tag.FAMILY_OBJECTION_SETTLED,
        Tag.FAMILY_SPLIT,
        Tag.FLAG_SETTLED,
        Tag.IDEA_HIDDEN,
        Tag.IDEA_IMPORTED,
        Tag.IDEA_PUBLISHED,
        Tag.IDEA_REJECTED,
        Tag.IDEA_RESTORED,
        Tag.IDEA_RETURNED,
        Tag.OPEN_DATA_ARCHIVED,
        Tag.PROMISE_CHANGED,
        Tag.PROMISE_PASSED_ON,
        Tag.PROMISE_PROGRESSED,
        Tag.PROMISE_REOPENED,
        Tag.ROUND_AUDITOR_NAMED,
        Tag.ROUND_AUDITOR_REMOVED,
        Tag.ROUND_CHANGED,
        Tag.ROUND_CHANGE_UNDONE,
        Tag.ROUND_COMPUTED,
        Tag.ROUND_CONFIRMED,
        Tag.ROUND_PUBLISHED,
        Tag.ROUND_SIGNED,
        Tag.ROUND_UNSIGNED,
        Tag.SUPPORTS_RESTORED,
        Tag.SUPPORTS_SET_ASIDE,
        Tag.SYNONYMS_CHANGED,
    }
)
"""Acts whose existence, role and reason everybody may read at /audit; never names, never differences."""


class Look(StrEnum):
    """The ways in which staff see data of other people."""

    ACCOUNT = "account"
    ACCOUNT_LIST = "account_list"
    AUTHOR = "author"
    CLAIM = "claim"
    EXPORT = "export"
    ROSTER = "roster"
    UNMASKED = "unmasked"


LOOKS_WITH_REASON = frozenset({Look.EXPORT, Look.UNMASKED})
"""Taking data away and reading it unmasked need a reason: 안전성 확보조치 기준, access records."""

IDS_NAMED = 50
"""Up to as many ids stand in a record; of more it has their number and digest."""


def ids_digest(ids: Iterable[int]) -> str:
    """SHA-256, in hex, of the ids in order with commas between: proves whose data a list held."""
    return hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()


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
