"""Hangul taken apart: letters of syllables, initial consonants, the two keyboard layouts, word forms.

Pure. Must not know what is searched. Source: the Unicode Standard, section 3.12 (Hangul syllables); the
layout is 두벌식 (KS X 5002).
"""

from __future__ import annotations

import re
import unicodedata

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS_WORDS = """
ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ
"""
VOWELS = tuple(_VOWELS_WORDS.split())
FINALS = (
    "",
    *[
        "ㄱ",
        "ㄲ",
        "ㄱㅅ",
        "ㄴ",
        "ㄴㅈ",
        "ㄴㅎ",
        "ㄷ",
        "ㄹ",
        "ㄹㄱ",
        "ㄹㅁ",
        "ㄹㅂ",
        "ㄹㅅ",
        "ㄹㅌ",
        "ㄹㅍ",
        "ㄹㅎ",
    ],
    *["ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ"],
)
_FIRST = ord("가")
_LAST = ord("힣")
_PER_VOWEL = len(FINALS)
_PER_INITIAL = len(VOWELS) * _PER_VOWEL


class _Letters(dict[int, str | int]):
    """For `str.translate`: what stands for each syllable, found when it is first met. All 11,172 of them would be 4 MB
    of every process; a city's texts use a tenth.
    """

    def __init__(self, *, first_only: bool) -> None:
        # what is no syllable stays; for the signs that every text has this is told without asking
        super().__init__((code, code) for code in range(128))
        self._first_only = first_only

    def __missing__(self, code: int) -> str | int:
        if not _FIRST <= code <= _LAST:
            raise LookupError(code)
        initial, rest = divmod(code - _FIRST, _PER_INITIAL)
        vowel, final = divmod(rest, _PER_VOWEL)
        whole = INITIALS[initial] + VOWELS[vowel] + FINALS[final]
        self[code] = whole[0] if self._first_only else whole
        return self[code]


_TO_JAMO = _Letters(first_only=False)
_TO_INITIAL = _Letters(first_only=True)

_WORD = re.compile(r"[0-9a-z가-힣ㄱ-ㅎ]+")


def words_of(text: str) -> list[str]:
    """The words of a text as search compares them: NFC, small letters, everything but `0-9a-z가-힣ㄱ-ㅎ` parts."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


_BETWEEN = re.compile(r"[^0-9a-z가-힣ㄱ-ㅎ]+")


def spaced(text: str) -> str:
    """The words of a text with one space before, between and after them."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return " " + _BETWEEN.sub(" ", text.lower()).strip() + " "


def plain(text: str) -> str:
    """The text as search compares it, without spaces: `청년 월세!` and `청년월세` are the same."""
    return "".join(words_of(text))


def to_jamo(text: str) -> str:
    """Each syllable as its letters, doubled vowels and finals taken apart; other characters stay."""
    return text.translate(_TO_JAMO)


def to_initials(text: str) -> str:
    """Each syllable as its initial consonant; other characters stay."""
    return text.translate(_TO_INITIAL)


def is_initials(text: str) -> bool:
    """Whether a query is made of bare consonants alone (`ㅊㄴㅇㅅ`), spaces aside."""
    letters = unicodedata.normalize("NFC", "".join(text.split()))
    return bool(letters) and all("ㄱ" <= letter <= "ㅎ" for letter in letters)


def has_stray_vowels(text: str) -> bool:
    """Whether bare vowels stand in a text: the mark of English typed on the Korean layout (`ㅏㅅㅌ`)."""
    return any("ㅏ" <= letter <= "ㅣ" for letter in unicodedata.normalize("NFC", text))


def split_syllable(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel, final of one Hangul syllable; raises `ValueError` for anything else."""
    code = ord(syllable) - _FIRST
    if not 0 <= code <= _LAST - _FIRST:
        msg = f"not a Hangul syllable: {syllable!r}"
        raise ValueError(msg)
    return (
        INITIALS[code // _PER_INITIAL],
        VOWELS[code % _PER_INITIAL // _PER_VOWEL],
        FINALS[code % _PER_VOWEL],
    )


def is_syllable(character: str) -> bool:
    """Whether a character is a whole Hangul syllable."""
    return "가" <= character <= "힣"


# -- keyboard layouts ------------------------------------------------------------------------------

_KEYS = dict(
    zip(
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        strict=True,
    )
)
_BACK = {letter: key for key, letter in _KEYS.items()}
_COMPOUND_FINALS = {final for final in FINALS if len(final) == 2}
_COMPOUND_VOWELS = {vowel for vowel in VOWELS if len(vowel) == 2}


def _letter(key: str) -> str:
    return _KEYS.get(key) or _KEYS.get(key.lower()) or key


def compose(letters: str) -> str:
    """Letters typed one after the other as the syllables they make; what makes none stays as it is."""
    made: list[str] = []
    at = 0
    while at < len(letters):
        if letters[at] not in INITIALS or letters[at + 1 : at + 2] not in VOWELS:
            made.append(letters[at])
            at += 1
            continue
        initial, at = letters[at], at + 1
        size = 2 if letters[at : at + 2] in _COMPOUND_VOWELS else 1
        vowel, at = letters[at : at + size], at + size
        final = _final_at(letters, at)
        at += len(final)
        code = (INITIALS.index(initial) * len(VOWELS) + VOWELS.index(vowel)) * _PER_VOWEL
        made.append(chr(_FIRST + code + FINALS.index(final)))
    return "".join(made)


def _final_at(letters: str, at: int) -> str:
    """The longest final that leaves an initial for a vowel that follows."""
    for size in (2, 1):
        final = letters[at : at + size]
        if len(final) < size or final not in (_COMPOUND_FINALS if size == 2 else FINALS):
            continue
        if letters[at + size : at + size + 1] not in VOWELS:
            return final
    return ""


def from_english_layout(text: str) -> str:
    """What somebody meant who typed Korean with the keyboard on English: `cjdsus` is `청년`."""
    return compose("".join(_letter(key) for key in text))


def from_korean_layout(text: str) -> str:
    """What somebody meant who typed English with the keyboard on Korean: `ㅏㅅㅌ` is `ktx`."""
    letters = to_jamo(unicodedata.normalize("NFC", text))
    return "".join(_BACK.get(letter, letter) for letter in letters).lower()


# -- forms of words --------------------------------------------------------------------------------

_PARTICLES_WORDS = """
에서부터 으로부터 에게서 한테서 이라도 에서는 에서도 으로는 으로도 에서 에게 한테 으로
까지 부터 처럼 보다 마다 이나 라도 조차 밖에 에는 에도 로는 로도 이랑 하고 들이 들은
들을 들의 이란 만의 을 를 이 가 은 는 에 로 와 과 도 의 만 랑 나 들
"""
_PARTICLES = tuple(_PARTICLES_WORDS.split())


_AFTER_CONSONANT = ("이", "을", "은", "과", "으로")
_AFTER_VOWEL = ("가", "를", "는", "와", "랑", "로", "라도", "나")


def _may_follow(word: str, particle: str) -> bool:
    """Whether a particle may stand after a word: 을 after a consonant only, so that 마을 stays whole."""
    if not is_syllable(word[-1]):
        return True
    final = split_syllable(word[-1])[2]
    if particle.startswith(_AFTER_CONSONANT):
        return bool(final)
    if particle.startswith(_AFTER_VOWEL):
        return not final or (final == "ㄹ" and particle.startswith("로"))
    return True


def cut_particle(word: str, *, shortest: int = 2) -> str | None:
    """The word without the particle at its end, if `shortest` syllables or more stay; else None."""
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= shortest:
            bare = word[: -len(particle)]
            if _may_follow(bare, particle):
                return bare
    return None


_LIGHT_WORDS = """
해주셨으면 해주시면 해주세요 해줬으면 받으려면 했으면 해주면 해줘요 해주는 했어요 했는데
하려면 하려고 하는데 합니다 됐으면 되나요 하기 하는 하고 하면 하게 하자 하지 하다 해서
해야 해요 해줘 한다 할때 되는 되면 돼요 되게 되어 되고 받는 받을 받고 받기 할 한 해
함 될 된 됨
"""
_LIGHT = tuple(_LIGHT_WORDS.split())
"""Forms of 하다, 되다, 받다 after a noun: 지원하는, 지원받을 are about 지원."""

_ENDINGS_WORDS = """
어주셨으면 아주셨으면 주셨으면 어주세요 아주세요 고싶어요 주세요 주시면 줬으면 었으면
았으면 고싶은 고싶다 습니다 는데 은데 으면 려면 려고 으려 도록 어요 아요 어서 아서
어야 아야 네요 나요 니까 지만 니다 는 은 을 게 고 기 면 지 던 자 죠 다 어 아 요
주 줘 음
"""
_ENDINGS = tuple(_ENDINGS_WORDS.split())
"""Endings of verbs and adjectives, the longest first."""


def cut_light_verb(word: str) -> str | None:
    """The noun before a form of 하다, 되다 or 받다, if two syllables or more stay; else None."""
    for form in _LIGHT:
        if word.endswith(form) and len(word) - len(form) >= 2:
            return word[: -len(form)]
    return None


def stem_of_verb(word: str) -> str | None:
    """The letters that every form of an inflected word begins with, or None where no ending is seen.

    The ending is cut; the last vowel of a stem of two syllables goes too, because it melts into what
    follows: 빌려, 빌리는 and 빌릴 all begin with ㅂㅣㄹㄹ. Light on purpose: no dictionary.
    """
    particle = cut_particle(word)
    if particle and particle.endswith(("게", "기")):
        word = particle
    stem = ""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            stem = word[: -len(ending)]
            break
    if not stem:
        stem = word if _has_melted(word) else ""
    if not stem or not all(is_syllable(each) for each in stem):
        return None
    return _firm(stem)


def _has_melted(word: str) -> bool:
    """Whether a word of two syllables or more may end in a vowel or final into which an ending has melted."""
    if len(word) < 2 or not is_syllable(word[-1]):
        return False
    _initial, vowel, final = split_syllable(word[-1])
    if vowel in {"ㅕ", "ㅗㅏ", "ㅜㅓ", "ㅗㅐ"} and final in {"", "ㅆ"}:
        return True
    # 관, 물, 점 end nouns of two syllables too often
    return len(word) >= 3 and final in {"ㄹ", "ㄴ", "ㅁ"}


def _firm(stem: str) -> str:
    letters = to_jamo(stem[:-1])
    initial, vowel, final = split_syllable(stem[-1])
    if final in {"ㄴ", "ㄹ", "ㅆ", "ㅂ", "ㅁ", ""} and len(stem) >= 2:
        return letters + initial
    return letters + initial + vowel + final
