"""The door to mail: a message becomes a file in a folder, or goes to a server. Must not know why.

Sending has two steps, so that the caller can note between them that the second is about to happen: `begin`
does everything that leaves no trace when it is broken off, `finish` makes the message count.
Addresses and subjects with a line break are refused: they would be headers of somebody else's.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import smtplib
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Protocol

from ideas_app.core import clock

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

    from config import MailTarget

PATIENCE = 10.0
"""Seconds that a mail server may keep us waiting at each step."""
IDLE = 10.0
"""Seconds after which a connection that was kept open is no longer trusted."""
AWAY = 20.0
"""Seconds for which a server that did not answer is not asked again by this process."""

_NOT_IN_ADDRESS = re.compile(r"[\s,;:<>()\[\]\"@]|[^\x00-\x7f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


_DOT_AT_START = re.compile(rb"(?m)^\.")


class MailServerAwayError(OSError):
    """The server cannot be reached, or lets nobody in: no fault of the mail."""


class MailRefusedError(Exception):
    """The server refused one mail. `is_final` when it says that trying again is no use."""

    def __init__(self, code: int, step: str, *, is_final: bool) -> None:
        super().__init__(f"{step} {code}")
        self.code = code
        self.step = step
        self.is_final = is_final


class MailUnsureError(Exception):
    """The answer to the end of a message was lost: the server may have taken it, or not."""


class UnsafeHeaderError(ValueError):
    """An address or subject that could smuggle in a second header."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person, as text and as HTML."""

    to: str
    subject: str
    text: str
    html: str
    key: str = ""
    """The same for each attempt at one mail, so that a second copy can be told from a second mail."""
    headers: tuple[tuple[str, str], ...] = ()
    """Further headers, such as how to stop mails of this kind; names and values in ASCII."""


class Handing(Protocol):
    """A message that is ready to count."""

    def finish(self) -> None:
        """Makes it count. Raises `MailRefusedError`, or `MailUnsureError` where nobody can tell."""

    def abandon(self) -> None:
        """Breaks it off: nothing was sent."""


def begin(mail: Mail, *, target: MailTarget, sender: str, sender_name: str) -> Handing:
    """Does everything but the last step: a file with a hidden name, or a server that has the whole text
    and waits for the dot behind it.

    Raises `UnsafeHeaderError`, `MailServerAwayError`, `MailRefusedError`, or `OSError` for a folder.
    """
    message = build(mail, sender=sender, sender_name=sender_name)
    text = message.as_bytes(policy=compat32.clone(linesep="\r\n"))
    if target.folder is not None:
        return _File(text, target.folder)
    line = _line_to(target)
    try:
        return line.give(parseaddr(sender)[1], mail.to, text)
    except MailServerAwayError:
        if not line.was_used:
            raise
        # the server hung up on a connection that was kept open; nothing of this mail was handed over
        return _line_to(target).give(parseaddr(sender)[1], mail.to, text)


def hang_up() -> None:
    """Closes the connection that this thread kept open for the next mail."""
    line: _Line | None = getattr(_kept, "line", None)
    if line is not None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            line.server.quit()
        line.close()


def build(mail: Mail, *, sender: str, sender_name: str) -> Message:
    """The message with its headers. Raises `UnsafeHeaderError`.

    In the older classes of Python's mail package: the newer ones lose spaces between Korean words when
    they fold a long subject (3.11).
    """
    further = [part for header in mail.headers for part in header]
    for header in (mail.to, mail.subject, sender, sender_name, mail.key, *further):
        if _CONTROL.search(header):
            msg = "a line break or control character in a mail header"
            raise UnsafeHeaderError(msg)
    name, address = parseaddr(sender)
    host = _checked(address).rpartition("@")[2]
    message = MIMEMultipart("alternative")
    message["From"] = (
        f"{Header(name or sender_name, 'utf-8', header_name='From').encode()} <{address}>"
    )
    message["To"] = _checked(mail.to)
    message["Subject"] = Header(mail.subject, "utf-8", header_name="Subject").encode()
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{mail.key or secrets.token_hex(16)}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    for header_name, value in mail.headers:
        message[header_name] = value
    message.attach(MIMEText(mail.text, "plain", "utf-8"))
    message.attach(MIMEText(mail.html, "html", "utf-8"))
    return message


def _checked(address: str) -> str:
    """One bare address; a text with a comma or bracket in it would be two, and is refused."""
    local, at, host = address.rpartition("@")
    if not at or not local or not host or _NOT_IN_ADDRESS.search(local + host):
        msg = "not a single mail address"
        raise UnsafeHeaderError(msg)
    return address


class _File:
    """A message in a file that only we may read; its name says when and nothing about whom."""

    def __init__(self, text: bytes, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        self.partial = folder / f".{stem}.part"
        self.whole = folder / f"{stem}.eml"
        self.partial.touch(mode=0o600, exist_ok=False)
        self.partial.write_bytes(text)

    def finish(self) -> None:
        """Gives the file its name. Raises `MailServerAwayError` for a folder that is full or gone."""
        try:
            self.partial.replace(self.whole)
        except OSError as fault:
            raise MailServerAwayError(type(fault).__name__) from fault

    def abandon(self) -> None:
        """Throws the file away."""
        self.partial.unlink(missing_ok=True)


_kept = threading.local()
"""A connection for each thread: the next mail of a batch need not knock again."""
_away: dict[tuple[str, int], float] = {}
"""Until when (monotonic seconds) a server is taken to be away: two hundred mails need not each find out."""


def _line_to(target: MailTarget) -> _Line:
    line: _Line | None = getattr(_kept, "line", None)
    if line is not None and line.target == target and line.is_fresh():
        return line
    hang_up()
    door = (target.host, target.port)
    if _away.get(door, 0.0) > time.monotonic():
        raise MailServerAwayError("not asked again so soon")
    try:
        line = _Line(target, _connect(target))
    except (OSError, smtplib.SMTPException) as fault:
        _away[door] = time.monotonic() + AWAY
        raise MailServerAwayError(type(fault).__name__) from fault
    _kept.line = line
    return line


def _connect(target: MailTarget) -> smtplib.SMTP:
    """A server that has let us in, over TLS as the settings say."""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if target.tls == "implicit":
        server = smtplib.SMTP_SSL(target.host, target.port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(target.host, target.port, timeout=PATIENCE)
    try:
        if target.tls == "starttls":
            server.starttls(context=context)
        if target.username:
            server.login(target.username, target.password)
        server.ehlo_or_helo_if_needed()
        # the dot is a small packet of its own: it shall not wait for the text to be acknowledged
        if server.sock is not None:
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        server.close()
        raise
    return server


class _Line:
    """A connection over which mails go one after another. After any fault it is closed."""

    def __init__(self, target: MailTarget, server: smtplib.SMTP) -> None:
        self.target = target
        self.server = server
        self.was_used = False
        self.used_at = time.monotonic()
        self.is_open = True

    def is_fresh(self) -> bool:
        """Whether the server is likely to be still there."""
        return self.is_open and time.monotonic() - self.used_at < IDLE

    def give(self, sender: str, receiver: str, text: bytes) -> Handing:
        """Gives sender, receiver and the whole text; the dot behind it is still to come."""
        try:
            self._ask("MAIL", *self.server.mail(sender), final=False)
            self._ask("RCPT", *self.server.rcpt(receiver), final=True)
            self.server.putcmd("DATA")
            self._ask("DATA", *self.server.getreply(), final=False, wanted=354)
            self.server.send(_DOT_AT_START.sub(b"..", text))
        except (OSError, smtplib.SMTPException) as fault:
            self.close()
            raise MailServerAwayError(type(fault).__name__) from fault
        except MailRefusedError:
            self.close()
            raise
        return self

    def _ask(self, step: str, code: int, _words: bytes, *, final: bool, wanted: int = 0) -> None:
        """Raises for an answer that is no yes. 421 means that the server is going away."""
        if code == 421:
            raise MailServerAwayError("421")
        if code != wanted and not (wanted == 0 and 200 <= code < 300):
            raise MailRefusedError(code, step, is_final=final and code >= 500)

    def finish(self) -> None:
        """Sends the dot and waits for the answer."""
        try:
            self.server.send(b".\r\n")
            code, _words = self.server.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            self.close()
            raise MailUnsureError(type(fault).__name__) from fault
        self.was_used, self.used_at = True, time.monotonic()
        if code != 250:
            self.close()
            raise MailRefusedError(code, "END", is_final=code >= 500)

    def abandon(self) -> None:
        """Hangs up before the dot: the server throws away what it has."""
        self.close()

    def close(self) -> None:
        """Hangs up."""
        self.is_open = False
        _kept.line = None
        self.server.close()
