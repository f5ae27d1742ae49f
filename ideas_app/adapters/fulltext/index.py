"""The index and the rows it follows: whoever writes a row through the session has written the index, in the
same transaction. Must not know what the rows are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, inspect, select, text, true
from sqlalchemy.orm import Session

from ideas_app.adapters.fulltext import blocks, postgres, sqlite
from ideas_app.adapters.fulltext.blocks import Gathered
from ideas_app.adapters.fulltext.grams import tokens_of
from ideas_app.adapters.fulltext.packed import BLOCK
from ideas_app.adapters.fulltext.postings import Postings
from ideas_app.core.db import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from sqlalchemy import ColumnElement

    from ideas_app.adapters.fulltext.grams import Tokens

KINDS = ("idea", "comment", "answer", "programme")
_PREFIX = "fulltext_"
_BATCH = 500


@dataclass(frozen=True)
class Followed:
    """Rows of one table that stand in the index: what they say, and which of them."""

    kind: str
    model: type[Any]
    read: Callable[[Any], tuple[str, str] | None]
    """Title and body of a row, or of its `columns` read alone; None for one that must not be found by anybody."""
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
    moved: dict[str, list[int]] = {}  # what may stand in a block already
    for row, followed, is_new in _list_flushed(current):
        said = None if row in current.deleted else followed.read(row)
        if said is None:
            gone.setdefault(followed.kind, []).append(row.id)
        else:
            changed.setdefault(followed.kind, []).append((row.id, tokens_of(*said)))
        if not is_new:
            moved.setdefault(followed.kind, []).append(row.id)
    if not (changed or gone):
        return
    connection = current.connection()
    words = dialect_of(connection.dialect.name)
    for kind, keys in moved.items():
        words.mark_stale(connection, kind, keys)
    for kind, rows in changed.items():
        words.put(connection, kind, rows)
    for kind, keys in gone.items():
        words.remove(connection, kind, keys)


def _list_flushed(current: Session) -> Iterator[tuple[Any, Followed, bool]]:
    """The rows that the index follows and whose words may have changed, and whether they are new."""
    for row in (*current.new, *current.dirty, *current.deleted):
        followed = _followed.get(type(row))
        if followed is None:
            continue
        is_new = row in current.new
        if row in current.deleted or _concerns(row, followed, is_new=is_new):
            yield row, followed, is_new


def _concerns(row: Any, followed: Followed, *, is_new: bool) -> bool:
    if is_new:
        return True
    state = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in followed.columns)


def rebuild(followed: Followed) -> Iterator[int]:
    """Writes the index of one table anew; yields the number of rows after each batch.

    Up to `blocks.FOLD_FROM` texts stand in the database's own index, more of them in blocks.
    """
    current = session()
    connection = current.connection()
    words = dialect()
    words.clear(connection, followed.kind)
    blocks.clear(connection, words, followed.kind)
    query = select(followed.model.id, *(getattr(followed.model, name) for name in followed.columns))
    query = query.where(followed.clause).order_by(followed.model.id)
    few: list[tuple[int, Tokens]] = []
    gathered = Gathered()
    last = done = 0
    while rows := current.execute(query.where(followed.model.id > last).limit(_BATCH)).all():
        for row in rows:
            said = followed.read(row)
            if said is not None:
                few.append((row.id, tokens_of(*said)))
        if done + len(rows) > blocks.FOLD_FROM:
            for key, tokens in few:
                gathered.add(key, tokens.title, tokens.whole, tokens.sounds)
            few.clear()
        if rows[-1].id // BLOCK > last // BLOCK:
            gathered.write(connection, words, followed.kind)
        last = rows[-1].id
        done += len(rows)
        yield done
    gathered.write(connection, words, followed.kind)
    words.put(connection, followed.kind, few)


def is_untidy() -> bool:
    """Whether `tidy` has something to do."""
    connection = session().connection()
    return any(
        blocks.is_due(connection, dialect(), followed.kind)
        or blocks.is_stale(connection, followed.kind)
        for followed in list_followed()
    )


def tidy() -> int:
    """One step: what is stale leaves one block, or what is many beside the blocks moves into them.

    How many texts were touched; 0 where nothing is left to do. Call it in a transaction.
    """
    connection = session().connection()
    for followed in list_followed():
        number = blocks.purge(connection, dialect(), followed.kind)
        if not number and blocks.is_due(connection, dialect(), followed.kind):
            number = blocks.fold(connection, dialect(), followed.kind)
        if number:
            return number
    return 0


def postings_of(kind: str) -> Postings:
    """What the index knows, for one search."""
    return Postings(kind, dialect())


def find_differences() -> list[str]:
    """Where the index and the rows differ, in words for the operator."""
    found = []
    for followed in list_followed():
        rows = set(session().scalars(select(followed.model.id).where(followed.clause)))
        indexed = dialect().ids(session(), followed.kind)
        indexed |= blocks.keys(session().connection(), followed.kind)
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
