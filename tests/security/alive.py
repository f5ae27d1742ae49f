"""Whether something of the corpus came alive in an answer: read as a browser reads it, not searched as a text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from werkzeug.test import TestResponse

from tests.security.corpus import MARK

_ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "poster",
    "data",
    "xlink:href",
}
_LOADING = {"src", "srcset", "poster", "data", "action", "formaction"}
_FOREIGN = {"iframe", "object", "embed", "base", "style", "math", "marquee", "applet", "frame"}
_HARMLESS = {"", "http", "https", "mailto"}
_IGNORED = re.compile(r"[\x00-\x20]")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FOREIGN or MARK in tag:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            self._look(tag, name, value or "")
        if tag == "script":
            self._script = dict(attrs).get("type") or "code"

    def _look(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or MARK in name or name in {"style", "srcdoc"}:
            self.found.append(f"<{tag} {name}>")
        if name in _ADDRESSES and _scheme(value) not in _HARMLESS and MARK in value:
            self.found.append(f"<{tag} {name}={value[:60]}>")
        if name in _LOADING and MARK in (_host(value) or ""):
            self.found.append(f"<{tag} {name}={value[:60]}>")
        if name == "http-equiv" and value.lower() == "refresh":
            self.found.append("<meta refresh>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = ""

    def handle_data(self, data: str) -> None:
        if self._script and self._script != "application/ld+json" and MARK in data:
            self.found.append(f"script: {data[:60]}")


def _scheme(value: str) -> str:
    try:
        return urlsplit(_IGNORED.sub("", value)).scheme.lower()
    except ValueError:
        return "broken"


def _host(value: str) -> str | None:
    try:
        return urlsplit(_IGNORED.sub("", value).replace("\\", "/")).netloc
    except ValueError:
        return MARK


def alive_in(page: str) -> list[str]:
    """Elements, attributes and scripts of a page that came from the corpus; empty where all stayed text."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


def check(answer: TestResponse) -> None:
    """One answer to something hostile: no fault of ours, the right kind, nothing alive, no header of theirs."""
    where = f"{answer.request.method} {answer.request.url[:200]}" if answer.request else ""
    # 501 is how oEmbed says that it does not speak a format
    assert answer.status_code < 500 or answer.status_code == 501, where
    assert "X-Zq" not in answer.headers, where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    if answer.status_code == 304 or not answer.data:
        return
    if answer.mimetype.startswith("text/"):
        assert "charset=utf-8" in answer.content_type.lower(), where
    if answer.mimetype == "text/html":
        found = alive_in(answer.text)
        assert not found, f"{where}: {found}"
        assert "51317" not in answer.text, f"{where}: a template was evaluated"
        assert "Traceback" not in answer.text, where
    elif answer.mimetype.endswith("json"):
        assert answer.json is not None, where
    elif answer.mimetype.endswith("xml"):
        ET.fromstring(answer.data)


def stays_here(answer: TestResponse) -> bool:
    """Whether an answer leads nowhere, or to this house as a browser understands the target."""
    target = answer.headers.get("Location")
    if target is None:
        return True
    plain = _IGNORED.sub("", target).replace("\\", "/")
    host = urlsplit(plain).netloc
    return (
        host in {"", "localhost"} and not plain.startswith("//") and _scheme(plain) in {"", "http"}
    )
