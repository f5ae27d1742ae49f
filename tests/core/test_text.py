"""Texts are kept in one form and counted as readers count them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.core import text
from ideas_app.core.markup import render


def test_a_decomposed_name_equals_the_composed_one() -> None:
    assert text.normalise(unicodedata.normalize("NFD", "김군산")) == "김군산"
    assert text.length(unicodedata.normalize("NFD", "김군산")) == 3


def test_a_family_emoji_counts_as_one_character() -> None:
    assert text.length("👩‍👧‍👦") == 1


@given(st.text())
def test_normalising_twice_changes_nothing_more(raw: str) -> None:
    once = text.normalise(raw)
    assert text.normalise(once) == once
    assert "\x00" not in once


def test_a_circled_number_keeps_its_circle_in_texts_and_loses_it_in_keys() -> None:
    assert text.normalise("①안") == "①안"
    assert text.key("① 안") == "1안"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](//evil.example)",
        "![x](http://evil.example/pixel.png)",
        '<img src=x onerror="alert(1)">',
        "[x](data:text/html;base64,AAAA)",
    ],
)
def test_nothing_that_runs_or_calls_home_survives_markup(attack: str) -> None:
    html = render(attack)
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html.replace("&#", "").lower() or "href" not in html
    assert 'href="//' not in html
    assert 'href="data:' not in html


def test_paragraphs_and_lists_come_out_as_such() -> None:
    assert render("하나\n\n- 둘\n- 셋") == "<p>하나</p>\n<ul>\n<li>둘</li>\n<li>셋</li>\n</ul>\n"


def test_links_are_marked_as_written_by_users() -> None:
    assert 'rel="nofollow noopener ugc"' in render("[누리집](https://example.org)")


@given(
    st.text(st.sampled_from("ab zA9-  가힣ㅏᆨé!\u1100\u1161"), max_size=60),
    st.sampled_from([5, 40]),
)
def test_an_address_is_the_same_whether_or_not_a_title_has_to_be_taken_apart(
    title: str, longest: int
) -> None:
    folded = unicodedata.normalize("NFC", title).casefold()
    words = re.findall("[0-9a-z가-힣]+", folded)
    assert text.slugify(title, longest=longest) == "-".join(words)[:longest].strip("-")
    # as most titles are
    plain = " ".join(words)
    assert text.slugify(plain, longest=longest) == plain.replace(" ", "-")[:longest].strip("-")
