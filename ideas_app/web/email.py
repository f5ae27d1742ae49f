"""Mails from templates: subject, text and HTML in the language of the person who gets them.

Works without a request. Links are built from BASE_URL only, never from a Host header. Must not know
any feature, nor the receiver beyond address and language.
"""

from __future__ import annotations

import dataclasses
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from ideas_app.adapters.mail import (
    Mail,
    MailRefusedError,
    MailServerAwayError,
    MailUnsureError,
    begin,
)
from ideas_app.core import outbox, postbox
from ideas_app.core.db import is_in_transaction
from ideas_app.core.postbox import MailState
from ideas_app.core.text import normalise, one_line
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from config import Settings

log = logging.getLogger(__name__)

SERVER_AWAY = timedelta(seconds=30)
"""After how long a mail is tried again when the server did not answer."""


def link(endpoint: str, **values: Any) -> str:
    """The public address of a page, for mails."""
    base = urlsplit(str(current_app.config["BASE_URL"]))
    adapter = current_app.url_map.bind(base.netloc, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


def compose(
    kind: str,
    to: str,
    locale: str | None,
    *,
    key: str = "",
    stop: str = "",
    **values: Any,
) -> Mail:
    """The mail of `templates/email/<kind>/`, in the receiver's language.

    Templates get `values`, `link` and `stop`: the address at which mails of this kind are stopped, which
    mail programs are told too, so that they show a button of their own (RFC 2369, RFC 8058). Mails about
    the account itself have none. Raises `TemplateNotFound` for an unknown kind.
    """
    with speaking(locale or str(current_app.config["BABEL_DEFAULT_LOCALE"])):
        parts = {
            part: render_template(f"email/{kind}/{part}", link=link, stop=stop, **values)
            for part in ("subject.txt", "body.txt", "body.html")
        }
    return Mail(
        to=to,
        subject=one_line(parts["subject.txt"]),
        text=normalise(parts["body.txt"]) + "\n",
        html=parts["body.html"],
        key=key,
        headers=_stop_headers(stop) if stop else (),
    )


def _stop_headers(address: str) -> tuple[tuple[str, str], ...]:
    return (
        ("List-Unsubscribe", f"<{address}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def deliver(mail: Mail) -> bool:
    """Sends a mail as `MAIL_URL` says, once for each `key` however often it is tried; see `core.postbox`.

    False for a receiver or message that the server refuses for good: noted, and nothing to be tried again.
    To be called by a handler of the outbox, outside a transaction. Raises `outbox.Later` while the server is
    away, `outbox.GivenUp` when nobody can tell whether the server took it, and what is to be tried again.
    """
    if is_in_transaction():
        raise RuntimeError("a mail is handed over outside transaction()")
    key = mail.key or f"mail-{outbox.once_key()}"
    event_id = outbox.running_event()
    state = postbox.find_state(key)
    if state is MailState.UNSURE:
        raise outbox.GivenUp("MailUnsure")
    if state is not MailState.QUEUED:
        return state is MailState.SENT
    try:
        _hand_over(dataclasses.replace(mail, key=key), event_id)
    except MailServerAwayError as fault:
        postbox.note(key, MailState.QUEUED, f"away {fault}"[:80], event_id=event_id)
        raise outbox.Later(SERVER_AWAY, "MailServerAway") from fault
    except MailRefusedError as fault:
        state = MailState.FAILED if fault.is_final else MailState.QUEUED
        postbox.note(key, state, str(fault)[:80], event_id=event_id)
        if fault.is_final:
            log.warning("a mail was refused for good: %s", fault)
            return False
        raise
    except MailUnsureError as fault:
        postbox.note(key, MailState.UNSURE, f"unsure {fault}"[:80], event_id=event_id)
        raise outbox.GivenUp("MailUnsure") from fault
    postbox.note(key, MailState.SENT, event_id=event_id)
    return True


def _hand_over(mail: Mail, event_id: int | None) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    handing = begin(
        mail,
        target=settings.mail,
        sender=settings.mail_from,
        sender_name=str(current_app.config["SITE_NAME"]),
    )
    try:
        is_ours = postbox.begin_handing(mail.key, event_id)
    except BaseException:
        handing.abandon()
        raise
    if not is_ours:
        handing.abandon()
        raise outbox.Later(SERVER_AWAY, "MailBeingSent")
    handing.finish()
