"""One's own data: what became of requests about it and about rosters; rosters whose time is over."""

from __future__ import annotations

from ideas_app.core.outbox import handles
from ideas_app.notifications import queries, service
from ideas_app.notifications.rules import Why
from ideas_app.privacy import queries as privacy
from ideas_app.privacy.events import RequestExtended, RequestSettled
from ideas_app.privacy.models import RequestState
from ideas_app.programmes import queries as programmes
from ideas_app.programmes.events import ClaimDecided, RosterExpiring
from ideas_app.programmes.models import ClaimState


@handles(ClaimDecided)
def tell_claim(event: ClaimDecided) -> None:
    """Whoever asked hears that the record was found and linked, or why not."""
    claim = programmes.get_claim(event.claim_id)
    programme = programmes.get_by_id(claim.programme_id)
    is_found = claim.state is ClaimState.ACCEPTED
    service.tell(
        "claim_accepted" if is_found else "claim_refused",
        claim.id,
        {Why.SELF: {claim.account_id: None}},
        doers=[claim.decided_by],
        title=programme.title,
        reason=claim.reason or None,
    )


@handles(RequestExtended)
def tell_request_extended(event: RequestExtended) -> None:
    """Whoever asked hears why the answer takes longer; people without an account are mailed by the room itself."""
    _tell_request("request_extended", event.request_id)


@handles(RequestSettled)
def tell_request_settled(event: RequestSettled) -> None:
    """Whoever asked hears that it was done, or why not. The answer itself stands on their own page only."""
    request = privacy.get_request(event.request_id)
    is_done = request.state is RequestState.DONE
    _tell_request("request_done" if is_done else "request_refused", request.id)


def _tell_request(happening: str, request_id: int) -> None:
    request = privacy.get_request(request_id)
    if request.account_id is not None:
        ties = {Why.SELF: {request.account_id: None}}
        service.tell(happening, request.id, ties, doers=[request.settled_by], title=str(request.id))


@handles(RosterExpiring)
def tell_roster_expiring(event: RosterExpiring) -> None:
    """Those who run rosters hear 30 and 7 days before that the names on one go."""
    programme = programmes.get_by_id(event.programme_id)
    service.tell(
        "roster_expiring",
        f"{programme.id}:{event.goes_on}:{event.days}",
        {Why.DUTY: dict.fromkeys(queries.list_moderators())},
        title=programme.title,
        day=event.goes_on,
        slug=programme.slug,
    )
