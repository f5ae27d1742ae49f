"""Decisions that can be taken back for some seconds: what they changed is kept, whom they would tell waits.

Must not know what was decided: it compares rows before and after.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.comments import service as comments
from ideas_app.comments.models import Comment
from ideas_app.core import clock, outbox
from ideas_app.core.columns import Instant
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea
from ideas_app.moderation import policy, queries
from ideas_app.moderation.models import Appeal, DeskAct, Flag
from ideas_app.moderation.rules import UNDO_FOR, Item
from ideas_app.moderation.service.gates import require
from ideas_app.moderation.service.locks import open_item

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ideas_app.core.actor import Actor

_COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Idea: (
        "state",
        "is_listed",
        "code",
        "state_reason",
        "duplicate_of_id",
        "state_before_hidden",
        "decided_at",
        "published_at",
        "edited_at",
        "active_at",
        "version",
        "title",
        "why",
        "how",
        "why_html",
        "how_html",
    ),
    Flag: ("settled_at", "settled_by", "outcome"),
    Appeal: ("settled_at", "settled_by", "outcome", "outcome_reason"),
    Comment: ("hidden_at", "hidden_code", "hidden_reason", "highlighted_at"),
}
"""What a decision may change, by table."""
_FLOWING = frozenset({"active_at"})
"""Others move it too: put back only where they have not."""
_KINDS = {kind.__tablename__: kind for kind in _COLUMNS}


@dataclass
class _Sketch:
    """An act while it happens: the things it may change, as they were."""

    before: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)

    def watch(self, *things: Any) -> None:
        """Notes things as they are, once each."""
        known = {id(thing) for thing, _values in self.before}
        for thing in things:
            if id(thing) not in known:
                known.add(id(thing))
                self.before.append((thing, _values_of(thing)))


_present: ContextVar[_Sketch | None] = ContextVar("present_act", default=None)


@contextmanager
def undoable(actor: Actor, verb: str, idea_id: int, *things: Any) -> Iterator[None]:
    """Within this block a decision is made about `things`, held and read anew; it can be taken back after.

    Its events wait as long. A decision within a decision belongs to the outer one. What the system
    decides cannot be taken back.
    """
    outer = _present.get()
    if outer is not None or actor.is_system:
        if outer is not None:
            outer.watch(*things)
        yield
        return
    sketch = _Sketch()
    sketch.watch(*things)
    token = _present.set(sketch)
    try:
        with outbox.delayed(UNDO_FOR) as events:
            yield
    finally:
        _present.reset(token)
    session().flush()
    _keep(actor, verb, idea_id, sketch, [event.id for event in events])


def newest_act(actor: Actor) -> DeskAct | None:
    """The act of the actor that was made last, within this transaction or before."""
    mine = select(DeskAct).where(DeskAct.actor_id == actor.id)
    return session().scalar(mine.order_by(DeskAct.id.desc()).limit(1))


def join_acts(acts: Sequence[DeskAct]) -> None:
    """Makes several acts one that is taken back as a whole."""
    for act in acts[1:]:
        act.batch_id = acts[0].id
    session().flush()


def undo(actor: Actor, act: DeskAct) -> list[int]:
    """Takes an act back, with those decided together with it: everything stands exactly as before.

    The ids of its ideas come back; each is open for the actor again. Raises `Refused` (somebody
    else's), `Conflict` when it is too late, was undone, or a thing has changed since.
    """
    policy.may_moderate(actor).require()
    acts = queries.list_batch(act)
    for each in acts:
        session().refresh(each, with_for_update=True)
        require(policy.may_undo(actor, each, now=clock.now()))
    for each in reversed(acts):
        _put_back(actor, each)
    for each in acts:
        open_item(actor, Item.IDEA, each.idea_id)
    return [each.idea_id for each in acts]


def _keep(actor: Actor, verb: str, idea_id: int, sketch: _Sketch, event_ids: Sequence[int]) -> None:
    now = clock.now()
    entry = queries.find_last_entry_of(actor.id)
    session().add(
        DeskAct(
            actor_id=actor.id,
            verb=verb,
            idea_id=idea_id,
            changes=[change for each in sketch.before if (change := _change_of(*each))],
            events=list(event_ids),
            entry_id=entry.id if entry else None,
            made_at=now,
            until=now + UNDO_FOR,
        )
    )
    session().flush()


def _change_of(thing: Any, before: dict[str, Any]) -> dict[str, Any] | None:
    after = _values_of(thing)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return None
    return {
        "table": type(thing).__tablename__,
        "id": thing.id,
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }


def _values_of(thing: Any) -> dict[str, Any]:
    """The columns that a decision may change, as plain JSON."""
    values = {name: getattr(thing, name) for name in _COLUMNS[type(thing)]}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _put_back(actor: Actor, act: DeskAct) -> None:
    if not outbox.take_back(act.events):
        require(policy.TOO_LATE_TO_UNDO)
    for change in act.changes:
        kind = _KINDS[change["table"]]
        thing = session().get(kind, change["id"], with_for_update=True, populate_existing=True)
        present = _values_of(thing) if thing is not None else {}
        after = {name: value for name, value in change["after"].items() if name not in _FLOWING}
        if any(present.get(name) != value for name, value in after.items()):
            message = _l("Somebody has changed this since, so it can no longer be taken back.")
            raise Conflict("moved_on", message)
        values = {
            name: _typed(kind, name, value)
            for name, value in change["before"].items()
            if name not in _FLOWING or present[name] == change["after"][name]
        }
        _write(kind, thing, values)
    act.undone_at = clock.now()
    diff = {"verb": act.verb, "entry": act.entry_id}
    audit.record(actor, Tag.DECISION_UNDONE, "idea", act.idea_id, diff=diff)


def _write(kind: type[Any], thing: Any, values: dict[str, Any]) -> None:
    if kind is Idea:
        ideas.put_back(thing, values)
        return
    if kind is Comment:
        comments.put_back(thing, values)
        return
    for name, value in values.items():
        setattr(thing, name, value)
    session().flush()


def _typed(kind: type[Any], name: str, value: Any) -> Any:
    """A value as its column takes it."""
    column = kind.__table__.c[name].type
    if value is None:
        return None
    if isinstance(column, Instant):
        return datetime.fromisoformat(value)
    enum_class = getattr(column, "enum_class", None)
    return enum_class(value) if enum_class else value
