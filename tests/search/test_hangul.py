"""Letters, layouts and word forms: what is taken apart can be put together again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.adapters.fulltext import join_groups, marks_of, pieces_of, snippet_of
from ideas_app.adapters.fulltext.expressions import Token, every, some, to_fts5, to_tsquery
from ideas_app.adapters.fulltext.grams import tokens_of
from ideas_app.adapters.fulltext.rank import Text, hold_word
from ideas_app.adapters.fulltext.slips import correct, distance
from ideas_app.adapters.fulltext.terms import read_query, splits
from ideas_app.core.hangul import (
    compose,
    cut_light_verb,
    cut_particle,
    from_english_layout,
    from_korean_layout,
    is_initials,
    plain,
    spaced,
    split_syllable,
    stem_of_verb,
    to_initials,
    to_jamo,
    words_of,
)

few = settings(max_examples=60, deadline=None)
syllables = st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), max_size=12)


@few
@given(syllables)
def test_letters_make_their_syllables_again(text):
    assert compose(to_jamo(text)) == text


@few
@given(syllables)
def test_what_was_typed_on_the_other_layout_is_read_back(text):
    assert from_english_layout(from_korean_layout_keeping_shift(text)) == text


def from_korean_layout_keeping_shift(text: str) -> str:
    keys = dict(zip("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
                    "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml", strict=True))  # fmt: skip
    return "".join(keys[letter] for letter in to_jamo(text))


@few
@given(st.text(max_size=60))
def test_a_text_is_compared_the_same_composed_and_decomposed(text):
    assert plain(unicodedata.normalize("NFD", text)) == plain(unicodedata.normalize("NFC", text))
    assert plain(text) == "".join(words_of(text))
    assert spaced(text).split() == words_of(text)


@few
@given(st.text(max_size=80), st.text(max_size=80))
def test_tokens_need_no_escaping_and_hold_every_word(title, body):
    tokens = tokens_of(title, body)
    for token in tokens.title | tokens.whole | tokens.sounds:
        assert token
        assert token.isalnum()
    assert tokens.title <= tokens.whole
    for word in words_of(title):
        assert all(word[at : at + 2] in tokens.title for at in range(len(word) - 1))


@few
@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90))))
def test_marking_changes_no_character(text, spans):
    assert "".join(piece for piece, _on in pieces_of(text, spans)) == unicodedata.normalize(
        "NFC", text
    )
    terms = read_query(text, {})
    assert "".join(piece for piece, _on in marks_of(text, terms)) == unicodedata.normalize(
        "NFC", text
    )


@few
@given(syllables)
def test_a_compound_is_parted_without_losing_a_syllable(word):
    for parts in splits(word):
        assert "".join(parts) == word
        assert all(len(part) >= 2 for part in parts)


@few
@given(syllables.filter(bool), syllables.filter(bool))
def test_slips_are_counted_the_same_both_ways(one, other):
    assert distance(to_jamo(one), to_jamo(one), 2) == 0
    there = distance(to_jamo(one), to_jamo(other), 99)
    assert there == distance(to_jamo(other), to_jamo(one), 99)
    assert (there == 0) == (one == other)


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("버스를", "버스"),
        ("도서관에서", "도서관"),
        ("강아지와", "강아지"),
        ("마을", None),
        ("소아과", None),
        ("책을", None),
    ],
)
def test_a_particle_is_cut_where_it_may_stand(word, bare):
    assert cut_particle(word) == bare


def test_a_noun_stands_before_its_light_verb():
    assert cut_light_verb("지원받을") == cut_light_verb("지원하는") == "지원"
    assert cut_light_verb("제한") is None


def test_forms_of_one_verb_begin_alike():
    stems = {stem_of_verb(word) for word in ("빌려주세요", "빌리는", "빌려")}
    assert len({stem[:4] for stem in stems if stem}) == 1
    assert stem_of_verb("늦게") == to_jamo("늦")
    assert stem_of_verb("원룸") is None


def test_initial_consonants_are_known_from_words():
    assert is_initials("ㅊㄴ ㅇㅅ")
    assert not is_initials("청년")
    assert not is_initials("")
    assert to_initials("청년 wifi") == "ㅊㄴ wifi"
    assert split_syllable("값") == ("ㄱ", "ㅏ", "ㅂㅅ")
    with pytest.raises(ValueError, match="not a Hangul syllable"):
        split_syllable("a")


def test_english_typed_on_the_korean_layout_is_read():
    assert from_korean_layout("ㅏㅅㅌ") == "ktx"
    assert from_english_layout("cjdsus dnjftp") == "청년 월세"


def test_two_syllables_that_meet_across_a_space_are_no_word():
    assert hold_word(Text("5월 세미나"), "월세") == 0
    assert hold_word(Text("청년 월세 지원"), "청년월세") > 0.9
    assert hold_word(Text("월세가 비싸요"), "월세") > hold_word(Text("반월세 집"), "월세") > 0


def test_a_slip_is_read_as_the_word_most_often_seen():
    assert correct("곰팽이", ["곰팡이가", "곰팡이", "고양이"]) == "곰팡이"
    assert correct("책", ["책상"]) is None
    assert correct("우주발사체", ["우주", "발사"]) is None


def test_synonyms_work_from_every_word_of_their_groups():
    known = join_groups(["강아지, 반려동물", "고양이, 반려동물", " , "])
    assert known["반려동물"] == ("강아지", "고양이")
    assert known["강아지"] == ("반려동물",)


def test_a_snippet_shows_the_marked_word_of_a_long_text():
    text = "가나다라 " * 60 + "막차가 끊겨요 " + "마바사아 " * 60
    pieces = snippet_of(text, read_query("막차", {}), most=80)
    assert ("막차", True) in pieces
    assert len("".join(piece for piece, _on in pieces)) <= 82


def test_a_question_without_an_answer_is_none():
    assert every([Token("가나"), None]) is None
    assert some([None, None]) is None
    both = every([Token("가나"), some([Token("다라"), Token("마", is_prefix=True)])])
    assert both is not None
    assert to_fts5(both) == '("가나" AND ("다라" OR "마"*))'
    assert to_tsquery(both) == "('가나' & ('다라' | '마':*))"
