"""States, lengths, differences, numbers, likeness and paper sheets as pure decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.adapters.spreadsheets import read_table
from ideas_app.campaigns.rules import CampaignRules
from ideas_app.ideas.models import State
from ideas_app.ideas.rules import (
    LISTED,
    MAY_WITHDRAW,
    TRANSITIONS,
    IdeaContent,
    address_slug,
    diff,
    faults_of,
    has_phone,
    has_resident_number,
    may_follow,
    read_papers,
    shown_number,
)

RULES = CampaignRules()
FIELDS = {"job": "job", "일자리": "job", "교통": "move", "Transport": "move"}
CONTENT = IdeaContent(
    title="버스 막차를 밤 열한 시 반까지 늦춰 주세요",
    why="막차가 열 시에 끊겨요.",
    field="move",
    how="금요일만이라도 늦춰 주세요.",
)


def codes(content: IdeaContent) -> list[str]:
    return [fault.code for fault in faults_of(content.cleaned(), RULES, {"move", "job"})]


# ---- states ----


def test_every_state_has_its_line_in_the_table():
    assert set(TRANSITIONS) == set(State)


def test_nobody_comes_back_from_a_withdrawal_but_through_hiding():
    assert TRANSITIONS[State.WITHDRAWN] == {State.HIDDEN}


def test_an_idea_can_be_taken_back_until_the_city_has_answered():
    assert set(State) - MAY_WITHDRAW == {
        State.ANSWERED,
        State.DONE,
        State.HIDDEN,
        State.WITHDRAWN,
    }


def test_a_moderator_can_hide_in_every_state():
    assert all(may_follow(state, State.HIDDEN) for state in State)


def test_nothing_unread_gets_onto_a_ballot_or_a_shortlist():
    for state in (State.SUBMITTED, State.RETURNED, State.REJECTED, State.WITHDRAWN):
        assert not any(
            may_follow(state, other)
            for other in (State.ON_BALLOT, State.SHORTLISTED, State.NOT_SHORTLISTED, State.ANSWERED)
        )


@given(st.lists(st.sampled_from(State), max_size=12))
def test_a_walk_along_the_table_is_listed_only_after_publication(walk):
    state, has_been_published = State.SUBMITTED, False
    for wanted in walk:
        # hiding goes back to the state before, which the service remembers
        if state is State.HIDDEN or not may_follow(state, wanted):
            continue
        state = wanted
        has_been_published = has_been_published or state is State.PUBLISHED
        assert has_been_published or state not in LISTED


# ---- content ----


def test_a_good_idea_has_no_fault():
    assert codes(CONTENT) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": " \u200b "}, ["title_empty"]),
        ({"title": "가" * 9}, ["title_short"]),
        ({"title": "가" * 10}, []),
        ({"title": "가" * 80}, []),
        ({"title": "가" * 81}, ["title_long"]),
        ({"why": ""}, ["why_empty"]),
        ({"why": "가" * 300}, []),
        ({"why": "가" * 301}, ["why_long"]),
        ({"how": ""}, []),
        ({"how": "가" * 801}, ["how_long"]),
        ({"why": "", "how": "가" * 801}, ["why_empty", "how_long"]),
        ({"field": "sea"}, ["unknown_field"]),
        ({"neighbourhood": "나운1동"}, []),
        (
            {"neighbourhood": "전북특별자치도 군산시 나운동 롯데아파트 101동"},
            ["neighbourhood_long"],
        ),
        ({"how": "제 번호는 000517-4123456 이에요"}, ["resident_number"]),
        ({"title": "제 번호 0005174123456 좀 봐 주세요"}, ["resident_number"]),
    ],
)
def test_each_fault_of_a_content(change, expected):
    assert codes(replace(CONTENT, **change)) == expected


def test_lengths_count_what_a_reader_counts():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    jamo = "\u1112\u1161\u11ab"  # one syllable, typed apart by some systems
    assert codes(replace(CONTENT, title=family * 10)) == []
    assert codes(replace(CONTENT, title=jamo * 9)) == ["title_short"]
    assert codes(replace(CONTENT, title=jamo * 80)) == []


def test_a_fault_says_what_to_do():
    fault = faults_of(replace(CONTENT, title="").cleaned(), RULES, {"move"})[0]
    assert "10" in str(fault.message)


def test_a_content_is_brought_to_normal_form():
    raw = IdeaContent(
        title="  두  칸\n제목 ",
        why="줄\r\n\r\n\r\n\r\n줄 ",
        field="job",
        programme="",
        neighbourhood=" ",
    )
    clean = raw.cleaned()
    assert clean.title == "두 칸 제목"
    assert clean.why == "줄\n\n줄"
    assert clean.programme is None
    assert clean.neighbourhood is None


@pytest.mark.parametrize(
    "words", ["010-1234-5678", "01012345678", "063 450 1234", "+82 10-1234-5678", "010.1234.5678"]
)
def test_telephone_numbers_are_seen(words):
    assert has_phone(f"연락 {words} 주세요")


@pytest.mark.parametrize("words", ["2026-03-10", "20만 원", "막차 22:30", "1234-5678-9012-3456"])
def test_other_numbers_are_left_alone(words):
    assert not has_phone(words)
    assert not has_resident_number(words)


# ---- words ----


@given(
    st.text(alphabet="가나 다\n라마.", max_size=60), st.text(alphabet="가나 다\n라마.", max_size=60)
)
def test_a_difference_holds_both_texts_whole(before, after):
    pieces = diff(before, after)
    assert "".join(words for kind, words in pieces if kind != "ins") == before
    assert "".join(words for kind, words in pieces if kind != "del") == after


def test_a_difference_shows_words_not_letters():
    assert diff("막차를 열 시까지 늦춰 주세요", "막차를 열한 시 반까지 늦춰 주세요") == [
        ("same", "막차를"),
        ("del", " 열 시까지"),
        ("ins", " 열한 시 반까지"),
        ("same", " 늦춰 주세요"),
    ]


def test_equal_texts_have_no_difference():
    assert {kind for kind, _words in diff("그대로", "그대로")} <= {"same"}


def test_numbers_and_addresses_read_well():
    assert shown_number(2026, 17) == "2026-017"
    assert shown_number(2026, 1234) == "2026-1234"
    assert address_slug("버스 막차를 늦춰 주세요!") == "버스-막차를-늦춰-주세요"
    assert address_slug("!!!") == ""


@given(st.text(max_size=200))
def test_an_address_holds_letters_digits_and_hyphens_only(title):
    slug = address_slug(title)
    assert slug == slug.strip("-")
    assert all(sign.isalnum() or sign == "-" for sign in slug)


# ---- paper ----

TODAY = date(2026, 3, 10)


def papers(*lines: str, head: str = "제목,이유,방법,분야,별명,날짜"):
    data = "\r\n".join([head, *lines]).encode("utf-8-sig")
    return read_papers(read_table("종이.csv", data).table(), RULES, FIELDS, today=TODAY)


def test_a_sheet_of_paper_is_read():
    read = papers("막차를 늦춰 주세요,너무 일러요,한 시간만,교통,밤버스,2026. 3. 2.")
    assert read.faults == []
    paper = read.ideas[0]
    assert (paper.row, paper.pen_name, paper.written_on) == (2, "밤버스", date(2026, 3, 2))
    assert paper.content.field == "move"


def test_an_unknown_or_empty_field_is_the_first_and_an_empty_date_today():
    read = papers("막차를 늦춰 주세요,너무 일러요,,바다,밤버스,", "월세 지원,비싸요,,,세평반,")
    assert [paper.content.field for paper in read.ideas] == ["job", "job"]
    assert {paper.written_on for paper in read.ideas} == {TODAY}


def test_english_headers_do_as_well():
    read = papers(
        "Later buses,Too early,,transport,night,2026-03-02",
        head="title,why,how,field,nickname,date",
    )
    assert read.ideas[0].content.field == "move"


def test_every_bad_row_is_named():
    read = papers(
        ",이유,,,별명,2026-03-02",
        "제목 있음,,,,별명,2026-03-02",
        "제목 있음,이유,,,,2026-03-02",
        "제목 있음,이유,,,별명,언젠가",
        "제목 있음,이유,,,별명,2026-03-11",
        "제목 있음,000517-4123456,,,별명,2026-03-02",
    )
    assert [(row, fault.field) for row, fault in read.faults] == [
        (2, "title"),
        (3, "why"),
        (4, "nickname"),
        (5, "date"),
        (6, "date"),
        (7, "why"),
    ]


def test_a_table_without_titles_or_rows_is_refused():
    assert papers("a,b", head="x,y").faults[0][1].code == "no_header"
    assert papers(head="제목,이유").faults[0][1].code == "no_rows"
