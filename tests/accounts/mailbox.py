"""Reading the mails that a test's application has sent, as the person who got them would."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import default

from flask import current_app

from ideas_app.core.outbox import drain


def empty() -> None:
    """Throws away what other tests left in the folder, which they all share."""
    folder = current_app.config["SETTINGS"].mail.folder
    if folder.exists():
        for file in folder.iterdir():
            file.unlink()


def collect() -> list[EmailMessage]:
    """Lets the worker work, then reads the mails, oldest first."""
    drain()
    folder = current_app.config["SETTINGS"].mail.folder
    files = sorted(folder.iterdir()) if folder.exists() else []
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    return message.get_body(("plain",)).get_content()


def path_in(message: EmailMessage) -> str:
    """The path of the last link in a mail."""
    return re.findall(r"http://localhost(/\S*)", text_of(message))[-1]
