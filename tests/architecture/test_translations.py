"""Both languages are complete: nothing empty, nothing fuzzy, nothing stale, in either direction."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from babel.messages import pofile

from config import ROOT
from ideas_app.web.i18n import TRANSLATIONS, josa
from tools.translations import extract as extract_anew

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
HANGUL = re.compile("[가-힣]")
QUOTED = re.compile("“[^”]*”")
MARKED_KOREAN = re.compile(r'<[^>]*lang="ko"[^>]*>[^<]*<')


# nobody changes what was read: once for all tests of this file
extract = cache(extract_anew)


@cache
def read(locale: str) -> Catalog:
    with (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return pofile.read_po(file, locale=locale)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def forms(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_a_catalogue_is_complete_and_nothing_in_it_is_fuzzy(locale: str) -> None:
    for message in messages(read(locale)):
        assert all(forms(message.string)), (
            f"{locale}: no translation of {message.id!r}; run make translations"
        )
        assert not message.fuzzy, f"{locale}: fuzzy {message.id!r}"


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_a_catalogue_holds_exactly_the_texts_of_the_code(locale: str) -> None:
    wanted = {(message.context, forms(message.id)[0]) for message in messages(extract())}
    there = {(message.context, forms(message.id)[0]) for message in messages(read(locale))}
    assert wanted - there == set(), "run make translations and translate what it lists"
    assert there - wanted == set(), "run make translations: these texts are no longer used"


def test_a_translation_fills_the_same_places_as_its_text() -> None:
    for message in messages(read("ko")):
        wanted = set(PLACEHOLDER.findall("".join(forms(message.id))))
        for form in forms(message.string):
            assert set(PLACEHOLDER.findall(form)) <= wanted, message.id


def test_the_code_speaks_english_and_the_catalogue_korean() -> None:
    for message in messages(read("ko")):
        # a Korean word may be quoted: what stands in a column, for instance
        bare = QUOTED.sub("", "".join(forms(message.id)))
        assert not HANGUL.search(bare), f"msgids are English: {message.id!r}"


def test_no_template_speaks_one_language_only() -> None:
    for path in (ROOT / "templates").rglob("*.*"):
        bare = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        bare = MARKED_KOREAN.sub("", bare).replace('"한국어"', "")
        assert not HANGUL.search(bare), (
            f"put the Korean of {path.relative_to(ROOT)} into the catalogue"
        )


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("월세", "을", "월세를"), ("교육", "을", "교육을"), ("AI-POT", "를", "AI-POT를"), ("CCTV", "을", "CCTV를"),
        ("3,433", "을", "3,433을"), ("2급", "을", "2급을"), ("청년(만 19세)", "을", "청년(만 19세)을"),
        ("KTX", "을", "KTX를"), ("SQL", "을", "SQL을"), ("10", "을", "10을"), ("서울", "로", "서울로"),
        ("군산", "로", "군산으로"), ("버스", "로", "버스로"),
    ],
)  # fmt: skip
def test_a_particle_fits_the_word_before_it(word: str, particle: str, expected: str) -> None:
    assert josa(word, particle) == expected
