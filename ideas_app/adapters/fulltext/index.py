"""The index and the rows it follows: whoever writes a row through the session has written the index, in the
same transaction. Must not know what the rows are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, inspect, select, text, true
from sqlalchemy.orm import Session

from ideas_app.adapters.fulltext import postgres, sqlite
from ideas_app.adapters.fulltext.grams import tokens_of
from ideas_app.core import clock
from ideas_app.core.db import session

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime
    from types import ModuleType

    from sqlalchemy import ColumnElement, Engine

KINDS = ("idea", "comment", "answer", "programme")
_PREFIX = "fulltext_"
_BATCH = 500
_COUNTED_FROM = 5_000
"""Above so many texts the counts of pairs are remembered for a while: they move slowly."""
_REMEMBERED = timedelta(minutes=10)


@dataclass(frozen=True)
class Followed:
    """Rows of one table that stand in the index: what they say, and which of them."""

    kind: str
    model: type[Any]
    read: Callable[[Any], tuple[str, str] | None]
    """Title and body of a row; None for one that must not be found by anybody."""
    columns: tuple[str, ...]
    """Attributes on which `read` depends."""
    clause: ColumnElement[bool] = field(default_factory=true)
    """The SQL of `read(row) is not None`."""


_followed: dict[type[Any], Followed] = {}


def follow(followed: Followed) -> None:
    """From now on the index follows these rows."""
    if followed.kind not in KINDS:
        msg = f"no index of {followed.kind}"
        raise ValueError(msg)
    _followed[followed.model] = followed


def list_followed() -> list[Followed]:
    """All tables whose rows stand in the index."""
    return sorted(_followed.values(), key=lambda one: KINDS.index(one.kind))


def is_index_table(name: str | None) -> bool:
    """Whether a table belongs to the index: derived from the rows, unknown to the models."""
    return (name or "").startswith(_PREFIX)


def dialect_of(name: str) -> ModuleType:
    """The words of a database, by its name: `sqlite` or `postgresql`."""
    return postgres if name == "postgresql" else sqlite


def dialect() -> ModuleType:
    """The words of the database of this session."""
    return dialect_of(session().get_bind().dialect.name)


@event.listens_for(Session, "after_flush")
def _after_flush(current: Session, _context: Any) -> None:
    """Writes what was flushed into the index."""
    changed: dict[str, list[tuple[int, Any]]] = {}
    gone: dict[str, list[int]] = {}
    for row in (*current.new, *current.dirty):
        followed = _followed.get(type(row))
        if followed is None or not _concerns(row, followed, is_new=row in current.new):
            continue
        said = followed.read(row)
        if said is None:
            gone.setdefault(followed.kind, []).append(row.id)
        else:
            changed.setdefault(followed.kind, []).append((row.id, tokens_of(*said)))
    for row in current.deleted:
        followed = _followed.get(type(row))
        if followed is not None:
            gone.setdefault(followed.kind, []).append(row.id)
    if not (changed or gone):
        return
    connection = current.connection()
    words = dialect_of(connection.dialect.name)
    for kind, rows in changed.items():
        words.put(connection, kind, rows)
    for kind, keys in gone.items():
        words.remove(connection, kind, keys)


def _concerns(row: Any, followed: Followed, *, is_new: bool) -> bool:
    if is_new:
        return True
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in followed.columns)


def put_rows(model: type[Any], rows: Iterable[Any]) -> None:
    """Writes rows into the index that were made past the session, in bulk: anything with the attributes that the
    model's `read` asks for. Call it in their transaction.
    """
    connection = session().connection()
    followed = _followed[model]
    dialect().put(connection, followed.kind, list(_tokens(followed, rows)))


def rebuild(followed: Followed) -> Iterator[int]:
    """Writes the index of one table anew; yields the number of rows after each batch."""
    current = session()
    connection = current.connection()
    words = dialect()
    words.clear(connection, followed.kind)
    last = done = 0
    while True:
        key = followed.model.id
        query = select(followed.model).where(key > last, followed.clause).order_by(key)
        rows = list(current.scalars(query.limit(_BATCH)))
        if not rows:
            break
        words.put(connection, followed.kind, list(_tokens(followed, rows)))
        last = rows[-1].id
        done += len(rows)
        current.expunge_all()
        yield done
    forget()


def _tokens(followed: Followed, rows: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    for row in rows:
        said = followed.read(row)
        if said is not None:
            yield row.id, tokens_of(*said)


def find_differences() -> list[str]:
    """Where the index and the rows differ, in words for the operator."""
    found = []
    for followed in list_followed():
        rows = set(session().scalars(select(followed.model.id).where(followed.clause)))
        indexed = dialect().ids(session(), followed.kind)
        missing, stale = len(rows - indexed), len(indexed - rows)
        if missing or stale:
            found.append(
                f"{followed.kind}: {missing} rows cannot be found, {stale} entries have no row: "
                "flask search rebuild"
            )
    return found


def find_locale_faults() -> list[str]:
    """What is wrong with a PostgreSQL database whose LC_CTYPE knows no Hangul; nothing on SQLite.

    The index itself compares bytes and works under C, but case folding and `ILIKE` of the rest do not.
    """
    if session().get_bind().dialect.name != "postgresql":
        return []
    # the setting of this name is gone since PostgreSQL 16: the catalogue knows
    ctype = session().scalar(
        text("SELECT datctype FROM pg_database WHERE datname = current_database()")
    )
    if ctype in {"C", "POSIX"}:
        return [f"lc_ctype is {ctype}: create the database with C.UTF-8 or ko_KR.UTF-8"]
    return []


# -- how common a pair is --------------------------------------------------------------------------


@dataclass
class _Memory:
    """Counts that were asked for lately."""

    total: int
    until: datetime
    counts: dict[str, int] = field(default_factory=dict)


_memories: WeakKeyDictionary[Engine, dict[str, _Memory]] = WeakKeyDictionary()


def forget() -> None:
    """Forgets all remembered counts."""
    _memories.clear()


def count(kind: str, tokens: Collection[str]) -> tuple[dict[str, int], int]:
    """In how many texts of a kind each token stands, and how many texts there are. One statement at most."""
    known = _memories.setdefault(session().get_bind().engine, {})
    memory = known.get(kind)
    if memory and memory.until < clock.now():
        del known[kind]
        memory = None
    asked = [token for token in tokens if memory is None or token not in memory.counts]
    if not asked and memory:
        return {token: memory.counts[token] for token in tokens}, memory.total
    found, total = dialect().frequencies(session(), kind, asked)
    if total < _COUNTED_FROM:
        return found, total
    if memory is None:
        memory = known[kind] = _Memory(total, clock.now() + _REMEMBERED)
    memory.counts.update({token: found.get(token, 0) for token in asked})
    return {token: memory.counts[token] for token in tokens}, memory.total
