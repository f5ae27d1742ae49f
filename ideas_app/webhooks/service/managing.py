"""Making, changing and ending webhooks. Every act stands in the log, without the secret."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.fetch import FetchError, read_address
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.webhooks import policy
from ideas_app.webhooks.models import Endpoint
from ideas_app.webhooks.rules import EVENT_WORDS, OLD_SECRET_DAYS, Event, secret_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.core.actor import Actor

MOST = 20
"""Endpoints of one house: every event is a message to each."""


def add_endpoint(actor: Actor, name: str, address: str, events: Sequence[str]) -> Endpoint:
    """Makes an endpoint that is on from now, with a secret of its own. Raises `Refused` or `Invalid`."""
    policy.may_manage(actor).require()
    faults = _faults_of(name, address, events)
    if session().query(Endpoint).count() >= MOST:
        message = _l("There are %(most)s webhooks already. Remove one first.", most=MOST)
        faults.append(Fault("address", "too_many", message))
    if faults:
        raise Invalid(*faults)
    endpoint = Endpoint(
        name=name,
        address=address,
        events=list(events),
        secret=secret_from(secrets.token_bytes(32)),
        is_on=True,
        made_at=clock.now(),
    )
    session().add(endpoint)
    session().flush()
    _record(actor, Tag.WEBHOOK_ADDED, endpoint, name=name, address=address, events=list(events))
    return endpoint


def change_endpoint(
    actor: Actor, endpoint: Endpoint, name: str, address: str, events: Sequence[str]
) -> None:
    """Changes where an endpoint is and what it hears of. Raises `Refused` or `Invalid`."""
    policy.may_manage(actor).require()
    faults = _faults_of(name, address, events)
    if faults:
        raise Invalid(*faults)
    diff = {"address": [endpoint.address, address], "events": [endpoint.events, list(events)]}
    endpoint.name, endpoint.address, endpoint.events = name, address, list(events)
    _record(actor, Tag.WEBHOOK_CHANGED, endpoint, **diff)


def rotate_secret(actor: Actor, endpoint: Endpoint) -> None:
    """Gives an endpoint a new secret; the former one signs too for some days. Raises `Refused`."""
    policy.may_manage(actor).require()
    endpoint.old_secret = endpoint.secret
    endpoint.old_secret_until = clock.now() + timedelta(days=OLD_SECRET_DAYS)
    endpoint.secret = secret_from(secrets.token_bytes(32))
    _record(actor, Tag.WEBHOOK_CHANGED, endpoint, rotated=True)


def switch(actor: Actor, endpoint: Endpoint, *, on: bool) -> None:
    """Switches an endpoint on or off; what happens while it is off is not told later. Raises `Refused`."""
    policy.may_manage(actor).require()
    endpoint.is_on = on
    endpoint.off_because = None if on else "hand"
    endpoint.failures, endpoint.failing_since = 0, None
    _record(actor, Tag.WEBHOOK_CHANGED, endpoint, on=on)


def remove_endpoint(actor: Actor, endpoint: Endpoint) -> None:
    """Removes an endpoint with its log. Raises `Refused`."""
    policy.may_manage(actor).require()
    _record(actor, Tag.WEBHOOK_REMOVED, endpoint, name=endpoint.name, address=endpoint.address)
    session().delete(endpoint)


def _record(actor: Actor, tag: Tag, endpoint: Endpoint, **diff: Any) -> None:
    audit.record(actor, tag, "webhook", endpoint.id, diff=diff)


def _faults_of(name: str, address: str, events: Sequence[str]) -> list[Fault]:
    faults = []
    if not name:
        faults.append(Fault("name", "name_missing", _l("Please fill this in.")))
    if len(address) > 500 or not _is_address(address):
        message = _l("Write a whole address, as in https://example.org/hook, without a password.")
        faults.append(Fault("address", "bad_address", message))
    if not events or any(event not in list(EVENT_WORDS) for event in map(_known, events)):
        faults.append(Fault("events", "events_missing", _l("Choose at least one event.")))
    return faults


def _known(event: str) -> Event | None:
    return Event(event) if event in list(Event) else None


def _is_address(address: str) -> bool:
    try:
        read_address(address)
    except FetchError:
        return False
    return True
