"""How well a text answers a question: form by form, title over body, rare words over common ones. Pure.

The index only proposes texts; here each is read again, so a hit is always confirmed by the text itself
and both databases give the same order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters.fulltext.terms import bound, splits
from ideas_app.core.hangul import cut_particle, spaced, to_jamo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ideas_app.adapters.fulltext.terms import Form, Term

TITLE = 3.0
"""A word in the title counts as three in the body."""
COVERED = 0.52
"""The share of a question's weight that an answer must hold."""
_LEAST_QUALITY = 0.4


class Text:
    """A text prepared for being read: words between spaces, despaced; as words and letters when needed."""

    __slots__ = ("_letters", "_starts", "_words", "plain", "raw", "spaced")

    def __init__(self, text: str) -> None:
        self.raw = text
        self.spaced = spaced(text)
        self.plain = self.spaced.replace(" ", "")
        self._words: list[str] | None = None
        self._letters: str | None = None
        self._starts: frozenset[int] | None = None

    @property
    def words(self) -> list[str]:
        """The words."""
        if self._words is None:
            self._words = self.spaced.split()
        return self._words

    @property
    def letters(self) -> str:
        """The spaced text as letters."""
        if self._letters is None:
            self._letters = to_jamo(self.spaced)
        return self._letters

    @property
    def starts(self) -> frozenset[int]:
        """Where words begin in the despaced text."""
        if self._starts is None:
            at, found = 0, []
            for word in self.words:
                found.append(at)
                at += len(word)
            self._starts = frozenset(found)
        return self._starts


def hold_word(text: Text, word: str) -> float:
    """How surely a text holds a word: whole, at the beginning of a word, within one, across a space; 0 to 1.

    Two syllables that meet only across a space are no hit, unless a word begins there: 5월 세미나 is not 월세.
    """
    if f" {word} " in text.spaced:
        return 1.0
    if f" {word}" in text.spaced:
        return 0.97
    if word in text.spaced:
        return 0.85 if f"{word} " in text.spaced else 0.7
    at = text.plain.find(word)
    while at >= 0:
        if at in text.starts:
            return 0.95
        if len(word) >= 3:
            return 0.6
        at = text.plain.find(word, at + 1)
    return 0.0


def _hold_start(text: Text, word: str) -> float:
    """A word of one syllable: alone, with its particle, or at the beginning or end of another."""
    if f" {word} " in text.spaced:
        return 1.0
    best = 0.0
    if word not in text.plain:
        return best
    for each in text.words:
        if word not in each:
            continue
        if each.startswith(word):
            best = max(best, 0.9 if each[1:] in SHORT_PARTICLES else 0.45)
        elif (cut_particle(each) or each).endswith(word):
            best = max(best, 0.5)
    return best


_SHORT_PARTICLES_WORDS = """
을 를 이 가 은 는 에 도 의 만 로 으로 에서 과 와 까지 부터
"""
SHORT_PARTICLES = frozenset(_SHORT_PARTICLES_WORDS.split())


def hold_form(text: Text, form: Form) -> float:
    """How well a text holds one form, its quality included."""
    if form.kind == "word":
        return form.quality * hold_word(text, form.text)
    if form.kind == "start":
        return form.quality * _hold_start(text, form.text)
    return form.quality if f" {form.text}" in text.letters else 0.0


def hold_term(text: Text, term: Term) -> float:
    """How well a text holds a word in its best form, the pieces of a compound word apart included."""
    best = 0.0
    for form in term.forms:
        if form.quality > best:
            best = max(best, hold_form(text, form))
    if best < 0.6:
        for parts in splits(term.typed):
            if all(part in text.spaced for part in parts):
                best = max(best, 0.65 * min(hold_word(text, part) for part in parts))
    return best


@dataclass(frozen=True, slots=True)
class Question:
    """Settled terms with their weights: how rare each is, times how much of the question it carries."""

    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    whole: str
    """The words of the question without spaces."""

    @property
    def needed(self) -> float:
        """The weight that an answer must hold."""
        return COVERED * sum(self.weights)


def weigh(terms: Sequence[Term], counts: Mapping[str, int], total: int, whole: str) -> Question:
    """The question whose rare words count more: ln(1 + texts / texts with the word), as in BM25."""
    weights = []
    for term in terms:
        sure = [bound(form, counts, total) for form in term.forms if form.is_sure]
        seen = max(sure, default=0) or (0 if sure and not _is_uncounted(term) else total // 20 + 1)
        weights.append(term.weight * math.log(1 + (total + 1) / (seen + 0.5)))
    return Question(tuple(terms), tuple(weights), whole)


def _is_uncounted(term: Term) -> bool:
    return any(not form.tokens for form in term.forms)


def score(question: Question, title: Text, body: Text) -> float:
    """How well title and body answer; 0 where they do not.

    An answer holds all words, or words that carry `COVERED` of the weight. The more is missing the less it
    counts; a title that holds the whole question in one piece counts a fifth more. One word of several,
    said in passing below the title, is no answer.
    """
    reached = gained = 0.0
    held = titled = 0
    for term, weight in zip(question.terms, question.weights, strict=True):
        in_title = hold_term(title, term)
        in_body = hold_term(body, term)
        best = max(in_title, in_body)
        if best < _LEAST_QUALITY:
            continue
        held += 1
        titled += in_title >= _LEAST_QUALITY
        reached += weight
        gained += weight * (TITLE * in_title + in_body)
    whole = sum(question.weights)
    if len(question.whole) >= 2 and reached < whole:
        if hold_word(title, question.whole) >= 0.6:
            reached, gained = whole, whole * TITLE * 0.95
        elif hold_word(body, question.whole) >= 0.6:
            reached, gained = whole, max(gained, whole * 0.95)
    is_passing = held == 1 < len(question.terms) and not titled and reached < whole
    if not whole or reached < question.needed or is_passing:
        return 0.0
    covered = reached / whole
    bonus = 1.2 if len(question.terms) > 1 and question.whole in title.plain else 1.0
    brevity = 1 + 0.25 * min(1.0, len(question.whole) / max(len(title.plain), 1))
    return gained / whole * covered * covered * bonus * brevity
