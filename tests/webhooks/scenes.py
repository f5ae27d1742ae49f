"""Short words for tests of webhooks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.core import outbox
from ideas_app.core.db import session, transaction
from ideas_app.webhooks import queries, service
from ideas_app.webhooks.models import Delivery
from ideas_app.webhooks.rules import EVENT_WORDS, Event

if TYPE_CHECKING:
    from tests.people import Cast
    from tests.webhooks.receiver import Receiver

ALL = [event.value for event in EVENT_WORDS]


def listening(cast: Cast, address: str, *events: str) -> int:
    """The id of an endpoint that Dana has made."""
    with transaction():
        return service.add_endpoint(cast.dana, "시 누리집", address, list(events or ALL)).id


def announce(event: Event, **subject: Any) -> None:
    """Something happens, and the workers work."""
    with transaction():
        service.announce(event, **subject)
    work()


def work() -> None:
    """What a worker does, without the long counts that some scenes ask for."""
    for lane in ("inside", "webhooks"):
        outbox.drain(lane=lane)


def log(endpoint_id: int) -> list[tuple[str, str, int, int | None, str | None]]:
    """The log of an endpoint, oldest first: event, state, tries, status, error."""
    session().expire_all()
    return [
        (one.event, one.state.value, one.tries, one.status, one.error)
        for one in reversed(queries.list_deliveries(endpoint_id))
    ]


def only_delivery() -> Delivery:
    return session().scalars(select(Delivery)).one()


def told(receiver: Receiver) -> list[dict[str, Any]]:
    """The bodies that arrived."""
    return [json.loads(body) for _headers, body in receiver.got]
