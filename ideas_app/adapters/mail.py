"""The door to mail: a message becomes a file in a folder, or goes to a server. Must not know why.

Addresses and subjects with a line break are refused: they would be headers of somebody else's.
"""

from __future__ import annotations

import re
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

from ideas_app.core import clock

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

    from config import MailTarget

PATIENCE = 10.0
"""Seconds that a mail server may keep us waiting at each step."""

_NOT_IN_ADDRESS = re.compile(r"[\s,;:<>()\[\]\"@]|[^\x00-\x7f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


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


def send(mail: Mail, *, target: MailTarget, sender: str, sender_name: str) -> None:
    """Sends one mail, or raises: `UnsafeHeaderError`, `OSError` or `smtplib.SMTPException`."""
    message = build(mail, sender=sender, sender_name=sender_name)
    if target.folder is not None:
        _keep(message, target.folder)
    else:
        _hand_over(message, target)


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


def _keep(message: Message, folder: Path) -> None:
    """Writes the message as a file that only we may read; its name says when and nothing about whom."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{clock.now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    partial = folder / f".{stem}.part"
    partial.touch(mode=0o600, exist_ok=False)
    partial.write_bytes(message.as_bytes(policy=compat32.clone(linesep="\r\n")))
    partial.replace(folder / f"{stem}.eml")


def _hand_over(message: Message, target: MailTarget) -> None:
    """Gives the message to the server over TLS, as the settings say."""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if target.tls == "implicit":
        server = smtplib.SMTP_SSL(target.host, target.port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(target.host, target.port, timeout=PATIENCE)
    with server:
        if target.tls == "starttls":
            server.starttls(context=context)
        if target.username:
            server.login(target.username, target.password)
        server.send_message(message)
