"""Bytes that are no HTTP, or HTTP that two readers could read in two ways, straight to the server's port."""

from __future__ import annotations

import random
import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 8.0
"""Seconds until a whole request must be answered or its connection closed, and half of one after its end."""
HIDDEN = b"/hidden-in-another-one"
"""The path of a request that stands in the body of another; answered (404) it was read as one of its own."""
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def cases(host: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each. `host` is the one that the service answers to."""
    yield from _lines(host.encode())
    yield from _hosts()
    yield from _lengths(host.encode())
    yield from _headers(host.encode())
    yield from _strangers()


def _lines(host: bytes) -> Iterator[tuple[str, bytes]]:
    end = b"\r\nHost: " + host + b"\r\n\r\n"
    for name, line in {
        "a word": b"GARBAGE",
        "a method alone": b"GET",
        "no version": b"GET /",
        "two spaces": b"GET  / HTTP/1.1",
        "a tab": b"GET\t/\tHTTP/1.1",
        "a version of the future": b"GET / HTTP/9.9",
        "no number": b"GET / HTTP/one",
        "small letters": b"get / http/1.1",
        "a long method": b"A" * 5000 + b" / HTTP/1.1",
        "a method in Korean": "얻기 / HTTP/1.1".encode(),
        "another site": b"GET http://evil.example/ HTTP/1.1",
        "two slashes": b"GET //evil.example/ideas HTTP/1.1",
        "a NUL in the path": b"GET /ideas/\x00 HTTP/1.1",
        "a NUL in signs": b"GET /ideas/%00 HTTP/1.1",
        "no letters": b"GET /ideas/\xff\xfe HTTP/1.1",
        "no text in signs": b"GET /ideas?q=%ff%fe%00 HTTP/1.1",
        "a broken sign": b"GET /ideas?q=%zz HTTP/1.1",
        "no path": b"GET ideas HTTP/1.1",
        "a star": b"GET * HTTP/1.1",
        "options of all": b"OPTIONS * HTTP/1.1",
        "a tunnel": b"CONNECT evil.example:443 HTTP/1.1",
        "a trace": b"TRACE / HTTP/1.1",
        "a path of 70 kB": b"GET /" + b"a" * 70_000 + b" HTTP/1.1",
        "a query of 70 kB": b"GET /ideas?q=" + b"a" * 70_000 + b" HTTP/1.1",
        "a line break in the path": b"GET /a\rb HTTP/1.1",
    }.items():
        yield name, line + end


def _hosts() -> Iterator[tuple[str, bytes]]:
    for name, hosts in {
        "no host": (),
        "an empty host": (b"",),
        "another host": (b"evil.example",),
        "two hosts": (b"127.0.0.1", b"evil.example"),
        "a host with a NUL": (b"127.0.0.1\x00.evil.example",),
        "a host with a space": (b"127.0.0.1 evil.example",),
        "a host with a name before it": (b"127.0.0.1@evil.example",),
        "a port that is none": (b"127.0.0.1:99999",),
        "a port of letters": (b"127.0.0.1:http",),
        "a path as host": (b"127.0.0.1/ideas",),
        "a host of 9 kB": (b"a" * 9000,),
        "a bracket": (b"[::1",),
        "no letters as host": (b"\xff\xfe",),
    }.items():
        lines = b"".join(b"Host: " + each + b"\r\n" for each in hosts)
        yield name, b"GET /ideas HTTP/1.1\r\n" + lines + b"\r\n"


def _hidden(host: bytes) -> bytes:
    return b"GET " + HIDDEN + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"


def two_requests(host: str) -> bytes:
    """Two whole requests, one after the other: how a hidden one would look if it were answered."""
    return b"GET /healthz HTTP/1.1\r\nHost: " + host.encode() + b"\r\n\r\n" + _hidden(host.encode())


def _lengths(host: bytes) -> Iterator[tuple[str, bytes]]:
    hidden = _hidden(host)
    head = b"POST /login HTTP/1.1\r\nHost: " + host + b"\r\n" + _FORM
    chunked = b"Transfer-Encoding: chunked\r\n"
    for name, headers, body in (
        ("two lengths", b"Content-Length: 4\r\nContent-Length: 50\r\n", b"a=bc" + hidden),
        ("a list of lengths", b"Content-Length: 4, 4\r\n", b"a=bc" + hidden),
        ("a negative length", b"Content-Length: -4\r\n", b"a=bc"),
        ("a length with a sign", b"Content-Length: +4\r\n", b"a=bc"),
        ("a length of letters", b"Content-Length: 0x4\r\n", b"a=bc"),
        ("a length beyond numbers", b"Content-Length: " + b"9" * 30 + b"\r\n", b"a=bc"),
        ("a length beyond the limit", b"Content-Length: 999999999\r\n", b"a=bc"),
        ("a length too long", b"Content-Length: 400\r\n", b"a=bc"),
        ("a length too short", b"Content-Length: 1\r\n", b"a=bc" + hidden),
        ("length and chunks", b"Content-Length: 4\r\n" + chunked, b"0\r\n\r\n" + hidden),
        ("chunks and length", chunked + b"Content-Length: 100\r\n", b"0\r\n\r\n" + hidden),
        ("chunks twice", chunked * 2, b"4\r\na=bc\r\n0\r\n\r\n"),
        ("chunks of another kind", b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + hidden),
        ("chunks, then nothing", b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n"),
        ("chunks with a tab", b"Transfer-Encoding:\x0bchunked\r\n", b"0\r\n\r\n" + hidden),
        ("a chunk that is none", chunked, b"zz\r\na=bc\r\n0\r\n\r\n"),
        ("a negative chunk", chunked, b"-1\r\na=bc\r\n0\r\n\r\n"),
        ("a chunk beyond numbers", chunked, b"F" * 20 + b"\r\na=bc\r\n0\r\n\r\n"),
        ("a chunk without its end", chunked, b"4\r\na=bcXX0\r\n\r\n"),
        ("a chunk with much beside it", chunked, b"4;" + b"x" * 70_000 + b"\r\na=bc\r\n0\r\n\r\n"),
        ("a trailer", chunked, b"0\r\nHost: evil.example\r\n\r\n"),
        ("a body that waits", b"Content-Length: 4\r\nExpect: 100-continue\r\n", b"a=bc"),
        ("an odd wish", b"Content-Length: 4\r\nExpect: the-moon\r\n", b"a=bc"),
    ):
        yield name, head + headers + b"\r\n" + body


def _headers(host: bytes) -> Iterator[tuple[str, bytes]]:
    head = b"GET /ideas HTTP/1.1\r\nHost: " + host + b"\r\n"
    for name, lines in {
        "no colon": b"X-Odd\r\n",
        "a space before the colon": b"Content-Length : 4\r\n",
        "a folded line": b"X-Odd: one\r\n two\r\n",
        "a NUL in a value": b"Cookie: session=\x00\r\n",
        "a NUL in a name": b"X-\x00: a\r\n",
        "a lonely line end": b"X-Odd: a\rX-Other: b\r\n",
        "only line feeds": b"X-Odd: a\nX-Other: b\n",
        "no letters in a value": b"Cookie: session=\xff\xfe; lang=\xed\xa0\x80\r\n",
        "a value of 70 kB": b"X-Odd: " + b"a" * 70_000 + b"\r\n",
        "a thousand lines": b"X-Odd: a\r\n" * 1000,
        "a cookie of 60 kB": b"Cookie: session=" + b"a" * 60_000 + b"\r\n",
        "another protocol": b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n",
        "HTTP/2 without TLS": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n",
        "a connection that names all": b"Connection: close, Host, Cookie\r\n",
        "an odd language": b"Accept-Language: " + b"ko;q=\xff," * 500 + b"\r\n",
        "an odd range": b"Range: bytes=" + b"0-1," * 2000 + b"\r\nIf-None-Match: \x01\r\n",
        "an address that is none": b"X-Forwarded-For: \xff, ::1, a' OR 1=1\r\nX-Forwarded-Proto: \r\n",
    }.items():
        yield name, head + lines + b"\r\n"
    yield "twenty at once", (head + b"\r\n") * 20
    yield "one and a half", head + b"\r\n" + head[:20]


def _strangers() -> Iterator[tuple[str, bytes]]:
    yield "HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9)
    yield "the begin of TLS", bytes.fromhex("16030100c8010000c40303") + bytes(200)
    yield "SSH", b"SSH-2.0-OpenSSH_9.6\r\n"
    yield "nothing", b""
    yield "line ends", b"\r\n" * 5000
    yield "NULs", bytes(5000)
    yield "a proxy's greeting", b"PROXY TCP4 1.2.3.4 127.0.0.1 1 80\r\nGET / HTTP/1.1\r\n\r\n"
    dice = random.Random(7)
    for number in range(5):
        yield f"noise {number}", dice.randbytes(20_000)


def answers_to(port: int, sent: bytes) -> tuple[list[int], bytes]:
    """The statuses that come back, and all bytes. Raises `TimeoutError` where the connection stays open and silent.

    First nothing more is sent and the server may answer; then our side is closed, and it must let go.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        got = b""
        with suppress(ConnectionError):
            connection.sendall(sent)
            connection.settimeout(2)
            with suppress(TimeoutError):
                while part := connection.recv(65_536):
                    got += part
                    connection.settimeout(1.5)  # what else comes, comes at once
            connection.settimeout(PATIENCE)
            _close_our_side(connection)
            while part := connection.recv(65_536):
                got += part
    return [int(status) for status in _STATUS.findall(got)], got


def _close_our_side(connection: socket.socket) -> None:
    with suppress(OSError):  # the server has let go already
        connection.shutdown(socket.SHUT_WR)
