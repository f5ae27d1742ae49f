"""What happens to requests about one's own data, as ids for the outbox."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestReceived:
    """Somebody asked to see, correct, delete or no longer use what is kept of them."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RequestExtended:
    """The answer takes longer, for a reason that the person is told."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RequestSettled:
    """The request was done or refused."""

    request_id: int
