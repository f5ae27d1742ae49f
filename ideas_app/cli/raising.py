"""Starts the processes of `flask serve`: imports the service once, warms it up, and forks them all from that.

So they share what was imported, and the first visitor waits for nothing. Granian serves in each of them, on sockets
that `minding` holds; by itself it would fork from a process that has imported nothing. Must not hold rules.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import select
import signal
import sys
import time
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask.cli import ScriptInfo
from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from sqlalchemy import text

from ideas_app import create_app
from ideas_app.adapters import metrics
from ideas_app.cli.minding import SIGNALS, tell
from ideas_app.core.db import db
from ideas_app.core.engines import keep_few_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from flask import Flask
    from sqlalchemy import URL

    from config import Settings

log = logging.getLogger(__name__)

BACKLOG = 1024
"""Connections that may wait for a process to take them."""
FAR = 2
"""Requests inside a process at once where the database is on another machine: while one waits for it the other can
work. On the same machine the database works meanwhile, on the same processors: a second one there only adds changes
from one thread to the other."""
_HERE = ("", "localhost", "127.0.0.1", "::1")
UP_WITHIN = 60.0
"""Seconds within which a process that was forked must be ready."""
WARM_FOR = 0.6
"""Seconds of CPU after which no further page is asked for beforehand: whoever waits for the start waits for these."""
_ARENA_MAX = -8
"""Of `mallopt`, as malloc.h has it."""
_IDEA = "/api/v1/ideas?limit=1"
_PAGES = (
    "/ideas?q=ㅂ",
    "/login",
    "/answers",
    "/programmes",
    "/shortlists",
    "/data",
    "/reports",
    "/feeds/ideas.atom",
    "/",
)
"""What most people ask for first, beside the list of ideas and the page of one, which come before. The front page comes
last: in a large city it counts for longer than all the others take."""


def raise_anew(listeners: Sequence[int], *, worker: bool) -> dict[int, str]:
    """New processes from the code and the settings as they are now; see `raise_processes`."""
    return raise_processes(create_app(), listeners, worker=worker)


def raise_processes(app: Flask, listeners: Sequence[int], *, worker: bool) -> dict[int, str]:
    """Forks the server's processes, and one that works; number and kind of each, once all are ready.

    `listeners`: the numbers of sockets that listen, one for each process of the server. Raises `RuntimeError` when one
    does not come up: none is left then.
    """
    # what is made here stays: the collector finds next to nothing in it, and takes 0.2 s each time it looks
    gc.disable()
    _share_one_arena()
    with app.app_context():
        keep_few_pages(db.engines.values())
    _warm_up(app)
    # nor may it look later: it would touch, and so copy, every object that the processes share
    gc.freeze()
    _give_back()
    # who asks for a stop while they come up is heard once somebody minds them: ended here, they would stay behind
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    ready, up = os.pipe()
    made: dict[int, str] = {}
    for listener in listeners:
        made[_fork(partial(_serve, app, listener, up))] = "server"
    if worker:
        made[_fork(partial(_work, app, up))] = "worker"
    os.close(up)
    if not _are_up(ready, len(made)):
        for pid in made:
            tell(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        raise RuntimeError("a process ended before it served")
    os.close(ready)
    return made


def _warm_up(app: Flask) -> None:
    """Asks for a few pages, so that what they import and compile is shared. Leaves no line, count, connection or
    thread behind; a database that is away keeps nobody from starting: its pages say so.
    """
    settings: Settings = app.config["SETTINGS"]
    # whoever looks at a replica is a thread, which no fork takes along
    replica = app.extensions.pop("replica", None)
    enough = time.process_time() + WARM_FOR
    logging.disable(logging.CRITICAL)
    try:
        with app.app_context():
            db.session.execute(text("SELECT 1"))
        client = app.test_client()
        with app.app_context(), metrics.uncounted():
            ideas = client.get(_IDEA, base_url=settings.base_url).get_json()["items"]
        for path in ("/ideas", *(f"/ideas/{one['id']}" for one in ideas), *_PAGES):
            if time.process_time() > enough:
                break
            with app.app_context(), metrics.uncounted():
                client.get(path, base_url=settings.base_url, follow_redirects=True)
    except Exception as fault:  # noqa: BLE001  # whatever it is, the pages themselves will say it
        logging.disable(logging.NOTSET)
        log.warning("no page could be had before the start: %s", type(fault).__name__)
    finally:
        logging.disable(logging.NOTSET)
        if replica is not None:
            app.extensions["replica"] = replica
    app.extensions["kept_pages"].forget()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _share_one_arena() -> None:
    """Has all threads take memory from one place: left alone each has its own, and keeps in it what it once needed.
    Heeded only as long as no thread has one yet.
    """
    with suppress(OSError, AttributeError):  # glibc alone has the call
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def _give_back() -> None:
    """Returns to the system what malloc holds and nobody uses: forked, each process would have its share of it."""
    with suppress(OSError, AttributeError):  # glibc alone has the call
        ctypes.CDLL(None).malloc_trim(0)


def _fork(work: Callable[[], None]) -> int:
    """The number of a new process that does the work and ends."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        gc.enable()
        work()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001  # nothing above may go on in a child
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _are_up(ready: int, count: int) -> bool:
    """Whether so many processes have said that they serve, before one of them ended."""
    until, said = time.monotonic() + UP_WITHIN, 0
    while said < count:
        if not select.select([ready], [], [], max(0.0, until - time.monotonic()))[0]:
            return False
        found = os.read(ready, count)
        if not found:
            return False
        said += len(found)
    return True


def _name(name: str) -> None:
    """What `ps` and `top` show; where there is no such file they show the command."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")


class _InPlace(MPServer):
    """Granian in this very process, on a socket that is already there."""

    def __init__(self, listener: int, up: int, **options: Any) -> None:
        super().__init__("ideas_app:create_app", **options)
        self._listener = listener
        self._up = up

    def _serve(self, spawn_target: Any, target_loader: Any) -> None:
        self._ssp, self._sso = None, None
        holder: Any = SocketHolder
        self._shd = holder(fd=self._listener, uds=False, backlog=BACKLOG)  # its stub lacks the call
        one = self._spawn_worker(0, spawn_target, target_loader)
        os.write(self._up, b".")
        os.close(self._up)
        one.inner.run()


class Farewell:
    """The application, which once SIGUSR1 came bids each client to come back by a new connection: see `minding`."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._leaves = False
        signal.signal(signal.SIGUSR1, self._leave)

    def _leave(self, _number: int, _frame: FrameType | None) -> None:
        self._leaves = True

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answers a request."""
        if not self._leaves:
            return self._app(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *more)

        return self._app(environ, start)


def is_here(database: URL) -> bool:
    """Whether a database is a file or a server on this machine, as far as its address tells."""
    host = database.host or str(database.query.get("host", ""))
    # a path is the folder of a socket
    return host in _HERE or host.startswith("/")


def _serve(app: Flask, listener: int, up: int) -> None:
    """Serves until told to stop; then finishes what was begun."""
    _name("ideas-server")
    farewell = Farewell(app)
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        app.extensions["gate"].narrow(1 if is_here(db.engine.url) else FAR)
    server = _InPlace(
        listener,
        up,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        backlog=BACKLOG,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=lambda: farewell, wrap_loader=False)


def _work(app: Flask, up: int) -> None:
    """`flask worker`, in this process."""
    _name("ideas-worker")
    os.write(up, b".")
    os.close(up)
    app.cli.main(args=["worker"], obj=ScriptInfo(create_app=lambda: app))
