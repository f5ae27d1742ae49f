"""Endpoints and their log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts.models import Account
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Role
from ideas_app.webhooks.models import Delivery, Endpoint

if TYPE_CHECKING:
    from collections.abc import Sequence


def get_endpoint(endpoint_id: int) -> Endpoint:
    """An endpoint. Raises `NotFound`."""
    found = session().get(Endpoint, endpoint_id, populate_existing=True)
    if found is None:
        raise NotFound("no_webhook", _l("There is no such webhook."))
    return found


def list_endpoints() -> Sequence[Endpoint]:
    """All endpoints by name."""
    return session().scalars(select(Endpoint).order_by(Endpoint.name, Endpoint.id)).all()


def list_listening(event: str) -> list[Endpoint]:
    """The endpoints that are on and want to hear of an event."""
    on = session().scalars(select(Endpoint).where(Endpoint.is_on).order_by(Endpoint.id))
    return [endpoint for endpoint in on if event in endpoint.events]


def secrets_of(endpoint: Endpoint) -> list[str]:
    """The secrets that sign now: the present one, and the former while it still counts."""
    until = endpoint.old_secret_until
    if endpoint.old_secret and until and clock.now() < until:
        return [endpoint.secret, endpoint.old_secret]
    return [endpoint.secret]


def find_delivery(delivery_id: int) -> Delivery | None:
    """A message, as the database has it now."""
    return session().get(Delivery, delivery_id, populate_existing=True)


def get_delivery(endpoint_id: int, delivery_id: int) -> Delivery:
    """A message to an endpoint. Raises `NotFound`."""
    found = find_delivery(delivery_id)
    if found is None or found.endpoint_id != endpoint_id:
        raise NotFound("no_delivery", _l("There is no such message."))
    return found


def list_deliveries(endpoint_id: int, limit: int = 50) -> Sequence[Delivery]:
    """The log of an endpoint, newest first."""
    query = select(Delivery).where(Delivery.endpoint_id == endpoint_id)
    return session().scalars(query.order_by(Delivery.id.desc()).limit(limit)).all()


def list_administrators() -> list[int]:
    """The accounts of administrators who get mail."""
    reached = (Account.email.is_not(None), Account.verified_at.is_not(None))
    open_ = (Account.disabled_at.is_(None), Account.deleted_at.is_(None))
    query = select(Account.id).where(Account.role == Role.ADMIN, *reached, *open_)
    return list(session().scalars(query.order_by(Account.id)))
