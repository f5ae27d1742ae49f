"""Writing the register. Called in the transaction that destroys: what is gone stands in it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from ideas_app.audit.rules import GENESIS, entry_hash
from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, session
from ideas_app.retention.models import Destruction
from ideas_app.retention.rules.register import content_of
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.core.retaining import Period, Span

_CHAIN_LOCK = 7_251_004
"""Advisory lock of PostgreSQL under which the next line is written; SQLite has one writer anyway."""


def register(actor: Actor, period: Period, span: Span, *, days: int, by: str) -> Destruction:
    """Appends what was destroyed just now. `by` says by which means: "nightly", "command" or "page"."""
    if not is_sqlite():
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    session().flush()
    last = session().scalar(select(Destruction.hash).order_by(Destruction.id.desc()).limit(1))
    with speaking("ko"):
        what, ground = str(period.rows), str(period.ground)
    line = Destruction(
        at=clock.now(),
        run=run_of(period),
        period=period.name,
        table=period.table,
        what=what,
        count=span.count,
        first_on=span.first_on,
        last_on=span.last_on,
        days=days,
        ground=ground,
        way=period.acts.way.value,
        actor_id=actor.id,
        by=by,
        previous_hash=last or GENESIS,
        hash="",
    )
    line.hash = entry_hash(line.previous_hash, at=line.at, content=content_of(line))
    session().add(line)
    session().flush()
    return line


def run_of(period: Period) -> str:
    """The name of today's run of a period, whenever it is taken up again."""
    return f"{clock.today().isoformat()} {period.name}"
