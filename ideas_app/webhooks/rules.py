"""What webhooks can tell, how a message is signed, when it is tried again, when somebody is given up. Pure.

Source of the headers and the signature: Standard Webhooks (standardwebhooks.com), symmetric, version v1.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask_babel import LazyString

VERSION = 1
"""Of the body: raised when a field changes its meaning or goes; new fields may come without it."""
SECRET_PREFIX = "whsec_"  # noqa: S105  # a mark, not a secret
OLD_SECRET_DAYS = 3
WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 18_000, 36_000))
"""Between one try and the next; after the last the message has failed for good, some 18 hours on."""
FAILURES_TO_STOP = 12
FAILING_TO_STOP = timedelta(days=1)


class Event(StrEnum):
    """What an endpoint can ask for; `TEST` is sent by hand only."""

    IDEA_PUBLISHED = "idea.published"
    FAMILY_FORMED = "family.formed"
    FAMILY_SPLIT = "family.split"
    SHORTLIST_PUBLISHED = "shortlist.published"
    ANSWER_PUBLISHED = "answer.published"
    ANSWER_CHANGED = "answer.changed"
    ANSWER_EXTENDED = "answer.extended"
    PROMISE_DONE = "promise.done"
    PROMISE_CHANGED = "promise.changed"
    PROMISE_SILENT = "promise.silent"
    CAMPAIGN_PHASE = "campaign.phase"
    TEST = "test"


EVENT_WORDS: dict[Event, LazyString] = {
    Event.IDEA_PUBLISHED: _l("An idea was published"),
    Event.FAMILY_FORMED: _l("Ideas were joined"),
    Event.FAMILY_SPLIT: _l("Joined ideas were taken apart"),
    Event.SHORTLIST_PUBLISHED: _l("A shortlist was published"),
    Event.ANSWER_PUBLISHED: _l("An official answer was published"),
    Event.ANSWER_CHANGED: _l("An answer was changed"),
    Event.ANSWER_EXTENDED: _l("The city asked for more time"),
    Event.PROMISE_DONE: _l("A promise was kept"),
    Event.PROMISE_CHANGED: _l("A promise was moved or dropped"),
    Event.PROMISE_SILENT: _l("A promise's date passed without a word"),
    Event.CAMPAIGN_PHASE: _l("A campaign's phase began or ended"),
}
"""What can be chosen, in this order."""

ERROR_WORDS: dict[str, LazyString] = {
    "bad_address": _l("the address cannot be used"),
    "no_such_host": _l("there is no such host"),
    "private": _l("the address lies in a private network, which is not allowed here"),
    "refused": _l("nobody listens there"),
    "tls": _l("the certificate could not be trusted"),
    "slow": _l("it took too long"),
    "broken": _l("the connection broke"),
    "redirect": _l("it sends elsewhere, and redirects are not followed"),
}
"""Why nothing useful came back, by the code of the door."""


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature: HMAC-SHA-256 over "id.timestamp.body", the key being what `secret` holds in Base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(
    secrets: Sequence[str], message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """The headers of a message, with one signature a secret, a space between them."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "youth-ideas-webhooks/1",
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": " ".join(
            sign(secret, message_id, timestamp, body) for secret in secrets
        ),
    }


def secret_from(random: bytes) -> str:
    """A secret as it is shown and kept, of 24 to 64 random bytes."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


def next_wait(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries; None after the last."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


def is_hopeless(failures: int, failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint is to be switched off: many failed tries in a row, for long enough."""
    if failing_since is None or failures < FAILURES_TO_STOP:
        return False
    return now - failing_since >= FAILING_TO_STOP
