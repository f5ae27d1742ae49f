"""Mails from templates: subject, text and HTML in the language of the person who gets them.

Works without a request. Links are built from BASE_URL only, never from a Host header. Must not know
any feature, nor the receiver beyond address and language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from ideas_app.adapters.mail import Mail, send
from ideas_app.core.text import normalise, one_line
from ideas_app.web.i18n import speaking

if TYPE_CHECKING:
    from config import Settings


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


def deliver(mail: Mail) -> None:
    """Sends a mail as `MAIL_URL` says; raises what the adapter raises, so that it is tried again."""
    settings: Settings = current_app.config["SETTINGS"]
    send(
        mail,
        target=settings.mail,
        sender=settings.mail_from,
        sender_name=str(current_app.config["SITE_NAME"]),
    )
