"""Nobody finds what they may not read; the index follows the rows within their transaction."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import text

from ideas_app.adapters import fulltext
from ideas_app.answers.models import Answer, Decision
from ideas_app.comments.models import Comment, Stance
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid, Refused
from ideas_app.core.permissions import Role
from ideas_app.ideas import queries, service
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.queries import Filters, Sort
from ideas_app.search import queries as search
from ideas_app.search import service as search_service
from tests.factories import make_campaign, make_idea, make_programme
from tests.people import make_account

RARE = "등대 도서관을 밤새 열어 주세요"


def found(q: str = "등대", **filters) -> list[int]:
    return [row.id for row in queries.search_ideas(Filters(q=q, **filters)).page]


@pytest.fixture
def idea(cast) -> SimpleNamespace:
    made = make_idea(cast.mina, make_campaign(), title=RARE, why="밤에 갈 곳이 없어요.", how="")
    return SimpleNamespace(id=made.id)


def say(idea_id: int, author, words: str = "등대 앞에서 자주 봐요", **more) -> int:
    with transaction():
        comment = Comment(
            idea_id=idea_id, author_id=author.id, stance=Stance.NEUTRAL, text=words,
            is_staff_voice=False, written_at=clock.now(), **more,
        )  # fmt: skip
        session().add(comment)
        session().flush()
        return comment.id


@pytest.mark.parametrize("state", list(State))
def test_the_list_finds_listed_ideas_only(cast, state):
    made = make_idea(cast.mina, make_campaign(), title=RARE, state=state)
    listed, made_id = made.is_listed, made.id
    assert found() == ([made_id] if listed else [])


def test_a_withdrawn_idea_is_found_by_its_title_and_no_more_by_its_text(idea, cast):
    assert found("밤에 갈") == [idea.id]
    with transaction():
        service.withdraw(cast.mina, queries.get_idea(idea.id))
    assert found() == []
    assert found(state="withdrawn") == [idea.id]
    assert found("밤에 갈 곳", state="withdrawn") == []


def test_an_edit_is_found_at_once_and_an_undone_one_never(idea):
    with transaction():
        session().get_one(Idea, idea.id).title = "풍력 발전소를 견학하고 싶어요"
    assert found("풍력") == [idea.id]
    assert found() == []
    with pytest.raises(RuntimeError):
        change_and_fail(idea.id)
    assert found("해시계") == []
    assert found("풍력") == [idea.id]


def change_and_fail(idea_id: int) -> None:
    with transaction():
        session().get_one(Idea, idea_id).title = "해시계를 세워 주세요"
        session().flush()
        raise RuntimeError


def test_filters_and_orders_hold_in_a_search(cast):
    campaign = make_campaign()
    ids = [make_idea(cast.mina, campaign, field=turn % 2).id for turn in range(4)]
    with transaction():
        session().get_one(Idea, ids[0]).supports_count = 9
    assert found("막차", field="home") == [ids[3], ids[1]]
    assert found("막차", sort=Sort.SUPPORTED)[0] == ids[0]
    assert found("막차", campaign="elsewhere") == []


def test_pages_of_a_search_hold_every_hit_once(cast):
    campaign = make_campaign()
    ids = {make_idea(cast.mina, campaign).id for _turn in range(7)}
    seen: list[int] = []
    after = None
    while True:
        page = queries.list_filtered(Filters(q="막차"), limit=3, after=after)
        seen += [row.id for row in page]
        after = page.next
        if after is None:
            break
    assert len(seen) == 7
    assert set(seen) == ids
    assert queries.list_filtered(Filters(q="막차"), after="spoilt").items


def test_comments_of_hidden_things_are_not_found(idea, cast):
    seen = say(idea.id, cast.jun)
    say(idea.id, cast.jun, hidden_at=clock.now())
    gone = say(idea.id, cast.jun)
    with transaction():
        session().get_one(Comment, gone).deleted_at = clock.now()
    assert [hit.key for hit in search.find_elsewhere("등대").comments] == [seen]
    with transaction():
        service.change_state(session().get_one(Idea, idea.id), State.HIDDEN)
    assert search.find_elsewhere("등대").comments == []


def test_answers_are_found_once_they_are_published(idea, cast):
    with transaction():
        answer = Answer(
            idea_id=idea.id, received_on=clock.today(), due_on=clock.today(), promises=[]
        )
        answer.headline, answer.reason = "등대를 고쳐서 엽니다", "내년 봄부터 엽니다."
        session().add(answer)
        session().flush()
        answer_id = answer.id
    assert search.find_elsewhere("등대").answers == []
    with transaction():
        answer = session().get_one(Answer, answer_id)
        answer.decision, answer.answered_at = Decision.ADOPTED, clock.now()
    (hit,) = search.find_elsewhere("등대").answers
    assert (hit.key, hit.row.idea_id) == (answer_id, idea.id)
    assert ("등대", True) in hit.title


def test_programmes_are_found_by_either_language(app):
    programme = make_programme("ai-pot-2", title="등대 안내사 과정", title_en="Lighthouse guides")
    programme_id = programme.id
    for words in ("등대 안내", "lighthouse"):
        assert [hit.key for hit in search.find_elsewhere(words).programmes] == [programme_id]


def test_likeness_shows_moderators_more_than_strangers(idea, cast):
    with transaction():
        service.change_state(session().get_one(Idea, idea.id), State.HIDDEN)
    title = "등대 도서관 밤새 열기"
    assert queries.find_similar(title) == []
    assert queries.find_similar(title, actor=cast.jun) == []
    (one,) = queries.find_similar(title, actor=cast.sora)
    assert ("등대", True) in [(piece[:2], on) for piece, on in one.title]


def test_the_index_can_be_written_anew_and_faults_are_told(idea):
    assert fulltext.find_differences() == []
    with transaction():
        session().execute(text("DELETE FROM fulltext_idea"))
    assert "1 rows cannot be found" in fulltext.find_differences()[0]
    with transaction():
        done = search_service.rebuild(lambda _kind, _number: None)
    assert done["idea"] == 1
    assert fulltext.find_differences() == []
    assert found() == [idea.id]


# ---- synonyms ----


def test_a_new_synonym_works_at_once_and_stands_in_the_log(idea, cast):
    assert found("봉화대") == []
    with transaction():
        group = search_service.save_group(cast.sora, "등대 = 봉화대,등대")
        assert group.words == "등대, 봉화대"
    assert found("봉화대") == [idea.id]
    assert search.list_meanings("봉화대") == ["등대"]
    with transaction():
        search_service.remove_group(cast.sora, search.get_group(group.id))
    assert found("봉화대") == []
    tags = session().scalars(text("SELECT tag FROM audit_entry ORDER BY id")).all()
    assert tags[-2:] == ["synonyms:changed"] * 2


def test_synonyms_are_the_moderators_and_have_two_words(app, cast):
    for stranger in (cast.mina, cast.hyun, cast.visitor):
        with pytest.raises(Refused), transaction():
            search_service.save_group(stranger, "등대, 봉화대")
    for words in ("등대", " , ", "등대, " + "가" * 30, ", ".join(f"낱말{n}" for n in range(30))):
        with pytest.raises(Invalid), transaction():
            search_service.save_group(cast.sora, words)


# ---- pages ----


def test_the_list_marks_what_was_found_and_answers_typing_with_a_part(idea, visitor):
    page = visitor.get("/ideas?q=등대&lang=ko")
    assert "<mark>등대</mark>" in page.text
    assert page.headers["Vary"].count("X-Requested-With") == 1
    part = visitor.get("/ideas?q=emdeo", headers={"X-Requested-With": "fetch"})
    assert part.text.lstrip().startswith('<div id="found"')
    assert "<mark>등대</mark>" in part.text
    assert "no-store" in part.headers["Cache-Control"]


def test_where_nothing_is_found_the_page_shows_ways_on(idea, visitor):
    page = visitor.get("/ideas?q=우주정거장&lang=en").text
    assert "Nobody has written of" in page
    assert "/search?q=" in page
    assert "/ideas/new?title=" in page
    assert 'value="우주정거장"' in visitor.get("/ideas/new?title=우주정거장").text


def test_the_page_beside_the_list_shows_its_kinds(idea, cast, visitor):
    say(idea.id, cast.jun)
    page = visitor.get("/search?q=등대&lang=en").text
    assert "<mark>등대</mark>" in page
    assert RARE in page
    assert "Nothing found" in visitor.get("/search?q=우주정거장&lang=en").text
    assert visitor.get("/search?lang=en").status_code == 200


def test_moderators_edit_synonyms_on_a_page_of_their_own(app, cast, browser_of):
    sora = browser_of(cast.sora)
    assert "반려동물" in sora.get("/moderation/synonyms").text
    assert sora.post("/moderation/synonyms", data={"words": "등대, 봉화대"}).status_code == 303
    group_id = search.list_groups()[0].id
    wrong = sora.post(f"/moderation/synonyms/{group_id}", data={"words": "등대"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    answer = sora.post(f"/moderation/synonyms/{group_id}", data={"remove": "1", "words": ""})
    assert answer.status_code == 303
    gone = sora.post(f"/moderation/synonyms/{group_id}", data={"words": "가, 나"})
    assert gone.status_code == 404
    for stranger in (cast.mina, make_account("Other", Role.OFFICIAL)):
        assert browser_of(stranger).get("/moderation/synonyms").status_code == 403


def test_the_command_writes_the_index_anew(idea, app):
    with transaction():
        session().execute(text("DELETE FROM fulltext_idea"))
    answer = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith("idea 1")
    assert found() == [idea.id]
