"""A real mail server on loopback that can be down, counts what it takes, and can stop in the middle."""

from __future__ import annotations

import asyncio
import email
import socket
import threading
from collections import Counter
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage


class PostOffice:
    """Holds its port from the beginning; `open` starts to listen on it."""

    def __init__(self) -> None:
        self._door = socket.socket()
        self._door.bind(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        """What the server says to RCPT for an address, instead of 250."""
        self.asked: Counter[str] = Counter()
        self.connections = 0
        self.strikes_at = 0
        """The number of the letter at which the server takes the text and says nothing."""
        self.struck = threading.Event()
        self._resume: asyncio.Event | None = None
        self._controller: Controller | None = None

    def open(self) -> None:
        self._controller = _OnDoor(self, self._door, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def go_on(self) -> None:
        """Ends a strike."""
        assert self._controller
        assert self._resume
        self._controller.loop.call_soon_threadsafe(self._resume.set)

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
        self._door.close()

    def got(self) -> Counter[str]:
        """How many letters each address got."""
        return Counter(str(letter["To"]) for letter in self.letters)

    # what aiosmtpd asks, under its names

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked[address] += 1
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        if len(self.letters) == self.strikes_at:
            self._resume = asyncio.Event()
            self.struck.set()
            await self._resume.wait()
        return "250 taken"


class _OnDoor(Controller):
    """Listens on a socket that is bound already."""

    def __init__(self, office: PostOffice, door: socket.socket, **more: Any) -> None:
        super().__init__(office, **more)
        self._door = door

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._door)


def wait_until(holds: Callable[[], Any], seconds: float = 150) -> None:
    """Looks again and again until something holds; fails after the deadline."""
    tick, looks = threading.Event(), int(seconds / 0.02)
    for _ in range(looks):
        if holds():
            return
        tick.wait(0.02)
    raise AssertionError("it never came to pass")
