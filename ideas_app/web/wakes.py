"""Calls workers after a commit that published something, so that people need not wait for the next look.

Must not know any event. Whatever goes wrong here costs seconds and nothing else.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import current_app

from ideas_app.adapters.queue import Queue, QueueAwayError
from ideas_app.core import outbox
from ideas_app.core.tokens import derived_key

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask import Flask

    from config import Settings

log = logging.getLogger(__name__)


def init_wakes(app: Flask) -> None:
    """Gives the application its queue. With `WAKES` off nobody is called: for tests."""
    settings: Settings = app.config["SETTINGS"]
    app.config.setdefault("WAKES", True)
    app.extensions["queue"] = Queue(
        file=settings.instance / "queue.db",
        redis_url=settings.redis_url,
        key=derived_key(settings.secret_key, "queue"),
    )
    outbox.wake_with(_wake)


def queue_of(app: Flask) -> Queue:
    """The application's queue."""
    queue: Queue = app.extensions["queue"]
    return queue


def _wake(lanes: Collection[str]) -> None:
    if not current_app.config["WAKES"]:
        return
    try:
        for lane in lanes:
            queue_of(current_app).call(lane)
    except QueueAwayError:
        log.info("the queue does not answer: workers find the events at their next look")
