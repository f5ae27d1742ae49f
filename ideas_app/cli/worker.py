"""`flask worker`: hands events from the outbox to their handlers until it is told to stop.

Must not know any event. Several may run at once: each claims its own events.
"""

from __future__ import annotations

import logging
import signal
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session

if TYPE_CHECKING:
    from types import FrameType

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)


@click.command()
@click.option("--once", is_flag=True, help="Handle what is due now, then end.")
@click.option(
    "--every", default=1.0, show_default=True, help="Seconds between looks at the outbox."
)
@with_appcontext
def worker(once: bool, every: float) -> None:
    """Handle events, send mail, and delete what has no purpose left, until stopped.

    Example: flask --app ideas_app worker
    """
    if once:
        click.echo(f"handled {outbox.drain()} events, did {housekeeping.run()} chores")
        return
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, leave)
    next_round = clock.now()
    while not stop.is_set():
        try:
            outbox.drain(limit=100)
            if clock.now() >= next_round:
                housekeeping.run()
                next_round = clock.now() + HOUR
        except OperationalError:
            log.warning("the database does not answer; the worker waits")
        finally:
            session().close()
        stop.wait(every)
