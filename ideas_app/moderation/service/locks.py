"""Who has an item open: kept by looking at it, by its page's signs of life, or taken over by a click.

A lock keeps two moderators from deciding about one thing unawares; it is never a right. Must not know
what is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from ideas_app.core import clock
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.moderation import policy, queries
from ideas_app.moderation.models import DeskLock
from ideas_app.moderation.rules import BEAT_HOLD, LEFT_HOLD, PAGE_HOLD, Item

if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy import ColumnElement

    from ideas_app.core.actor import Actor


def open_item(actor: Actor, item: Item, thing_id: int) -> bool:
    """Looking at an item keeps it for `PAGE_HOLD`, unless a colleague has it; whether it is the actor's.

    What else the actor has open falls free soon, unless its page is still open and says so.
    """
    policy.may_moderate(actor).require()
    now = clock.now()
    session().execute(
        update(DeskLock)
        .where(DeskLock.account_id == actor.id, DeskLock.until > now + LEFT_HOLD)
        .where((DeskLock.kind != item.value) | (DeskLock.thing_id != thing_id))
        .values(until=now + LEFT_HOLD)
        .execution_options(synchronize_session=False)
    )
    return _take(actor, item, thing_id, PAGE_HOLD)


def keep_open(actor: Actor, item: Item, thing_id: int) -> bool:
    """A sign of life of an open page: keeps the item for `BEAT_HOLD`; False where it is a colleague's now."""
    policy.may_moderate(actor).require()
    return _take(actor, item, thing_id, BEAT_HOLD)


def take_over(actor: Actor, item: Item, thing_id: int) -> None:
    """Takes an item from the colleague who has it open; that colleague's page says so."""
    policy.may_moderate(actor).require()
    if _take(actor, item, thing_id, PAGE_HOLD):
        return
    now = clock.now()
    session().execute(
        update(DeskLock)
        .where(*_is(item, thing_id))
        .values(
            taken_from=DeskLock.account_id,
            account_id=actor.id,
            taken_at=now,
            until=now + PAGE_HOLD,
        )
        .execution_options(synchronize_session=False)
    )


def release(actor: Actor, item: Item, thing_id: int) -> None:
    """Lets an item go, if it is the actor's: it was decided, or is left to others."""
    mine = DeskLock.account_id == actor.id
    session().execute(
        delete(DeskLock)
        .where(*_is(item, thing_id), mine)
        .execution_options(synchronize_session=False)
    )


def require_lock(actor: Actor, item: Item, thing_id: int) -> None:
    """What every decision passes: the item is the actor's until the transaction ends.

    One that nobody has is taken by deciding. Raises `Conflict` (code `locked`) where a colleague has it.
    """
    if actor.is_system or _take(actor, item, thing_id, BEAT_HOLD):
        return
    holder = queries.find_lock(item, thing_id)
    raise Conflict(
        "locked",
        _l(
            "%(name)s has this open, so nothing was decided. Ask, or take it over and decide again.",
            name=holder.name if holder else "",
        ),
    )


def _take(actor: Actor, item: Item, thing_id: int, hold: timedelta) -> bool:
    """Keeps what is the actor's, takes what is free. The row decides, so two at once are one after another."""
    now = clock.now()
    until = now + hold
    if _move(item, thing_id, DeskLock.account_id == actor.id, until=until):
        return True
    free = DeskLock.until <= now
    new = {"account_id": actor.id, "taken_at": now, "until": until, "taken_from": None}
    if _move(item, thing_id, free, **new):
        return True
    return bool(insert_ignore(DeskLock, {"kind": item.value, "thing_id": thing_id, **new}))


def _move(item: Item, thing_id: int, where: ColumnElement[bool], **values: object) -> bool:
    moved = session().execute(
        update(DeskLock)
        .where(*_is(item, thing_id), where)
        .values(**values)
        .returning(DeskLock.thing_id)
        .execution_options(synchronize_session=False)
    )
    return len(moved.all()) == 1


def _is(item: Item, thing_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return DeskLock.kind == item.value, DeskLock.thing_id == thing_id
