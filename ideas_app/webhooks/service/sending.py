"""Telling endpoints: a message for each that listens, sent by a worker, tried again, given up.

Each message is an event of its own, so that a dead receiver holds up nobody else. A message may arrive more
than once (a worker may die before it hears the answer): its id is the same then.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from ideas_app.adapters import fetch
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.webhooks import policy, queries
from ideas_app.webhooks.events import DeliveryDue, EndpointStopped
from ideas_app.webhooks.models import Delivery, DeliveryState, Endpoint
from ideas_app.webhooks.rules import Event, headers_of, is_hopeless, next_wait

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

GONE = 410
"""The receiver says that nobody lives there any more: it is not told again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try; `status` None where nothing came back, `error` then says why."""

    status: int | None = None
    error: str | None = None
    excerpt: str = ""
    took_ms: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


def announce(event: Event, **subject: Any) -> int:
    """Makes a message for every endpoint that listens to an event; how many. `subject`: its ids."""
    listening = queries.list_listening(event.value)
    for endpoint in listening:
        delivery = _made(endpoint, event, subject)
        session().add(delivery)
        session().flush()
        outbox.publish(DeliveryDue(delivery.id, 0))
    return len(listening)


def _made(endpoint: Endpoint, event: Event, subject: dict[str, Any]) -> Delivery:
    return Delivery(
        endpoint_id=endpoint.id,
        message_id=f"msg_{secrets.token_hex(16)}",
        event=event.value,
        subject=subject,
        state=DeliveryState.WAITING,
        tries=0,
        happened_at=clock.now(),
    )


def send_due(delivery_id: int, tries: int, *, allow_private: bool) -> None:
    """Sends a message, unless it has been tried since or its endpoint is off; notes what came of it.

    To be called outside a transaction.
    """
    delivery = queries.find_delivery(delivery_id)
    if delivery is None or delivery.state is not DeliveryState.WAITING or delivery.tries != tries:
        session().rollback()
        return
    endpoint = queries.get_endpoint(delivery.endpoint_id)
    body = queries.body_of(delivery) if endpoint.is_on else None
    if body is None:
        session().rollback()
        with transaction():
            _locked(delivery_id, tries).state = DeliveryState.SKIPPED
        return
    outcome = _post(endpoint, delivery.message_id, body, allow_private=allow_private)
    with transaction():
        _note(_locked(delivery_id, tries), outcome)


def send_test(actor: Actor, endpoint: Endpoint, *, allow_private: bool) -> Outcome:
    """Sends a test message at once, also to an endpoint that is off, and tells what came back.

    To be called outside a transaction. Stands in the endpoint's log; is not tried again. Raises `Refused`.
    """
    policy.may_manage(actor).require()
    delivery = _made(endpoint, Event.TEST, {})
    endpoint_id = endpoint.id
    body = queries.body_of(delivery) or {}
    outcome = _post(endpoint, delivery.message_id, body, allow_private=allow_private)
    with transaction() as current:
        if current.get(Endpoint, endpoint_id) is not None:
            _write(delivery, outcome)
            delivery.state = DeliveryState.DELIVERED if outcome.is_good else DeliveryState.FAILED
            current.add(delivery)
    return outcome


def retry_now(actor: Actor, delivery: Delivery) -> None:
    """Sends a message that waits or failed at once, with all its tries. Raises `Refused` or `Conflict`."""
    policy.may_manage(actor).require()
    if delivery.state in {DeliveryState.DELIVERED, DeliveryState.SKIPPED}:
        raise Conflict("settled", _l("This message has arrived, or is no longer public."))
    # a new count makes what still waits for its time outdated
    delivery.tries = delivery.tries + 1 if delivery.state is DeliveryState.WAITING else 0
    delivery.state, delivery.next_at = DeliveryState.WAITING, None
    outbox.publish(DeliveryDue(delivery.id, delivery.tries))


def _post(
    endpoint: Endpoint, message_id: str, body: dict[str, Any], *, allow_private: bool
) -> Outcome:
    """One try; leaves no read of the database open while it waits."""
    signed_by, address = queries.secrets_of(endpoint), endpoint.address
    session().rollback()
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = int(clock.now().timestamp())
    headers = headers_of(signed_by, message_id, stamp, written)
    try:
        answer = fetch.post(address, written, headers, allow_private=allow_private)
    except fetch.FetchError as fault:
        return Outcome(error=fault.code)
    error = "redirect" if 300 <= answer.status < 400 else None
    return Outcome(answer.status, error, answer.excerpt, answer.took_ms)


def _locked(delivery_id: int, tries: int) -> Delivery:
    """The message. Raises `Later` where somebody asked for it anew meanwhile."""
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    found = session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.tries != tries:
        raise outbox.Later(timedelta(seconds=1), "Outdated")
    return found


def _write(delivery: Delivery, outcome: Outcome) -> None:
    delivery.tries += 1
    delivery.status, delivery.error = outcome.status, outcome.error
    delivery.took_ms = outcome.took_ms
    delivery.tried_at, delivery.next_at = clock.now(), None


def _note(delivery: Delivery, outcome: Outcome) -> None:
    """Notes a try at a message and what it says of its endpoint."""
    _write(delivery, outcome)
    query = select(Endpoint).where(Endpoint.id == delivery.endpoint_id).with_for_update()
    endpoint = session().scalars(query.execution_options(populate_existing=True)).one()
    if outcome.is_good:
        delivery.state = DeliveryState.DELIVERED
        endpoint.failures, endpoint.failing_since = 0, None
        return
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or clock.now()
    wait = next_wait(delivery.tries)
    if outcome.status == GONE:
        _stop(endpoint, "gone")
    elif is_hopeless(endpoint.failures, endpoint.failing_since, clock.now()):
        _stop(endpoint, "failing")
    if wait is None or not endpoint.is_on:
        delivery.state = DeliveryState.FAILED
        return
    delivery.next_at = clock.now() + wait
    with outbox.delayed(wait):
        outbox.publish(DeliveryDue(delivery.id, delivery.tries))


def _stop(endpoint: Endpoint, why: str) -> None:
    """Switches an endpoint off and has every administrator told, once."""
    if endpoint.is_on:
        endpoint.is_on, endpoint.off_because = False, why
        for account_id in queries.list_administrators():
            outbox.publish(EndpointStopped(endpoint.id, account_id))


def forget_old(days: int) -> None:
    """Deletes the log of messages older than so many days."""
    before = clock.now() - timedelta(days=days)
    old = (Delivery.happened_at < before, Delivery.state != DeliveryState.WAITING)
    session().execute(delete(Delivery).where(*old).execution_options(synchronize_session=False))
