"""`flask worker`: hands events from the outbox to their handlers until it is told to stop.

Must not know any event. Several may run at once: each claims its own events. Killed, it leaves nothing
behind but claims that end by themselves within a minute.
"""

from __future__ import annotations

import logging
import signal
import threading
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ideas_app.adapters import mail
from ideas_app.adapters.queue import QueueAwayError
from ideas_app.core import housekeeping, outbox
from ideas_app.core.db import session
from ideas_app.web.wakes import queue_of

if TYPE_CHECKING:
    from types import FrameType

    from flask import Flask

log = logging.getLogger(__name__)

BEAT = outbox.LEASE.total_seconds() / 4
"""Seconds between two signs of life."""


@click.command()
@click.option("--once", is_flag=True, help="Handle what is due now, then end.")
@click.option(
    "--every", default=2.0, show_default=True, help="Seconds between looks at the outbox."
)
@with_appcontext
def worker(once: bool, every: float) -> None:
    """Handle events, send mail, and do what comes round by itself, until stopped.

    Example: flask --app ideas_app worker
    """
    if once:
        click.echo(_work_off())
        return
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, leave)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # for threads
    lanes = outbox.lanes()
    session().close()
    beating = threading.Thread(target=_beat, args=(app, stop), daemon=True)
    beating.start()
    _Workshop(app, stop).open(lanes, every)
    stop.set()
    beating.join(timeout=5)


def _work_off() -> str:
    asked = housekeeping.ask_due()
    handled = outbox.drain()
    mail.hang_up()
    done = len(asked) - housekeeping.count_open(asked)
    return f"handled {handled - done} events, did {done} chores"


class _Workshop:
    """What the threads of a worker do."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        self.app = app
        self.stop = stop

    def open(self, lanes: dict[str, int], every: float) -> None:
        """Works until told to stop."""
        queue = queue_of(self.app)
        queue.serve(self.work_off, self.sweep, lanes=lanes, every=every, stop=self.stop)

    def work_off(self, lane: str) -> None:
        """Handles what is due in a lane; a database that is away is asked again at the next look."""
        with self.app.app_context():
            try:
                outbox.drain(lane=lane, stop=self.stop.is_set)
            except SQLAlchemyError:
                log.warning("the database does not answer; the worker waits")
            finally:
                session().close()
                mail.hang_up()

    def sweep(self) -> None:
        """Asks for the chores whose time has come, and calls workers to the lanes where something is due.

        Without a queue it does the work itself: slower, and nothing stands still.
        """
        with self.app.app_context():
            try:
                housekeeping.ask_due()
                lanes = outbox.due_lanes()
            except SQLAlchemyError:
                log.warning("the database does not answer; the worker waits")
                return
            finally:
                session().close()
        for lane in lanes:
            try:
                queue_of(self.app).call(lane)
            except QueueAwayError:
                self.work_off(lane)


def _beat(app: Flask, stop: threading.Event) -> None:
    """Prolongs the claims of this process until the last of its work is done."""
    while not stop.wait(BEAT) or outbox.holds_claims():
        with app.app_context():
            try:
                outbox.renew_claims()
            except SQLAlchemyError:
                log.warning("the database does not answer: claims were not prolonged")
            finally:
                session().close()
        if stop.is_set():
            threading.Event().wait(1)
