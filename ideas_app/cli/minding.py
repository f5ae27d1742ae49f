"""Minds the processes of `flask serve`: a script of the standard library alone, so that it stays small.

It holds the sockets on which they take connections, so that none is lost while processes come and go. It
cannot start one itself: to do so it gives its place and its number to `raising`, which imports the service, forks
its processes and hands the place back. The former ones serve until then, and go on where the new ones fail to start.
Must not import anything of the service.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from contextlib import suppress

TYPE_CHECKING = False
"""As `typing` has it, which would be half a megabyte of this process."""
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, NoReturn

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
FAREWELL = 3.0
"""Seconds in which a server process that is to leave bids each client to come back by a new connection. One that it
closed while the client was already sending would be a request that nobody answers.
"""
GRACE = 30.0
"""Seconds that a process gets to finish what it has begun, before it is killed."""
TOO_YOUNG = 10.0
"""A process that ends within so many seconds of its start would do so again: then all are ended."""


class Minder:
    """The processes that are minded. `state` is what goes from one stage to the next, as JSON."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state
        self.born = float(state["born"])
        self.children = {int(pid): str(kind) for pid, kind in state["children"].items()}
        # when each is told to end, and when it is killed
        self.leaving = {
            int(pid): (float(at), float(by)) for pid, (at, by) in state["leaving"].items()
        }
        self._asked: set[int] = set()
        self._woken, wake = os.pipe()
        for end in (self._woken, wake):
            os.set_blocking(end, False)
        for kind in SIGNALS:
            signal.signal(kind, self._note)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        # somebody may have ended before anybody listened
        os.write(wake, b".")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._asked.add(number)

    def run(self) -> int:
        """Until a stop is asked for, or a process ends too young; the exit code. SIGHUP starts new processes."""
        while True:
            self._wait(1.0 if self.leaving else None)
            fallen = self._bury()
            if self._asked & {signal.SIGTERM, signal.SIGINT}:
                return self._end(0)
            if fallen:
                pid, code = fallen[0]
                say(f"the {self.children[pid]} ended with {code}")
                if time.monotonic() - self.born < TOO_YOUNG:
                    return self._end(code if code > 0 else 1)
            if fallen or signal.SIGHUP in self._asked:
                self._renew()

    def _wait(self, seconds: float | None) -> None:
        """Until a signal came, or so long."""
        ready, _, _ = select.select([self._woken], [], [], seconds)
        if ready:
            os.read(self._woken, 4096)
        now = time.monotonic()
        for pid, (told_at, killed_at) in self.leaving.items():
            if now > killed_at:
                tell(pid, signal.SIGKILL)
            elif now > told_at:
                tell(pid, signal.SIGTERM)
                self.leaving[pid] = (killed_at, killed_at)

    def _bury(self) -> list[tuple[int, int]]:
        """Number and exit code of each process that ended without being asked to."""
        fallen: list[tuple[int, int]] = []
        while self.children or self.leaving:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                # nobody is left: what is noted here ended while somebody else looked
                self.leaving.clear()
                return fallen or [(pid, 1) for pid in self.children]
            if not pid:
                break
            if pid in self.children:
                fallen.append((pid, os.waitstatus_to_exitcode(status)))
            self.leaving.pop(pid, None)
        return fallen

    def _end(self, code: int) -> int:
        """Ends all in peace, then by force."""
        until = time.monotonic() + GRACE
        self.leaving = dict.fromkeys([*self.children, *self.leaving], (until, until))
        self.children = {}
        for pid in self.leaving:
            tell(pid, signal.SIGTERM)
        while self.leaving:
            self._bury()
            if self.leaving:
                self._wait(0.2)
        return code

    def _renew(self) -> NoReturn:
        """Leaves the place to whoever starts new processes."""
        self.state |= {"leaving": self.leaving}
        become("renew", self.state)


def renew(state: dict[str, Any]) -> NoReturn:
    """Starts new processes and asks the former ones to leave. Where that fails, they stay."""
    sys.path.insert(0, state["folder"])
    try:
        from ideas_app.cli import raising  # the stage that imports the service

        made = raising.raise_anew(state["listeners"], worker=state["worker"])
    except BaseException as fault:  # whatever it is, people are served by the former processes
        say(f"no new processes ({type(fault).__name__}: {fault}); the former ones go on")
        alive = {pid: kind for pid, kind in state["children"].items() if is_alive(int(pid))}
        if not alive:
            raise
        become("mind", state | {"children": alive, "born": time.monotonic()})
    now = time.monotonic()
    for pid, kind in state["children"].items():
        if is_alive(int(pid)):
            serves = kind == "server"
            tell(int(pid), signal.SIGUSR1 if serves else signal.SIGTERM)
            state["leaving"][pid] = (now + FAREWELL * serves, now + FAREWELL * serves + GRACE)
    become("mind", state | {"children": made, "born": time.monotonic()})


def become(stage: str, state: dict[str, Any]) -> NoReturn:
    """Goes on as a stage of this script: same process, same children, nothing else of what it held."""
    # what is asked for meanwhile waits until somebody minds
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    alone = ["-I", "-S"] if stage == "mind" else ["-P"]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *alone, __file__, stage, json.dumps(state)])  # noqa: S606


def is_alive(pid: int) -> bool:
    """Whether a child still runs. One that has ended is buried here."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return False


def tell(pid: int, number: int) -> None:
    """Sends a signal to a child that may have gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def say(what: str) -> None:
    """One line to stderr."""
    sys.stderr.write(f"serve: {what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    given = json.loads(sys.argv[2])
    if sys.argv[1] == "renew":
        renew(given)
    raise SystemExit(Minder(given).run())
