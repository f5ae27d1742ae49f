"""What the API keeps of a person: for a day, the answers that their programs got under keys of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from ideas_app.api.models import IdempotencyKey
from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Column, Holding, Room, declare

if TYPE_CHECKING:
    from ideas_app.core.personal import Leaving, Rows


def read_answers(account_id: int) -> Rows:
    """Which acts were asked for; what they made is listed with the things themselves."""
    query = select(IdempotencyKey).where(IdempotencyKey.account_id == account_id)
    for row in session().scalars(query.order_by(IdempotencyKey.id)):
        yield {"operation": row.operation, "status": row.status, "created_at": row.created_at}


def forget(leaving: Leaving) -> None:
    """Deletes them: they hold what the person wrote."""
    mine = IdempotencyKey.account_id == leaving.account_id
    session().execute(delete(IdempotencyKey).where(mine))


declare(
    Room(
        "api",
        holdings=(
            Holding(
                key="api_answers",
                title=_l("Acts of your programs that may be repeated"),
                columns=(
                    Column("operation", _l("Operation")),
                    Column("status", _l("Status"), "int"),
                    Column("created_at", _l("Time"), "datetime"),
                ),
                read=read_answers,
                kept=_l("For 24 hours."),
                leaving=_l("Deleted at once."),
                places=("idempotency_key.account_id",),
            ),
        ),
        forget=forget,
    )
)
