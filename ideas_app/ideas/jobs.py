"""What ideas do when something happens elsewhere."""

from __future__ import annotations

from sqlalchemy import delete

from ideas_app.accounts.events import AccountDeleted
from ideas_app.core import outbox
from ideas_app.core.db import session
from ideas_app.ideas.models import Draft, Follow


@outbox.handles(AccountDeleted)
def forget_person(event: AccountDeleted) -> None:
    """Drafts and follows of somebody who left go; ideas stay without a name, and so do reader counts."""
    for table in (Draft, Follow):
        session().execute(delete(table).where(table.account_id == event.account_id))
