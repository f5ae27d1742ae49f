"""Who may ask for what, and who may answer. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse
from ideas_app.privacy.models import RequestState

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.privacy.models import DataRequest


def may_read(actor: Actor, request: DataRequest) -> Verdict:
    """The person who asked, and those who look after requests; to others it does not exist."""
    is_own = actor.id is not None and request.account_id == actor.id
    if is_own or actor.has(Permission.REQUEST_ANSWER):
        return ALLOWED
    return refuse("no_request", _l("There is no such request."))


def may_withdraw(actor: Actor, request: DataRequest) -> Verdict:
    """The person who asked, as long as it is open."""
    if actor.id is None or request.account_id != actor.id:
        return refuse("no_request", _l("There is no such request."))
    return _is_open(request)


def may_answer(actor: Actor, request: DataRequest) -> Verdict:
    """Those who look after requests, as long as it is open; nobody answers their own."""
    return first_refusal(
        ALLOWED
        if actor.has(Permission.REQUEST_ANSWER)
        else refuse("not_permitted", _l("Your account is not allowed to do this.")),
        refuse("own_request", _l("Somebody else has to answer your own request."))
        if actor.id is not None and request.account_id == actor.id
        else ALLOWED,
        _is_open(request),
    )


def may_extend(actor: Actor, request: DataRequest) -> Verdict:
    """As answering, and once."""
    return first_refusal(
        may_answer(actor, request),
        ALLOWED
        if request.extended_to is None
        else refuse("extended", _l("The time was made longer once already; that is all there is.")),
    )


def _is_open(request: DataRequest) -> Verdict:
    if request.state is RequestState.OPEN:
        return ALLOWED
    return refuse("settled", _l("This request was settled meanwhile."))
