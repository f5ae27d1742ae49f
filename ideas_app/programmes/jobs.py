"""What programmes do when something happens elsewhere."""

from __future__ import annotations

from ideas_app.accounts.events import AccountDeleted
from ideas_app.core import housekeeping, outbox, strongroom
from ideas_app.programmes import service
from ideas_app.programmes.events import RosterAwaited
from ideas_app.programmes.service import Stage, uploads


@outbox.handles(AccountDeleted)
def cut_link(event: AccountDeleted) -> None:
    """Whoever leaves is no longer linked with a person on the rosters, and asks for nothing any more."""
    service.unlink_account(event.account_id)
    service.forget_claims(event.account_id)
    uploads.forget_of(event.account_id)


@outbox.handles(RosterAwaited, outside=True)
def work_on_roster(event: RosterAwaited) -> None:
    """Reads or stores a large roster without holding up votes. Running twice does it once."""
    service.work_on(event.name, event.turn, Stage(event.stage))


@housekeeping.hourly
def sweep_uploads() -> None:
    """Files that somebody uploaded and neither imported nor let go are deleted after an hour."""
    strongroom.sweep()
