"""Records of participation: what became of a request to be found on a roster, and rosters whose time is over."""

from __future__ import annotations

from ideas_app.core.outbox import handles
from ideas_app.notifications import queries, service
from ideas_app.notifications.rules import Why
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
