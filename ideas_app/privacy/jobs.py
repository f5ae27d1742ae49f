"""What requests do by themselves: mails to people without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import outbox
from ideas_app.core.db import session
from ideas_app.privacy import queries
from ideas_app.privacy.events import RequestExtended, RequestReceived, RequestSettled
from ideas_app.privacy.rules import REMEDIES, is_address
from ideas_app.web.email import compose, deliver

if TYPE_CHECKING:
    from ideas_app.privacy.models import DataRequest


@outbox.handles(RequestReceived, outside=True, lane="mail")
def mail_received(event: RequestReceived) -> None:
    """Somebody without an account hears that the request arrived, and until when it is answered."""
    _mail(event.request_id, "request_received")


@outbox.handles(RequestExtended, outside=True, lane="mail")
def mail_extended(event: RequestExtended) -> None:
    """Somebody without an account hears why the answer takes longer."""
    _mail(event.request_id, "request_extended")


@outbox.handles(RequestSettled, outside=True, lane="mail")
def mail_settled(event: RequestSettled) -> None:
    """Somebody without an account reads the answer."""
    _mail(event.request_id, "request_settled")


def _mail(request_id: int, kind: str) -> None:
    request = queries.get_request(request_id)
    contact = _address_of(request)
    if contact is None:
        return
    mail = compose(
        "request",
        contact,
        request.lang,
        key=f"{kind}-{outbox.once_key()}",
        happened=kind,
        request=request,
        remedies=REMEDIES,
    )
    session().rollback()  # nothing stays open while the mail server is asked
    deliver(mail)


def _address_of(request: DataRequest) -> str | None:
    """Only people without an account are mailed from here; the others have notices."""
    contact = request.contact or ""
    return contact if request.account_id is None and is_address(contact) else None
