"""Texts of a made-up large city, mixed from those of the demonstration year. Pure.

Words are as common as people make them: the r-th of a list is drawn about 1/r as often as the first (Zipf), and
invented names of streets and places are the rare ones. No two ideas have the same text.
Must not know the database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ideas_app.core.markup import render
from ideas_app.core.places import NEIGHBOURHOODS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

T = TypeVar("T")

TITLE_MAX, WHY_MAX = 80, 300
_STREET = 3
"""Syllables in the name of a street."""
_STEP = 7919
"""A prime: neighbouring ideas get streets that share no syllable, and each number its own."""
_NAMES = 2_000
"""Invented names of places, from common to rare."""
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What an idea says. The HTML is what `core.markup.render` makes of the texts."""

    title: str
    why: str
    why_html: str
    how: str
    how_html: str
    neighbourhood: str


def draw(rng: random.Random, items: Sequence[T]) -> T:
    """One of the items, the r-th with a chance of about 1/r."""
    return items[min(int((len(items) + 1) ** rng.random()), len(items)) - 1]


class Phrasebook:
    """Composes ideas and comments from the sentences of other ideas and comments.

    `ideas` have `title`, `why` and `how`; `rule` is the document `city`.
    """

    def __init__(
        self, ideas: Sequence[dict[str, Any]], comments: Iterable[str], rule: dict[str, Any]
    ) -> None:
        words = [idea["title"].split() for idea in ideas]
        self._heads = [" ".join(each[: max(len(each) // 2, 1)]) for each in words]
        self._tails = [" ".join(each[len(each) // 2 :]) for each in words]
        self._reasons = _plain_sentences(idea["why"] for idea in ideas)
        self._ways = _plain_sentences(idea["how"] or "" for idea in ideas)
        self._comments = _plain_sentences(comments)
        self._syllables: list[str] = rule["syllables"].split()
        self._streets: list[str] = rule["streets"]
        self._nouns: list[str] = rule["words"].split()
        self._asides: list[str] = rule["sentences"]

    def idea(self, number: int, rng: random.Random) -> Phrase:
        """The idea of that number, from 0; two numbers never give the same title and reason."""
        neighbourhood = rng.choice(NEIGHBOURHOODS)
        place = f"{neighbourhood} {self._street(number)}"
        wish = f"{draw(rng, self._heads)} {draw(rng, self._tails)}"
        reasons = [draw(rng, self._reasons) for _ in range(rng.choice((1, 2, 2, 3)))]
        if rng.random() < 0.4:
            reasons.append(rng.choice(self._asides).format(word=self._word(rng)))
        if rng.random() < 0.6:
            title = f"{place} {wish}"
        else:
            title = f"{neighbourhood} {self._word(rng)} {wish}"
            reasons.insert(0, f"{place}.")
        why = _cut(reasons, WHY_MAX)
        how = draw(rng, self._ways) if rng.random() < 0.5 else ""
        return Phrase(title[:TITLE_MAX].rstrip(), why, _html(why), how, _html(how), neighbourhood)

    def comment(self, rng: random.Random) -> str:
        """A sentence or two of what people say about ideas."""
        said = [draw(rng, self._comments)]
        if rng.random() < 0.3:
            said.append(rng.choice(self._asides).format(word=self._word(rng)))
        return " ".join(said)

    def _name(self, rank: int, size: int) -> str:
        base = len(self._syllables)
        letters = []
        for _ in range(size):
            rank, at = divmod(rank, base)
            letters.append(self._syllables[at])
        return "".join(letters)

    def _street(self, number: int) -> str:
        names = len(self._syllables) ** _STREET
        spot = number * _STEP % names
        house = number // names * 40 + 1 + spot % 40
        shape = self._streets[number % len(self._streets)]
        return shape.format(name=self._name(spot, _STREET), number=house)

    def _word(self, rng: random.Random) -> str:
        rank = int(_NAMES ** rng.random())
        return self._name(rank * 31, 2) + draw(rng, self._nouns)


def _plain_sentences(texts: Iterable[str]) -> list[str]:
    """The sentences of some texts, each once and without anything that Markdown would read."""
    found = (sentence for each in texts for sentence in _SENTENCE_END.split(each.strip()))
    return [each for each in dict.fromkeys(found) if each and render(each) == _html(each)]


def _cut(sentences: Sequence[str], most: int) -> str:
    """As many of the sentences as fit; the first always does."""
    text = sentences[0][:most]
    for sentence in sentences[1:]:
        if len(text) + 1 + len(sentence) > most:
            break
        text = f"{text} {sentence}"
    return text


def _html(text: str) -> str:
    """What rendering makes of a text that holds no marks: rendering a million would take minutes."""
    return f"<p>{text}</p>\n" if text else ""
