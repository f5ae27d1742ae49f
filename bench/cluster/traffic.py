"""Votes and readers through nginx at once, each answer with its moment."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from bench.faults.load import TAKEN, Load

if TYPE_CHECKING:
    from bench.faults.house import Person

PATHS = ("/ideas", "/api/v1/ideas", "/answers", "/ideas?sort=new", "/feeds/ideas.atom")
_ROUNDS = 5
"""How often a visitor asks for each."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One request: when it began, how long it took, its status or 0 for none, in seconds of one clock."""

    begun: float
    took: float
    status: int


@dataclass
class Traffic(Load):
    """`readers` threads that read lists beside `threads` that vote."""

    readers: int = 4
    votes: list[Mark] = field(default_factory=list)
    reads: list[Mark] = field(default_factory=list)
    _reading: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        """Votes and reads until `stop`."""
        self.start()
        self._reading = [
            threading.Thread(target=self._read, args=(number,))
            for number in range(1, self.readers + 1)
        ]
        for thread in self._reading:
            thread.start()

    def join(self) -> None:
        """Waits for readers, too."""
        super().join()
        for thread in self._reading:
            thread.join()

    def _support(self, connection: http.client.HTTPConnection, person: Person, idea_id: int) -> int:
        begun = time.monotonic()
        status = super()._support(connection, person, idea_id)
        self.votes.append(Mark(begun, time.monotonic() - begun, status))
        return status

    def _read(self, number: int) -> None:
        for who in count():
            # one address would meet the limit of the API within seconds
            self._read_from(f"127.{number}.{who // 250 % 250}.{who % 250 + 1}")
            if self._stop.is_set():
                break

    def _read_from(self, address: str) -> None:
        """What one visitor reads."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.house.port, timeout=15, source_address=(address, 0)
        )
        for path in PATHS * _ROUNDS:
            if self._stop.is_set():
                break
            begun, status = time.monotonic(), 0
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException):
                connection.close()
                time.sleep(0.05)
            self.reads.append(Mark(begun, time.monotonic() - begun, status))
        connection.close()

    def failed(self, since: float = 0.0) -> int:
        """Requests begun after a moment that were not answered as they should."""
        return sum(
            mark.begun >= since and mark.status not in TAKEN for mark in [*self.votes, *self.reads]
        )

    def begun_since(self, since: float) -> int:
        """Requests begun after a moment."""
        return sum(mark.begun >= since for mark in [*self.votes, *self.reads])
