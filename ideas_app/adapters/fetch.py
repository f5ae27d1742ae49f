"""The door to other machines' web servers: one request, guarded. Must not know what is sent, nor why.

An administrator types the address, and the name in it may mean anything by the time it is asked for: so the
name is resolved once, every address it stands for must be a public one, and the connection goes to exactly that
address. No redirect is followed, no proxy of the environment used, no cookie kept; each step has
`PATIENCE`, all of them together `LIMIT`, and no more than `MOST_READ` of an answer is read.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATIENCE = 3.0
LIMIT = 10.0
MOST_READ = 64 * 1024
EXCERPT = 300
"""Characters of an answer that are worth showing to a person."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_IN_IPV4 = ipaddress.ip_network("::/96")


class FetchError(Exception):
    """Nothing came back. `code`: bad_address, no_such_host, private, refused, tls, slow, broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: the status, the beginning of its text, and after how many milliseconds."""

    status: int
    excerpt: str
    took_ms: int


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address that a request needs; `host` in its ASCII form."""

    is_tls: bool
    host: str
    port: int
    path: str


def read_address(text: str) -> Address:
    """The parts of an http or https address. Raises `FetchError` for another, or one with a password."""
    if any(sign <= " " or sign == "\x7f" for sign in text):
        raise FetchError("bad_address")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise FetchError("bad_address") from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fits = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    if not fits or not path.isascii():
        raise FetchError("bad_address")
    return Address(parts.scheme == "https", host, port, path)


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the open internet, also one that stands within an IPv6 address.

    Sources: IANA special-purpose registries as Python's `ipaddress` has them; RFC 4291 (mapped), RFC 3056
    (6to4), RFC 4380 (Teredo), RFC 6052 and 8215 (NAT64).
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.sixtofour or address.teredo or address in _NAT64_LOCAL:
            return False  # tunnels whose end nobody can tell
        within = address.ipv4_mapped
        if address in _NAT64 or (within is None and address in _IN_IPV4):
            within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return is_public(str(within))
    odd = address.is_multicast or address.is_reserved or address.is_unspecified
    near = address.is_private or address.is_loopback or address.is_link_local
    return address.is_global and not odd and not near


def post(
    text: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool = False
) -> Answer:
    """Sends a body to an address and waits for the answer, whatever its status. Raises `FetchError`."""
    began = time.monotonic()
    address = read_address(text)
    ip = _resolve(address, allow_private=allow_private)
    with _faults(), _connected(address, ip, began) as (connection, expired):
        try:
            connection.request("POST", address.path, body, dict(headers))
            response = connection.getresponse()
        except (OSError, http.client.HTTPException):
            if expired.is_set():
                raise FetchError("slow") from None
            raise
        told = b""
        # the status has come: a text that is slow or broken changes nothing any more
        with contextlib.suppress(OSError, http.client.HTTPException):
            told = response.read(MOST_READ)
    took = int((time.monotonic() - began) * 1000)
    words = " ".join(told[: 4 * EXCERPT].decode("utf-8", "replace").split())
    shown = "".join(sign for sign in words if sign.isprintable())[:EXCERPT]
    return Answer(response.status, shown, took)


def ask(
    text: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    allow_private: bool = False,
) -> tuple[int, bytes]:
    """GETs an address, or POSTs a body to it; the status and the whole text. Raises `FetchError`.

    A text longer than `MOST_READ` is broken.
    """
    began = time.monotonic()
    address = read_address(text)
    ip = _resolve(address, allow_private=allow_private)
    with _faults(), _connected(address, ip, began) as (connection, expired):
        try:
            method = "GET" if body is None else "POST"
            connection.request(method, address.path, body, dict(headers or {}))
            response = connection.getresponse()
            told = response.read(MOST_READ + 1)
        except (OSError, http.client.HTTPException):
            if expired.is_set():
                raise FetchError("slow") from None
            raise
    if len(told) > MOST_READ:
        raise FetchError("broken")
    return response.status, told


def _resolve(address: Address, *, allow_private: bool) -> str:
    """The first IP address of the name; all of them must be public."""
    found: list[str] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            answers = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            found.extend(str(answer[4][0]) for answer in answers)

    # the resolver has no time limit of its own
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    if asking.is_alive():
        raise FetchError("slow")
    if not found:
        raise FetchError("no_such_host")
    if not allow_private and not all(is_public(ip) for ip in found):
        raise FetchError("private")
    return found[0]


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise FetchError("slow") from None
    except ssl.SSLError:
        raise FetchError("tls") from None
    except ConnectionRefusedError:
        raise FetchError("refused") from None
    except (OSError, http.client.HTTPException):
        raise FetchError("broken") from None


@contextlib.contextmanager
def _connected(
    address: Address, ip: str, began: float
) -> Iterator[tuple[http.client.HTTPConnection, threading.Event]]:
    """A connection to an IP address under the name's certificate, cut when `LIMIT` is over."""
    line = socket.create_connection((ip, address.port), timeout=PATIENCE)
    expired = threading.Event()

    def cut() -> None:
        expired.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)

    # a server that sends a byte now and then never runs into the patience of a step
    watch = threading.Timer(max(0.1, LIMIT - (time.monotonic() - began)), cut)
    watch.daemon = True
    watch.start()
    try:
        if address.is_tls:
            context = ssl.create_default_context()
            line = context.wrap_socket(line, server_hostname=address.host)
        connection = http.client.HTTPConnection(address.host, address.port, timeout=PATIENCE)
        if address.port == (443 if address.is_tls else 80):
            connection.port = 80  # the usual port does not stand in the Host header
        connection.sock = line
        connection.auto_open = 0
        yield connection, expired
    finally:
        watch.cancel()
        line.close()
