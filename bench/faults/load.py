"""People who support ideas as fast as the service lets them, and what each attempt came to."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.faults.house import House, Person

TAKEN = frozenset({200, 303})


@dataclass
class Load:
    """Threads that each take the next person and idea. Counts are by idea; `answers` by status, 0 for none."""

    house: House
    threads: int = 16
    attempted: Counter[int] = field(default_factory=Counter)
    acknowledged: Counter[int] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _started: list[threading.Thread] = field(default_factory=list)
    _pairs: Iterator[tuple[Person, int]] | None = None

    def start(self, pairs: Iterator[tuple[Person, int]] | None = None) -> None:
        """Begins; each pair is tried once."""
        if self._pairs is None or pairs is not None:
            self._pairs = pairs or (
                (person, idea_id) for idea_id in self.house.ideas for person in self.house.people
            )
        self._stop.clear()
        self._started = [threading.Thread(target=self._work) for _ in range(self.threads)]
        for thread in self._started:
            thread.start()

    def stop(self) -> None:
        """Lets everybody finish what they have begun."""
        self._stop.set()
        self.join()

    def join(self) -> None:
        """Waits until all pairs are tried, or everybody stopped."""
        for thread in self._started:
            thread.join()

    def wait_for(self, acknowledged: int, seconds: float = 30) -> None:
        """Until so many are acknowledged. Raises `TimeoutError`."""
        until = time.monotonic() + seconds
        while self.acknowledged.total() < acknowledged:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.acknowledged.total()} of {acknowledged}: {self.answers}")
            time.sleep(0.02)

    def _next(self) -> tuple[Person, int] | None:
        with self._lock:
            return next(self._pairs, None) if self._pairs else None

    def _work(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=15)
        while not self._stop.is_set() and (pair := self._next()):
            person, idea_id = pair
            with self._lock:
                self.attempted[idea_id] += 1
            begun = time.monotonic()
            status = self._support(connection, person, idea_id)
            with self._lock:
                self.answers[status] += 1
                self.times.append(time.monotonic() - begun)
                if status in TAKEN:
                    self.acknowledged[idea_id] += 1
            if not status:
                # gone with its server: a new connection, when there is one
                connection.close()
                time.sleep(0.05)
        connection.close()

    def _support(self, connection: http.client.HTTPConnection, person: Person, idea_id: int) -> int:
        headers = {
            "Cookie": person.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Requested-With": "fetch",
        }
        try:
            connection.request(
                "POST", f"/ideas/{idea_id}/support", urlencode({"csrf_token": person.csrf}), headers
            )
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        return answer.status

    def check(self) -> str:
        """Compares with the rows: acknowledged <= counted <= attempted for each idea. Raises `AssertionError`."""
        rows = self.house.counted()
        for idea_id in self.house.ideas:
            least, most = self.acknowledged[idea_id], self.attempted[idea_id]
            found = rows[idea_id]
            assert least <= found <= most, f"idea {idea_id}: {least} <= {found} <= {most} is wrong"
        return f"{self.acknowledged.total()} <= {sum(rows.values())} <= {self.attempted.total()}"

    def slowest(self, share: float) -> float:
        """Seconds within which a share of all attempts were answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
