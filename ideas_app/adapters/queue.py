"""The door to huey: wakes workers, and runs them. A file in `instance/` by default, Redis where there is one.

What it holds is only "look into this lane": the outbox is the truth, so this queue may lose everything, be
deleted while nobody runs, or be away. Must not know any event, nor the database.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from huey import Huey
    from huey.consumer import Consumer

log = logging.getLogger(__name__)

NAME = "ideas"
PATIENCE = 0.3
"""Seconds that waking a worker may cost somebody who has just voted."""
PAUSE = 5.0
"""Seconds without another try after a queue did not answer."""
ENOUGH = 64
"""With so many calls waiting, one more tells nobody anything: no worker runs, or all are busy."""


class QueueAwayError(Exception):
    """The queue does not answer; whoever wanted to call does without."""


class Queue:
    """Calls for workers, from any process."""

    def __init__(self, *, file: Path, redis_url: str, key: str) -> None:
        self._file = file
        self._redis_url = redis_url
        self._key = key
        self._lock = threading.Lock()
        self._huey: Huey | None = None
        self._task: Any = None
        self._away_until = 0.0
        self._work: Callable[[str], None] = lambda _lane: None

    def call(self, lane: str) -> None:
        """Calls a worker to a lane. Raises `QueueAwayError`."""
        if self._away_until > time.monotonic():
            raise QueueAwayError
        try:
            huey = self._open(PATIENCE)
            if huey.pending_count() < ENOUGH:
                self._task(lane)
        except Exception as fault:
            self._away_until = time.monotonic() + PAUSE
            raise QueueAwayError from fault

    def _open(self, patience: float) -> Huey:
        """The queue, opened on first use: building the application touches no file."""
        with self._lock:
            if self._huey is None:
                huey = self._make(patience)
                # a call that is a minute old is answered by the sweep long since
                self._task = huey.task(name="look_into", expires=60)(self._look_into)
                self._huey = huey
            return self._huey

    def _make(self, patience: float) -> Huey:
        with _without_redis() if not self._redis_url else nullcontext():
            from huey import RedisHuey, SqliteHuey
            from huey.serializer import SignedSerializer

        # signed, because what comes out of the queue is unpickled
        common = {"results": False, "serializer": SignedSerializer(self._key)}
        if not self._redis_url:
            return SqliteHuey(
                NAME, filename=str(self._file), fsync=False, timeout=patience, **common
            )
        from redis import ConnectionPool

        pool = ConnectionPool.from_url(
            self._redis_url, socket_timeout=patience, socket_connect_timeout=PATIENCE
        )
        return RedisHuey(NAME, connection_pool=pool, blocking=False, **common)

    def _look_into(self, lane: str) -> None:
        self._work(lane)

    def serve(
        self,
        work: Callable[[str], None],
        sweep: Callable[[], None],
        *,
        lanes: Mapping[str, int],
        every: float,
        stop: threading.Event,
    ) -> None:
        """Answers calls until `stop`, and calls `sweep` every so many seconds. Then waits for work in hand.

        `work` is called with a lane, in at most as many threads at once as `lanes` gives it. For the main
        thread of a process: it takes the signals, which the caller sets anew in `stop`'s favour.
        """
        gates = {lane: threading.BoundedSemaphore(most) for lane, most in lanes.items()}

        def gated(lane: str) -> None:
            gate = gates.get(lane)
            # whoever is in the lane goes on until it is empty
            if gate is None or stop.is_set() or not gate.acquire(blocking=False):
                return
            try:
                work(lane)
            finally:
                gate.release()

        self._work = gated
        try:
            huey = self._open(1.0)
        except Exception:
            log.exception("the queue cannot be opened: the sweep does all the work")
            while not stop.wait(every):
                sweep()
            return
        consumer = _consumer_of(huey, sum(lanes.values()), sweep, every)
        consumer.start()
        try:
            while not stop.wait(1.0):
                consumer.check_worker_health()
        finally:
            consumer.stop(graceful=True)


def _consumer_of(huey: Huey, threads: int, sweep: Callable[[], None], every: float) -> Consumer:
    from huey.consumer import Consumer, Scheduler

    class Sweeper(Scheduler):  # type: ignore[misc]  # huey ships no types
        """Beats the time: huey's own periodic tasks know whole minutes only."""

        periodic_task_seconds = every

        def enqueue_periodic_tasks(self, _now: Any) -> None:
            try:
                sweep()
            except Exception:
                log.exception("the sweep failed; it is repeated")

    class Workers(Consumer):  # type: ignore[misc]
        scheduler_class = Sweeper

        def _set_signal_handlers(self) -> None:
            """The caller has set its own: every signal ends the work gracefully."""

    _calm_logs()
    return Workers(huey, workers=threads, initial_delay=0.05, max_delay=0.5, shutdown_timeout=25)


@contextmanager
def _without_redis() -> Iterator[None]:
    """Hides the clients of queues that are not in use while huey is imported first: it takes whatever is
    installed, and these are 15 MB in every process. One that was imported already stays.
    """
    hidden = [name for name in ("redis", "psycopg") if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # so does Python itself mark a module that is none
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _calm_logs() -> None:
    logger = logging.getLogger("huey")
    logger.setLevel(logging.WARNING)
    for name in ("huey.consumer.Worker", "huey.consumer.Scheduler"):
        logging.getLogger(name).addFilter(_once_a_minute())


def _once_a_minute() -> Callable[[logging.LogRecord], bool]:
    """Lets "cannot read the queue" through once a minute: every thread says it several times a second."""
    said = [0.0]

    def lets_through(record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith("Error reading"):
            return True
        if said[0] > time.monotonic():
            return False
        said[0] = time.monotonic() + 60
        return True

    return lets_through
