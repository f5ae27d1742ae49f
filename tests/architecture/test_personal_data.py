"""A walk through everything that a visitor, a youth and an official can open: nobody meets another person's data there.

It follows each link of each page, feed, JSON and open file, and looks into the files that are archives or documents.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from ideas_app.core.actor import VISITOR, Actor
from tests.browser.state import FullHouse, fill
from tests.browser_fixtures.fixtures import house
from tests.browser_fixtures.house import House
from tests.programmes.scenes import name_of
from tests.security.ear import listening, words_of_people

__all__ = ["house"]

LINK = re.compile(r"""(?:href|src|action)=["']([^"'#]+)|<(?:loc|id|uri)>(http[^<]+)<""")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<!\d)01[016789][- .]?\d{3,4}[- .]?\d{4}(?!\d)")
INTERNET_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
ALIKE = 2
"""So many pages that differ only in their values are walked: what one shows, the hundredth shows too."""
QUESTIONS = 1
"""Links with more questions than that are filters of filters: the same rows, fewer of them."""
FAR = 5
"""So many addresses of a kind are tried that lead nowhere."""


def text_of(answer: TestResponse) -> str:
    """What a person can read in an answer, files of archives and documents included."""
    kind = answer.mimetype
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
        return "\n".join(part.decode("utf-8", "ignore") for part in parts)
    return html.unescape(answer.data.decode("utf-8", "ignore"))


@dataclass
class Walk:
    """One person's way through the house: pages by endpoint, and each place with what it shows of others."""

    client: FlaskClient
    house: House
    allowed: frozenset[str]
    names: frozenset[str]
    seen: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def go(self, starts: list[str]) -> None:
        waiting, known = deque(starts), set(starts)
        while waiting:
            path = waiting.popleft()
            kind = self._kind(path)
            if not kind or self.seen[kind] >= ALIKE or self.tried[kind] >= FAR:
                continue
            answer = self.client.get(path)
            self.seen[kind] += answer.status_code == 200
            self.tried[kind] += answer.status_code >= 400
            text = text_of(answer)
            self.found += [f"{path}: {fault}" for fault in self.faults_of(text)]
            here = answer.headers.get("Location")
            for link in [here] if here else self._links(text):
                target = self._local(urljoin(f"http://localhost{path}", link))
                if target and target not in known:
                    known.add(target)
                    (waiting.appendleft if here else waiting.append)(target)

    def faults_of(self, text: str) -> Iterator[str]:
        for shape in (ADDRESS, PHONE, INTERNET_ADDRESS):
            yield from sorted(set(shape.findall(text)) - self.allowed)
        yield from sorted(name for name in self.names if name in text)

    def _links(self, text: str) -> Iterator[str]:
        for one in LINK.finditer(text):
            yield one[1] or one[2]

    def _local(self, address: str) -> str | None:
        parts = urlsplit(address)
        if parts.netloc not in {"localhost", urlsplit(self.house.address).netloc}:
            return None
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _kind(self, path: str) -> str | None:
        """The endpoint with the names of its questions; None for what is no page or asks too much."""
        parts = urlsplit(path)
        try:
            endpoint, _values = self.house.app.url_map.bind("localhost").match(parts.path)
        except HTTPException:
            return None
        questions = sorted({name for name, _value in parse_qsl(parts.query)} - {"next"})
        if endpoint == "static" or "lang" in questions or len(questions) > QUESTIONS:
            return None
        return f"{endpoint}?{','.join(questions)}"


@pytest.fixture(scope="module")
def full(house: House) -> FullHouse:
    return fill(house)


def starts_of(house: House, full: FullHouse) -> list[str]:
    """Every address without a part to fill in, and those of ideas in every state."""
    plain = [
        rule.rule
        for rule in house.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    ideas = ("published", "answered", "first", "withdrawn", "hidden", "waiting", "appealed")
    return ["/", *(f"/ideas/{full.ids[name]}" for name in ideas), *plain]


def walk_of(who: str, house: House, full: FullHouse) -> Walk:
    person: Actor = VISITOR if who == "visitor" else getattr(full.cast, who)
    client = house.app.test_client()
    cookie = house.cookie_of(person, "ko")
    client.set_cookie(str(cookie["name"]), str(cookie["value"]))
    # a feed names the address of the house itself
    own = frozenset({f"{who}@example.org", "127.0.0.1"})
    return Walk(client, house, own, frozenset(map(name_of, range(30))))


@pytest.mark.slow
@pytest.mark.parametrize("who", ["visitor", "jun", "hyun"])
def test_nobody_meets_the_data_of_another_person(who: str, house: House, full: FullHouse) -> None:
    walk = walk_of(who, house, full)
    with listening() as ear:
        walk.go(starts_of(house, full))
    assert walk.seen["pages.idea?"] == ALIKE
    assert not walk.found, "\n".join(walk.found)
    with house.inside():
        people = words_of_people()
    assert len(ear.lines) > 100
    assert not ear.words_of(people)


def test_the_walk_would_notice_them(house: House, full: FullHouse) -> None:
    walk = walk_of("jun", house, full)
    text = f"{name_of(0)}, kim@example.com, 010-1234-5678, 203.0.113.9, jun@example.org"
    assert set(walk.faults_of(text)) == set(text.split(", ")[:-1])
    assert not set(walk.faults_of("김** · 010-****-5678 · 2026. 3. 2. · v1.2.3"))
