"""Lets requests into the application a few at a time in each process, as long as those inside are quick.

Python runs one thread of a process at a time. Four that are busy at once do not get further than one: they only hand
the interpreter to each other wherever one waits for a moment - at each row that SQLite reads - and each hand-over
costs. Those who wait here cost nothing. Whoever is inside for long - a large file, a slow sender, a disk that is
busy - does not keep the others: they get a gate of their own; and who has written lets somebody in before waiting for
the disk (`core.waiting`). Must not know any feature.
"""

from __future__ import annotations

from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from ideas_app.core import waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

PATIENCE = 0.05
"""Seconds that somebody waits for those inside before they count as slow."""


class Gate:
    """The layer. Open for everybody until `narrow` is called."""

    def __init__(self, inner: Callable[[dict[str, Any], Any], Iterable[bytes]]) -> None:
        self._inner = inner
        self._places: SimpleQueue[None] | None = None
        self._width = 0

    def narrow(self, width: int) -> None:
        """From now on at most `width` (1 or more) quick requests are inside at once. After a fork, not before it."""
        self._width = width
        self._places = self._new()

    def _new(self) -> SimpleQueue[None]:
        # written in C: a semaphore of `threading` is written in Python and ten times as dear
        places: SimpleQueue[None] = SimpleQueue()
        for _place in range(self._width):
            places.put(None)
        return places

    def __call__(self, asked: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The application's answer. What is sent piece by piece is sent outside."""
        places = self._places
        if places is None:
            return self._inner(asked, start_response)
        try:
            places.get(timeout=PATIENCE)
        except Empty:
            if self._places is places:  # the first of those who have waited too long
                self._places = self._new()
            return self._inner(asked, start_response)
        waiting.hold(partial(places.put, None))
        try:
            return self._inner(asked, start_response)
        finally:
            waiting.let_go()


def init_gate(app: Flask) -> None:
    """Puts the layer before the application."""
    gate = Gate(app.wsgi_app)
    app.extensions["gate"] = gate
    app.wsgi_app = gate  # type: ignore[method-assign,assignment]
