"""What programmes do when something happens elsewhere."""

from __future__ import annotations

from ideas_app.accounts.events import AccountDeleted
from ideas_app.core import outbox
from ideas_app.programmes import service


@outbox.handles(AccountDeleted)
def cut_link(event: AccountDeleted) -> None:
    """Whoever leaves is no longer linked with a person on the rosters, and asks for nothing any more."""
    service.unlink_account(event.account_id)
    service.forget_claims(event.account_id)
