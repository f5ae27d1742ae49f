"""Reads of requests about one's own data. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.accounts.models import Account
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.privacy.models import DataRequest, RequestState
from ideas_app.privacy.rules import urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 200
"""Settled requests that the page lists; the register holds all."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One line of the queue."""

    request: DataRequest
    nickname: str | None
    """Of the account that asked; None for somebody without one."""
    urgency: str
    """`rules.urgency`; empty once it is settled."""


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """How many requests wait, and how many of them are pressing."""

    waiting: int
    soon: int
    over: int


def get_request(request_id: int) -> DataRequest:
    """A request. Raises `NotFound`."""
    request = session().get(DataRequest, request_id)
    if request is None:
        raise NotFound("no_request", _l("There is no such request."))
    return request


def list_own(account_id: int) -> Sequence[DataRequest]:
    """What a person asked for, newest first."""
    query = select(DataRequest).where(DataRequest.account_id == account_id)
    return session().scalars(query.order_by(DataRequest.id.desc())).all()


def list_queue(*, settled: bool = False) -> list[RequestRow]:
    """Open requests, the most pressing first, or the last settled ones."""
    query = select(DataRequest, Account.nickname).outerjoin(
        Account, Account.id == DataRequest.account_id
    )
    if settled:
        query = query.where(DataRequest.state != RequestState.OPEN)
        query = query.order_by(DataRequest.settled_at.desc(), DataRequest.id.desc()).limit(SHOWN)
    else:
        last = func.coalesce(DataRequest.extended_to, DataRequest.due_on)
        query = query.where(DataRequest.state == RequestState.OPEN)
        query = query.order_by(last, DataRequest.id)
    return [_row(request, nickname) for request, nickname in session().execute(query)]


def view_request(request_id: int) -> RequestRow:
    """One request as its page shows it. Raises `NotFound`."""
    request = get_request(request_id)
    query = select(Account.nickname).where(Account.id == request.account_id)
    return _row(request, session().scalar(query))


def _row(request: DataRequest, nickname: str | None) -> RequestRow:
    is_open = request.state is RequestState.OPEN
    return RequestRow(request, nickname, urgency(request.last_on, clock.today()) if is_open else "")


def list_register() -> Sequence[DataRequest]:
    """Every request there was, oldest first."""
    return session().scalars(select(DataRequest).order_by(DataRequest.id)).all()


def count_open() -> RequestCounts:
    """How much waits. One statement."""
    last = func.coalesce(DataRequest.extended_to, DataRequest.due_on)
    days = session().scalars(select(last).where(DataRequest.state == RequestState.OPEN)).all()
    marks = [urgency(day, clock.today()) for day in days]
    return RequestCounts(len(days), marks.count("soon"), marks.count("over"))
