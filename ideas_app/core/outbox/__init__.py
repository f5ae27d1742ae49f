"""Events that commit with the change that caused them, and are handled later, each handler once.

Publishing writes a row; `flask worker` claims rows, calls the handlers, retries with back-off and keeps what
failed for good visible. The rows are the truth: the queue that wakes workers may lose everything it holds.
Must not know any event or handler: features register theirs with `@handles`.
"""

from ideas_app.core.outbox.publishing import (
    delayed,
    handler_name,
    handles,
    lanes,
    muted,
    publish,
    take_back,
    wake_with,
)
from ideas_app.core.outbox.rows import OutboxEvent
from ideas_app.core.outbox.standing import (
    Waiting,
    drop,
    find_event,
    forget_handled,
    list_dead,
    list_waiting,
    queue_seconds,
    retry,
)
from ideas_app.core.outbox.working import (
    LEASE,
    MAX_ATTEMPTS,
    Claim,
    GivenUp,
    Later,
    claim_one,
    drain,
    due_lanes,
    holds_claims,
    once_key,
    renew_claims,
    run_one,
    running_event,
)

__all__ = [
    "LEASE",
    "MAX_ATTEMPTS",
    "Claim",
    "GivenUp",
    "Later",
    "OutboxEvent",
    "Waiting",
    "claim_one",
    "delayed",
    "drain",
    "drop",
    "due_lanes",
    "find_event",
    "forget_handled",
    "handler_name",
    "handles",
    "holds_claims",
    "lanes",
    "list_dead",
    "list_waiting",
    "muted",
    "once_key",
    "publish",
    "queue_seconds",
    "renew_claims",
    "retry",
    "run_one",
    "running_event",
    "take_back",
    "wake_with",
]
