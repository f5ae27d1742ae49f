"""What somebody asks for, read from the words typed: each word with the forms in which a text may hold it. Pure.

Must not know the index or how texts are ranked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ideas_app.adapters.fulltext.expressions import Expression, Token, every, some
from ideas_app.adapters.fulltext.grams import pairs
from ideas_app.core.hangul import (
    cut_light_verb,
    cut_particle,
    is_syllable,
    stem_of_verb,
    to_jamo,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Synonyms = dict[str, tuple[str, ...]]
"""By a word without spaces, the other words that mean the same."""

_SAME = 0.65
"""The quality of a synonym: below the word itself, above half a hit."""
_FAINTLY = 0.35
_VERB = 0.45
_SHORT = 0.6
"""What a faint word, a verb and a word of one syllable carry, where a noun carries 1."""
MOST_TERMS = 8
"""A query is a few words; of a pasted paragraph the first ones are asked for."""

_STOP_WORDS = """
좀 더 너무 많이 빨리 자주 제발 정말 진짜 그냥 꼭 다 수 것 거 게 때 등 및 또 또는
그리고 위한 위해 위해서 대한 대해 관한 관련 있는 있으면 있었으면 있게 안 못 잘 와요
가요 없는 없어요 없나요 있나요 있어요 좋겠어요 좋겠다 좋겠습니다 좋겠음 싶어요 싶은 싶다
주세요 해주세요 해줘 해줘요 바랍니다 바라요 필요해요 필요합니다 필요한 필요 어떻게 어디
어디서 뭐 무엇 왜 하는 하고 하기 하면 할 해 한 된 되는 되나요 만들어 만들어주세요
만들어줘 알려줘 알려주세요 방법 같은 같이 제안 건의 the a an of for in
to at on and please
"""
_STOP = frozenset(_STOP_WORDS.split())
"""Words of wishing and asking: they say nothing of what is asked for. Dropped where another word stays."""

_FAINT_WORDS = """
곳 사람 사람들 데 분 청년 청년들 군산 군산시 지원 정책 문제 관련된 동안 이용 사용
우리 저희 요즘 개선 확대 마련 설치 확충 추가 늘려 늘리기 프로그램 사업 제도 서비스
혜택 방안 대책 행사 시설 공간 장소 센터
"""
_FAINT = frozenset(_FAINT_WORDS.split())
"""Words that stand in half of all wishes: what is asked for is in the others."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which a text may hold a word: `word` anywhere, `start` of a word, `stem` as letters.

    `quality` from 0 to 1 says how surely this form is what was meant.
    """

    kind: Literal["word", "start", "stem"]
    text: str
    quality: float
    is_sure: bool = True
    """A form that is not sure is asked for only where no surer form of the word is known to the index."""
    said: str = ""
    """What to show of a stem: the syllables that do not change."""

    @property
    def tokens(self) -> list[str]:
        """Its pairs, for counting; empty where none can be counted."""
        if self.kind == "word" and len(self.text) > 1:
            return pairs(self.text)[:-1]
        return []

    @property
    def expression(self) -> Expression | None:
        """What to ask the index for."""
        if self.tokens:
            return every(Token(pair) for pair in self.tokens)
        text = self.said or self.text
        if len(text) > 1:
            return every(Token(pair) for pair in pairs(text)[:-1])
        return Token(text, is_prefix=True) if text else None


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a query with its forms, the surest first, and how much of the question it carries."""

    typed: str
    forms: tuple[Form, ...]
    weight: float = 1.0

    @property
    def expression(self) -> Expression | None:
        """What to ask the index for: any form, or the parts of a compound word."""
        asked = [form.expression for form in self.forms]
        asked += [
            every(Form("word", part, 1).expression for part in parts)
            for parts in splits(self.typed)
        ]
        return some(asked)


def read_query(query: str, synonyms: Synonyms) -> list[Term]:
    """The terms of a query: words of asking dropped, known phrases joined, at most `MOST_TERMS`."""
    words = [word for word in words_of(query) if not _is_noise(word)] or words_of(query)
    kept = [word for word in words if word not in _STOP] or words
    joined = list(_join_known(kept, synonyms))[:MOST_TERMS]
    return [read_word(word, synonyms) for word in dict.fromkeys(joined)]


def _is_noise(word: str) -> bool:
    return all("ㄱ" <= letter <= "ㅎ" for letter in word)


def _join_known(words: Sequence[str], synonyms: Synonyms) -> Iterator[str]:
    """Neighbouring words that together are a known word become that word: 컴퓨터 활용 능력."""
    at = 0
    while at < len(words):
        size = next(
            (size for size in (3, 2) if _known("".join(words[at : at + size]), synonyms)), 1
        )
        size = min(size, len(words) - at)
        yield "".join(words[at : at + size])
        at += size


def _known(word: str, synonyms: Synonyms) -> bool:
    return word in synonyms or (cut_particle(word) or "") in synonyms


def read_word(word: str, synonyms: Synonyms) -> Term:
    """A word with its forms: as typed, without its particle, as a noun, what means the same, its stem."""
    forms = [_plain_form(word, 1.0)]
    bare = [cut for cut in (cut_particle(word), cut_light_verb(word)) if cut]
    forms += [_plain_form(cut, 0.93) for cut in bare]
    alone = cut_particle(word, shortest=1) if not bare else None
    if alone and len(word) <= 3:
        forms.append(_plain_form(alone, 0.85))
    for known in (word, *bare):
        forms += [_plain_form(other, _SAME) for other in synonyms.get(known, ())]
    weight = _FAINTLY if word in _FAINT or any(cut in _FAINT for cut in bare) else 1.0
    if len(word) == 1 or alone:
        weight = min(weight, _SHORT)
    stem = None if cut_light_verb(word) or alone else stem_of_verb(word)
    if stem and word not in synonyms:
        forms.append(_stem_form(word, stem))
        if _is_verbal(word):
            weight = min(weight, _VERB)
    best: dict[tuple[str, str], Form] = {}
    for form in forms:
        best.setdefault((form.kind, form.text), form)
    return Term(word, tuple(best.values()), weight)


def _plain_form(word: str, quality: float) -> Form:
    return Form("word" if len(word) > 1 else "start", word, quality)


_VERBAL_WORDS = """
게 어요 아요 는데 으면 려면 려고 도록 주세요 어서 아서 지만 니다 니까 춰 줘 려 꿔
켜 쳐 워 와서 는 은 던 싶은 게까지 기 을
"""
_VERBAL = tuple(_VERBAL_WORDS.split())
"""Endings after which a word is a verb rather than a noun."""


def _is_verbal(word: str) -> bool:
    bare = cut_particle(word)
    if bare and bare.endswith(("게", "기")):
        word = bare
    elif bare:
        return False
    return len(word) >= 2 and word.endswith(_VERBAL)


def _stem_form(word: str, stem: str) -> Form:
    still = ""
    for at in range(1, len(word) + 1):
        if not stem.startswith(to_jamo(word[:at])):
            break
        still = word[:at]
    return Form("stem", stem, 0.7, is_sure=False, said=still)


def splits(word: str, shortest: int = 2) -> list[tuple[str, ...]]:
    """The ways to part a compound word of four syllables or more into two or three pieces of two or more."""
    if len(word) < 2 * shortest or not all(is_syllable(each) for each in word):
        return []
    found: list[tuple[str, ...]] = [
        (word[:at], word[at:]) for at in range(shortest, len(word) - shortest + 1)
    ]
    if 3 * shortest <= len(word) <= 10:
        found += [
            (word[:a], word[a:b], word[b:])
            for a in range(shortest, len(word) - 2 * shortest + 1)
            for b in range(a + shortest, len(word) - shortest + 1)
        ]
    return found


def tokens_to_count(terms: Sequence[Term]) -> list[str]:
    """Every pair whose number of texts decides how a query is read."""
    return list(
        dict.fromkeys(pair for term in terms for form in term.forms for pair in form.tokens)
    )


def bound(form: Form, counts: Mapping[str, int], total: int) -> int:
    """The most texts that can hold a form: those with its rarest pair; a guess for the uncountable ones."""
    if form.tokens:
        return min(counts.get(pair, 0) for pair in form.tokens)
    return total // 20 + 1


def is_known(term: Term, counts: Mapping[str, int], total: int) -> bool:
    """Whether a form of which that can be counted may stand in some text."""
    return any(bound(form, counts, total) > 0 for form in term.forms if form.is_sure)


def settle(
    terms: Sequence[Term], counts: Mapping[str, int], total: int, synonyms: Synonyms
) -> list[Term]:
    """The terms as the index knows them: an unknown compound parted into known words, unsure forms of known
    words dropped.
    """
    settled: list[Term] = []
    for term in terms:
        parts = () if is_known(term, counts, total) else _known_parts(term.typed, counts, total)
        if parts:
            settled += [read_word(part, synonyms) for part in parts]
        else:
            settled.append(_drop_unsure(term, counts, total))
    return settled


def _known_parts(word: str, counts: Mapping[str, int], total: int) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    least = 0
    for parts in splits(word):
        known = min(bound(_plain_form(part, 1), counts, total) for part in parts)
        if known > least:
            best, least = parts, known
    return best


def _drop_unsure(term: Term, counts: Mapping[str, int], total: int) -> Term:
    if not is_known(term, counts, total):
        # nobody wrote it, and it looks like a verb: its stem may stand in other forms
        is_verb = any(form.kind == "stem" for form in term.forms)
        return replace(term, weight=min(term.weight, _VERB)) if is_verb else term
    if term.weight < 1:
        return term
    kept = tuple(form for form in term.forms if form.is_sure or _tells(form, term.typed))
    return replace(term, forms=kept)


_AMBIGUOUS = ("는", "고", "게", "던", "기", "면", "려면", "려고")


def _tells(stem: Form, word: str) -> bool:
    """Whether a stem is long enough to be asked for beside a noun that looks alike: 빌리는, not 섬은."""
    return len(stem.text) >= 4 and word.endswith(_AMBIGUOUS)
