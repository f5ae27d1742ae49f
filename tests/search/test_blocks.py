"""Where texts are many they stand in blocks: the same is found as beside them, and nothing that is gone."""

from __future__ import annotations

import itertools
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import make_transient

from ideas_app.adapters import fulltext
from ideas_app.adapters.fulltext import alike, blocks, finder, packed
from ideas_app.core import housekeeping, outbox
from ideas_app.core.db import session, transaction
from ideas_app.ideas import queries, service
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.queries import Filters, Sort
from ideas_app.search import service as search
from tests.factories import make_campaign, make_idea
from tests.search.corpus import list_queries, load_into
from tests.search.test_visibility import change_and_fail
from tests.statements import statements


def draw(seed: int, number: int) -> list[int]:
    return Random(seed).sample(range(packed.BLOCK), number)


def found(q: str, **filters) -> list[int]:
    session().rollback()
    return [row.id for row in queries.search_ideas(Filters(q=q, **filters)).page]


def stands_beside() -> int:
    return session().scalar(text("SELECT count(*) FROM fulltext_idea")) or 0


@pytest.fixture
def folded(cast, monkeypatch) -> SimpleNamespace:
    """Three ideas that stand in a block and nowhere beside it."""
    monkeypatch.setattr(blocks, "FOLD_FROM", 0)
    campaign = make_campaign()
    titles = ("등대 도서관을 밤새 열어 주세요", "등대 앞에 정류장을", "막차를 늦춰 주세요")
    made = [make_idea(cast.mina, campaign, title=each, why="밤에", how="").id for each in titles]
    search.tidy_index()
    assert stands_beside() == 0
    return SimpleNamespace(ids=made, campaign=campaign)


@given(st.integers(0, 99), st.integers(0, 90), st.integers(0, 90))
@settings(max_examples=30)
def test_packed_sets_are_the_sets(seed, one, other):
    some, more = draw(seed, one), draw(-seed - 1, other)
    keys, number = packed.add(packed.pack(packed.join(some)), more)
    assert list(packed.part(packed.unpack(keys))) == sorted({*some, *more})
    assert list(packed.part_newest(packed.unpack(keys))) == sorted({*some, *more}, reverse=True)
    assert number == len({*some, *more})
    assert all(packed.may_hold(keys, frozenset({key})) for key in more)


def test_every_way_to_pack_is_undone_and_small():
    for step, most in ((1, 8193), (40, 3300), (2000, 67)):
        bits = packed.join(range(0, packed.BLOCK, step))
        assert packed.unpack(packed.pack(bits)) == bits
        assert len(packed.pack(bits)) <= most
    with pytest.raises(ValueError, match="not a packed set"):
        packed.unpack(b"?")


@given(st.lists(st.tuples(st.sets(st.integers(0, 40)), st.integers(0, 31)), max_size=6))
@settings(max_examples=30)
def test_weights_are_added_up(sets):
    sums: dict[int, int] = {}
    for keys, weight in sets:
        for key in keys:
            sums[key] = sums.get(key, 0) + weight
    weighed = packed.weigh((packed.join(keys), weight) for keys, weight in sets)
    heights = [height for height, _keys in weighed]
    assert heights == sorted(heights, reverse=True)
    told = {key: height for height, bits in weighed for key in packed.part(bits)}
    assert told == {key: height for key, height in sums.items() if height}


def test_the_labelled_set_is_found_in_blocks_as_beside_them(cast, monkeypatch):
    monkeypatch.setattr(blocks, "FOLD_FROM", 0)
    load_into(cast.mina, make_campaign())
    asked = [entry["q"] for entry in list_queries("queries_unseen.yaml")][::3]
    titles = [entry["q"] for entry in list_queries("rewordings_unseen.yaml")][::6]

    def look() -> list[list[int]]:
        near = [[one.row.id for one in queries.find_similar(title)] for title in titles]
        return [*(found(q) for q in asked), *near]

    beside = look()
    assert search.tidy_index() == 300
    assert look() == beside
    assert stands_beside() == 0
    assert fulltext.find_differences() == []


def test_new_ideas_are_found_beside_the_blocks_and_all_steps_reach_into_both(folded, cast):
    new = make_idea(cast.mina, folded.campaign, title="등대 축제를 열어요", why="", how="").id
    first, second, _third = folded.ids
    assert found("등대") == [new, second, first]
    assert found("ㄷㄷㅊㅈ") == [new]
    assert found("ㄷㄷㄷㅅㄱ") == [first]
    assert found("emdeo")[-1] == first
    assert found("정류쟝") == [second]
    assert found("등대", sort=Sort.NEW) == [new, second, first]
    assert found("등대", state="answered") == []
    assert {one.row.id for one in queries.find_similar("등대 도서관")} >= {first}


def test_a_change_leaves_nothing_of_the_old_words(folded):
    idea_id = folded.ids[0]
    with transaction():
        session().get_one(Idea, idea_id).title = "풍력 발전소를 견학해요"
    for _turn in ("stale", "tidied"):
        assert found("풍력") == [idea_id]
        assert idea_id not in found("등대")
        assert found("도서관") == []
        assert fulltext.find_differences() == []
        search.tidy_index()
    assert session().scalars(text("SELECT id FROM fulltext_idea_stale")).all() == []
    words = "SELECT count(*) FROM fulltext_idea_block WHERE token = '서관'"
    assert session().scalar(text(words)) == 0


def test_a_withdrawn_text_leaves_the_blocks(folded, cast):
    with transaction():
        service.withdraw(cast.mina, queries.get_idea(folded.ids[2]))
    assert found("막차") == []
    assert found("막차", state="withdrawn") == [folded.ids[2]]
    search.tidy_index()
    assert found("밤에", state="withdrawn") == []
    assert found("막차", state="withdrawn") == [folded.ids[2]]


def test_what_is_undone_is_undone_in_the_blocks_too(folded):
    with pytest.raises(RuntimeError):
        change_and_fail(folded.ids[0])
    assert found("해시계") == []
    assert folded.ids[0] in found("등대")


def test_a_small_site_has_no_blocks_and_notes_nothing(cast):
    idea_id = make_idea(cast.mina, make_campaign(), title="등대를 열어요").id
    with transaction():
        session().get_one(Idea, idea_id).title = "등대를 닫아요"
    assert not fulltext.is_untidy()
    assert search.tidy_index() == 0
    for table in ("fulltext_idea_block", "fulltext_idea_stale"):
        assert session().scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_the_worker_tidies_the_index_by_the_hour(cast, monkeypatch):
    monkeypatch.setattr(blocks, "FOLD_FROM", 1)
    monkeypatch.setattr(blocks, "FOLD_AT_ONCE", 2)
    campaign = make_campaign()
    ids = [make_idea(cast.mina, campaign, title=f"등대 {n}호를 열어요").id for n in range(4)]
    assert housekeeping.run("search.jobs.look_after_index") == 1
    outbox.drain()
    assert stands_beside() == 0
    assert found("등대") == ids[::-1]
    assert not fulltext.is_untidy()


def test_the_index_written_anew_stands_in_blocks_where_texts_are_many(folded):
    with transaction():
        session().execute(text("DELETE FROM fulltext_idea_block"))
    assert "3 rows cannot be found" in fulltext.find_differences()[0]
    with transaction():
        assert search.rebuild(lambda _kind, _number: None)["idea"] == 3
    assert stands_beside() == 0
    assert fulltext.find_differences() == []
    assert found("등대") == [folded.ids[1], folded.ids[0]]


def test_keys_of_several_blocks_are_found_the_newest_first(folded):
    far = 3 * packed.BLOCK + 7
    with transaction() as current:
        row = current.get_one(Idea, folded.ids[0])
        current.expunge(row)
        make_transient(row)
        row.id, row.number = far, 77
        current.add(row)
    assert found("등대", sort=Sort.NEW) == [far, *folded.ids[1::-1]]
    search.tidy_index()
    assert stands_beside() == 0
    assert found("등대", sort=Sort.NEW) == [far, *folded.ids[1::-1]]
    assert [one.row.id for one in queries.find_similar("등대 도서관")][:2] == [far, folded.ids[0]]
    assert fulltext.find_differences() == []


@pytest.mark.parametrize("ideas", [3, 40])
@pytest.mark.parametrize("in_blocks", [False, True])
def test_a_search_takes_four_statements_whatever_the_rows(cast, monkeypatch, ideas, in_blocks):
    monkeypatch.setattr(blocks, "FOLD_FROM", 0 if in_blocks else 3_000)
    campaign = make_campaign()
    for number in range(ideas):
        make_idea(cast.mina, campaign, title=f"등대 도서관 {number}호를 열어 주세요")
    search.tidy_index()
    for q, sort in itertools.product(
        ("등대 도서관", "ㄷㄷㄷㅅㄱ", "등대도서관을"), (Sort.MIXED, Sort.NEW)
    ):
        session().rollback()
        with statements() as seen:
            assert len(queries.search_ideas(Filters(q=q, sort=sort)).page) == min(ideas, 20)
        assert len(seen) <= 4, seen
    session().rollback()
    with statements() as seen:
        assert queries.find_similar("등대 도서관 열기")
    assert len(seen) <= 4, seen


def test_the_page_of_a_search_takes_no_more(cast, visitor):
    campaign = make_campaign()
    found = make_idea(cast.mina, campaign, title="등대 도서관을 열어 주세요").id
    with transaction():
        search.save_group(cast.sora, "책방, 도서관")
    for words, most in (("등대 도서관", 4), ("등대 책방", 4), ("없는말", 8)):
        visitor.get("/ideas", query_string={"q": words})  # settings are read once
        with statements() as seen:
            page = visitor.get("/ideas", query_string={"q": words})
        assert (f"/ideas/{found}-" in page.text) is (most == 4)
        assert len(seen) <= most, seen


def test_filters_reach_below_what_is_proposed_at_once(cast, monkeypatch):
    monkeypatch.setattr(blocks, "FOLD_FROM", 0)
    monkeypatch.setattr(finder, "PROPOSED", 2)
    monkeypatch.setattr(finder, "PROPOSED_FILTERED", 2)
    campaign = make_campaign()
    old = make_idea(cast.mina, campaign, title="등대 하나", state=State.ANSWERED).id
    for number in range(9):
        make_idea(cast.mina, campaign, title=f"등대 {number}호")
    search.tidy_index()
    assert found("등대", state="answered") == [old]
    assert len(found("등대")) == 10


def test_likeness_under_a_filter_reaches_below_what_weighs_most(cast, monkeypatch):
    monkeypatch.setattr(blocks, "FOLD_FROM", 0)
    monkeypatch.setattr(alike, "_WEIGHED", 2)
    elsewhere, campaign = make_campaign(), make_campaign("ideas-2025")
    old = make_idea(cast.mina, campaign, title="등대 도서관을 열어 주세요").id
    for number in range(6):
        make_idea(cast.mina, elsewhere, title=f"등대 도서관을 열어 주세요 {number}호")
    search.tidy_index()
    assert [one.row.id for one in queries.find_similar("등대 도서관", campaign=campaign)] == [old]
