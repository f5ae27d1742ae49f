"""What happens to webhooks, as ids for the outbox. Must not hold addresses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeliveryDue:
    """A message is to be sent; `tries` is how many there were: an outdated one is left alone."""

    delivery_id: int
    tries: int


@dataclass(frozen=True, slots=True)
class EndpointStopped:
    """An endpoint failed for so long that it was switched off; this administrator is to be told."""

    endpoint_id: int
    account_id: int
