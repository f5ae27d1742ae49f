"""Prepared statements that go to the database together: several questions at once, a write with its COMMIT, and what
can wait for the next COMMIT of its request.

One after the other where there is nothing to gain: SQLite is no way off.

Must not know any table.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ideas_app.core import bursts
from ideas_app.core.db import is_in_transaction, reach, session
from ideas_app.core.prepared import all_together

if TYPE_CHECKING:
    from ideas_app.core.prepared import Asked, Prepared

_WAITED = 0.003
"""Seconds from which on an answer says that somebody else held what was asked for, or that the machine is busy."""


def ask_together(*asked: Asked) -> list[list[Any]]:
    """As `all_together`, within `transaction()`: what one waited for and holds, the next finds as it is."""
    begun = time.monotonic()
    found = all_together(*asked)
    if time.monotonic() - begun > _WAITED:
        session().info["waited"] = True
    return found


def write_last(statement: Prepared, **values: Any) -> None:
    """Writes at the end of `transaction()`, on PostgreSQL in one send with the COMMIT; elsewhere at once.

    For what nobody asks about any more: the block must read and write nothing after it that depends on it.
    """
    if not is_in_transaction():
        msg = "a write was kept for the end outside transaction()"
        raise RuntimeError(msg)
    if not reach()[1]:
        statement.run(**values)
        return
    session().info.setdefault("last", []).append(_Write(statement, values))


def write_along(statement: Prepared, **values: Any) -> None:
    """Writes with the next `transaction()` of the session that ends well, or by itself when the request ends.

    For notes that nobody waits for and that may be lost, such as when somebody was last here: a transaction of their
    own, and a turn of the disk, before each act would cost as much as the act. The statement must wait for nobody.
    """
    session().info.setdefault("along", []).append(_Write(statement, values))


@dataclass(frozen=True, slots=True)
class _Write:
    """A statement and its values, for `transaction()`."""

    statement: Prepared
    values: dict[str, Any]

    def run(self) -> None:
        self.statement.run(**self.values)

    def sent(self) -> bursts.Sent:
        text = self.statement.numbered(reach()[0].dialect)
        return bursts.Sent(text.sent, text.values(self.values))
