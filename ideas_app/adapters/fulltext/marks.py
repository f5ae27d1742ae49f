"""Where in a text the words of a query stand, so that a page can mark them. Pure; it makes no HTML."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ideas_app.core.hangul import is_initials, is_syllable, plain, to_initials, to_jamo, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ideas_app.adapters.fulltext.terms import Form, Term

Pieces = list[tuple[str, bool]]
"""A text cut where marking begins and ends: each piece, and whether it is marked. Joined they are the text."""
_KEPT = re.compile(r"[0-9a-z가-힣ㄱ-ㅎ]+")
_DROPPED = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎ]+")


def _despaced(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and where in the text each of its characters stands."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(each if len(each) == 1 else " " for each in map(str.lower, text))
    places: list[int] = []
    for run in _KEPT.finditer(small):
        places.extend(range(run.start(), run.end()))
    return _DROPPED.sub("", small), places


def pieces_of(text: str, spans: Iterable[tuple[int, int]]) -> Pieces:
    """The text in pieces, what lies in a span marked; spans may overlap. NFC."""
    text = unicodedata.normalize("NFC", text)
    spans = list(spans)
    if not spans:
        return [(text, False)] if text else []
    marked = bytearray(len(text))
    for start, end in spans:
        marked[start:end] = b"\1" * max(0, min(end, len(text)) - start)
    pieces: Pieces = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marked[at] != marked[start]:
            pieces.append((text[start:at], bool(marked[start])))
            start = at
    return pieces


def marks_of(text: str, terms: Sequence[Term], query: str = "") -> Pieces:
    """The text with what answers the terms marked: each in its surest form, initial consonants of a query too."""
    text = unicodedata.normalize("NFC", text)
    despaced, places = _despaced(text)
    spans: list[tuple[int, int]] = []
    if query and is_initials(query):
        spans += _all_of(to_initials(despaced), plain(query))
    for term in terms:
        for form in term.forms:
            found = _places_of(form, despaced, text, places)
            if found:
                spans += found
                break
    wide = [(places[start], places[end - 1] + 1) for start, end in spans if start < end]
    return pieces_of(text, wide)


def snippet_of(text: str, terms: Sequence[Term], query: str = "", *, most: int = 160) -> Pieces:
    """The part of a text around its first mark, at most `most` characters, ellipses where it was cut."""
    pieces = marks_of(" ".join(text.split()), terms, query)
    whole = "".join(piece for piece, _on in pieces)
    if len(whole) <= most:
        return pieces
    first = 0
    for piece, is_marked in pieces:
        if is_marked:
            break
        first += len(piece)
    else:
        first = 0
    start = max(0, min(first - most // 4, len(whole) - most))
    if start:
        start = whole.find(" ", start, first) + 1 or start
    return _cut(pieces, start, start + most, len(whole))


def _cut(pieces: Pieces, start: int, end: int, whole: int) -> Pieces:
    kept: Pieces = [("…", False)] if start else []
    at = 0
    for piece, is_marked in pieces:
        part = piece[max(0, start - at) : max(0, end - at)]
        if part:
            kept.append((part, is_marked))
        at += len(piece)
    if end < whole:
        kept.append(("…", False))
    return kept


def _all_of(text: str, wanted: str) -> list[tuple[int, int]]:
    found, at = [], text.find(wanted) if wanted else -1
    while at >= 0:
        found.append((at, at + len(wanted)))
        at = text.find(wanted, at + len(wanted))
    return found


def _places_of(
    form: Form, despaced: str, text: str, places: Sequence[int]
) -> list[tuple[int, int]]:
    if form.kind == "word" and form.text not in despaced:
        return []
    starts = {at for at, place in enumerate(places) if at == 0 or places[at - 1] != place - 1}
    if form.kind == "word":
        return [
            span
            for span in _all_of(despaced, form.text)
            if span[0] in starts or len(form.text) > 2 or not starts & set(range(*span))
        ]
    if form.kind == "start":
        return [span for span in _all_of(despaced, form.text) if span[0] in starts]
    found = []
    at = 0
    for word in words_of(text):
        if to_jamo(word).startswith(form.text):
            size = max(1, len(form.said))
            while size < len(word) and not to_jamo(word[:size]).startswith(form.text):
                size += 1
            found.append((at, at + size))
        at += len(word)
    return found


def shared_spans(text: str, wanted: Iterable[str]) -> list[tuple[int, int]]:
    """Where the runs of shared pairs stand, without loose single pairs inside other words.

    A run begins or ends a word, or is three characters long: a stray pair says nothing to a reader.
    """
    text = unicodedata.normalize("NFC", text)
    despaced, places = _despaced(text)
    held = bytearray(len(despaced))
    for pair in wanted:
        for start, end in _all_of(despaced, pair):
            if places[end - 1] - places[start] == end - 1 - start:
                held[start:end] = b"\1" * (end - start)
    spans, at = [], 0
    while at < len(held):
        end = at
        while end < len(held) and held[end]:
            end += 1
        if end - at >= 2 and any(is_syllable(each) or each.isalnum() for each in despaced[at:end]):
            spans.append((places[at], places[end - 1] + 1))
        at = max(end, at + 1)
    return spans
