"""Drafts, sending, changing, taking back, following, paper: what happens, and what is refused to whom.

Long for a reason: one role of one feature is one file, so that its stories share their scenes.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from ideas_app.accounts.models import Account
from ideas_app.audit import queries as audit
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock, outbox
from ideas_app.core.db import db, session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused, TooMany
from ideas_app.core.outbox import OutboxEvent
from ideas_app.ideas import queries, service
from ideas_app.ideas.events import IdeaEdited, IdeaSubmitted, IdeaWithdrawn
from ideas_app.ideas.models import Draft, Idea, RejectCode, State
from ideas_app.ideas.rules import TRANSITIONS, IdeaContent, PaperIdea
from ideas_app.programmes.models import Outcome
from tests.factories import make_campaign, make_idea, make_programme
from tests.people import make_account

NOON = datetime(2026, 3, 10, 3, tzinfo=UTC)
CONTENT = IdeaContent(
    title="버스 막차를 밤 열한 시 반까지 늦춰 주세요",
    why="막차가 열 시에 끊겨요.",
    how="금요일만이라도 **늦춰** 주세요.",
    field="move",
    neighbourhood="나운1동",
)


@pytest.fixture
def events(app, monkeypatch):
    """What was published, handlers or not."""
    seen: list = []
    monkeypatch.setattr(outbox, "publish", seen.append)
    return seen


def send(actor, content: IdeaContent = CONTENT, slug: str = "ideas-2026") -> int:
    with transaction():
        return service.submit(actor, get_campaign(slug), content).id


def change(actor, idea_id: int, **texts: str) -> Idea:
    with transaction():
        service.edit(actor, queries.get_idea(idea_id), replace(CONTENT, **texts))
    return queries.get_idea(idea_id)


def tags(idea_id: int) -> list[str]:
    return [entry.tag for entry in audit.list_of_subject("idea", idea_id)]


# ---- sending ----


def test_a_sent_idea_waits_to_be_read_with_its_number_version_and_follower(cast, events):
    make_campaign()
    idea_id = send(cast.mina)
    idea = queries.get_idea(idea_id)
    assert (idea.state, idea.is_listed, idea.number, idea.version) == (State.SUBMITTED, False, 1, 1)
    assert "<strong>" in idea.how_html
    assert idea.neighbourhood == "나운1동"
    assert [one.version for one in queries.list_revisions(idea_id)] == [1]
    assert queries.is_following(idea_id, cast.mina.id)
    assert events == [IdeaSubmitted(idea_id)]
    assert tags(idea_id) == ["idea:submitted"]


def test_a_stranger_and_an_unconfirmed_person_send_nothing(cast):
    make_campaign()
    for actor in (cast.visitor, replace(cast.mina, is_verified=False)):
        with pytest.raises(Refused):
            send(actor)
    assert session().scalar(select(func.count(Idea.id))) == 0


def test_nothing_is_sent_into_a_closed_campaign(cast):
    make_campaign(phase=PhaseKind.BALLOT)
    with pytest.raises(Refused) as refused:
        send(cast.mina)
    assert refused.value.code == "closed"


def test_every_fault_is_told_at_once(cast):
    make_campaign()
    with pytest.raises(Invalid) as wrong:
        send(cast.mina, IdeaContent(title="짧다", why="", field="sea", programme="nothing"))
    assert {fault.code for fault in wrong.value.faults} == {
        "title_short",
        "why_empty",
        "unknown_field",
        "unknown_programme",
    }


def test_an_idea_may_name_a_programme_but_never_counselling(cast):
    make_campaign()
    make_programme("ai-pot-2")
    make_programme("talk", outcome=Outcome.COUNSELLING)
    idea = queries.get_idea(send(cast.mina, replace(CONTENT, programme="ai-pot-2")))
    assert idea.programme.slug == "ai-pot-2"
    with pytest.raises(Invalid) as wrong:
        send(cast.mina, replace(CONTENT, programme="talk"))
    assert wrong.value.code == "counselling"


def test_three_ideas_a_day_and_more_tomorrow(cast):
    with clock.at(NOON):
        make_campaign()
        mina = make_account("Mina of long ago")
        for _turn in range(3):
            send(mina)
        with pytest.raises(TooMany) as refused:
            send(mina)
        send(cast.jun)
    assert refused.value.retry_after == 12 * 3600
    with clock.at(NOON + timedelta(hours=12)):
        assert queries.get_idea(send(mina)).number == 5


def test_staff_send_ideas_too(cast):
    make_campaign()
    for person in (cast.sora, cast.hyun, cast.dana):
        send(person)


def test_six_who_send_at_the_same_moment_get_six_numbers(own_app):
    with own_app.app_context():
        make_campaign()
        people = [make_account(f"person{turn}") for turn in range(6)]
    ready = threading.Barrier(len(people))

    def run(person) -> int:
        ready.wait(timeout=30)
        with own_app.app_context():
            try:
                return queries.get_idea(send(person)).number
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(people)) as pool:
        assert sorted(pool.map(run, people)) == [1, 2, 3, 4, 5, 6]


def test_one_who_sends_everything_at_once_sends_three(own_app):
    with own_app.app_context():
        make_campaign()
        mina = make_account("Mina")
    ready = threading.Barrier(6)

    def run(_turn: int) -> bool:
        ready.wait(timeout=30)
        with own_app.app_context():
            try:
                return bool(send(mina))
            except TooMany:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(run, range(6))) == 3


# ---- states ----


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_only_the_table_moves_an_idea(cast, before, after):
    made = make_idea(cast.mina, make_campaign(), state=before)
    with transaction():
        idea = queries.get_idea(made.id)
        if before == after or after in TRANSITIONS[before]:
            service.change_state(idea, after, code=RejectCode.PRANK, reason="까닭")
            assert idea.state is after
            assert idea.is_listed is (after.value in _LISTED)
        else:
            with pytest.raises(Conflict):
                service.change_state(idea, after)


_LISTED = {"published", "on_ballot", "shortlisted", "not_shortlisted", "answered", "done"}


def test_publication_is_dated_once(cast):
    with clock.at(NOON):
        made = make_idea(cast.mina, make_campaign(), state=State.SUBMITTED)
        with transaction():
            service.change_state(queries.get_idea(made.id), State.PUBLISHED)
    with clock.at(NOON + timedelta(days=1)), transaction():
        service.change_state(queries.get_idea(made.id), State.HIDDEN)
        service.change_state(queries.get_idea(made.id), State.PUBLISHED)
    idea = queries.get_idea(made.id)
    assert idea.published_at == NOON
    assert idea.state_before_hidden == "published"


# ---- changing ----


def publish(idea_id: int, at: datetime) -> None:
    with clock.at(at), transaction():
        service.change_state(queries.get_idea(idea_id), State.PUBLISHED)


@pytest.fixture
def sent(cast, events):
    """An idea of Mina's, sent and not yet read."""
    with clock.at(NOON):
        make_campaign()
        idea_id = send(cast.mina)
    events.clear()
    return SimpleNamespace(id=idea_id)


def test_before_publication_a_change_leaves_no_version(cast, sent, events):
    idea = change(cast.mina, sent.id, title="버스 막차를 밤 열두 시까지 늦춰 주세요")
    assert (idea.version, idea.title[:11]) == (1, "버스 막차를 밤 열두")
    assert [one.title for one in queries.list_revisions(sent.id)] == [idea.title]
    assert events == []
    assert tags(sent.id) == ["idea:submitted", "idea:edited"]


@pytest.mark.parametrize(("minutes", "version"), [(59, 1), (60, 1), (61, 2)])
def test_sixty_minutes_after_publication_changes_become_versions(
    cast, sent, events, minutes, version
):
    publish(sent.id, NOON)
    with clock.at(NOON + timedelta(minutes=minutes)):
        idea = change(cast.mina, sent.id, why="막차가 아홉 시에 끊겨요.")
    assert idea.version == version
    assert len(queries.list_revisions(sent.id)) == version
    assert events == ([IdeaEdited(sent.id, 2)] if version == 2 else [])
    assert bool(idea.edited_at) is (version == 2)


def test_an_unchanged_text_makes_no_version(cast, sent, events):
    publish(sent.id, NOON)
    with clock.at(NOON + timedelta(days=1)):
        idea = change(cast.mina, sent.id, neighbourhood="나운2동")
    assert (idea.version, idea.neighbourhood) == (1, "나운2동")
    assert events == []


def test_a_mended_idea_goes_back_to_the_desk(cast, sent, events):
    with clock.at(NOON), transaction():
        idea = queries.get_idea(sent.id)
        service.change_state(idea, State.RETURNED, code=RejectCode.UNCLEAR, reason="무슨 뜻인지요")
    with clock.at(NOON + timedelta(days=2)):
        idea = change(cast.mina, sent.id, why="열 시 이후에는 버스가 한 대도 없어요.")
    assert (idea.state, idea.code, idea.state_reason) == (State.SUBMITTED, None, "")
    assert idea.submitted_at == NOON + timedelta(days=2)
    assert events == [IdeaSubmitted(sent.id)]


def test_after_seven_days_a_returned_idea_is_no_longer_mended(cast, sent):
    with clock.at(NOON), transaction():
        service.change_state(queries.get_idea(sent.id), State.RETURNED)
    with clock.at(NOON + timedelta(days=8)), pytest.raises(Refused):
        change(cast.mina, sent.id, why="늦었어요.")


def test_nobody_else_changes_an_idea_not_even_staff(cast, sent):
    publish(sent.id, NOON)
    for person in (cast.visitor, cast.jun, cast.sora, cast.dana):
        with pytest.raises(Refused):
            change(person, sent.id, why="남의 글이에요.")
    assert queries.get_idea(sent.id).why == CONTENT.why


def test_a_faulty_change_changes_nothing(cast, sent):
    with pytest.raises(Invalid):
        change(cast.mina, sent.id, title="짧다")
    assert queries.get_idea(sent.id).title == CONTENT.title


def test_a_typing_error_mended_by_staff_is_a_version_of_its_own(cast, sent, events):
    with transaction():
        service.fix_text(
            cast.sora, queries.get_idea(sent.id), replace(CONTENT, why="고친 글이에요.")
        )
    newest = queries.list_revisions(sent.id)[0]
    assert (newest.version, newest.by_staff, newest.editor_id) == (2, True, cast.sora.id)
    change(cast.mina, sent.id, why="다시 고친 글이에요.")
    assert [one.by_staff for one in queries.list_revisions(sent.id)] == [False, True, False]


# ---- taking back, following, reading ----


def test_the_author_takes_an_idea_back_and_its_page_stays(cast, sent, events):
    publish(sent.id, NOON)
    with transaction():
        service.withdraw(cast.mina, queries.get_idea(sent.id))
    idea = queries.get_idea(sent.id)
    assert (idea.state, idea.is_listed, idea.title) == (State.WITHDRAWN, False, CONTENT.title)
    assert events == [IdeaWithdrawn(sent.id)]
    with pytest.raises(Refused), transaction():
        service.withdraw(cast.mina, queries.get_idea(sent.id))


def test_a_stranger_takes_nothing_back(cast, sent):
    publish(sent.id, NOON)
    for person in (cast.visitor, cast.jun, cast.dana):
        with pytest.raises(Refused), transaction():
            service.withdraw(person, queries.get_idea(sent.id))


def test_following_twice_is_following_once(cast, sent):
    publish(sent.id, NOON)
    with transaction():
        service.follow(cast.jun, queries.get_idea(sent.id))
        service.follow(cast.jun, queries.get_idea(sent.id))
    assert queries.is_following(sent.id, cast.jun.id)
    assert list(queries.list_followers(sent.id)) == [cast.mina.id, cast.jun.id]
    with transaction():
        service.unfollow(cast.jun, queries.get_idea(sent.id))
        service.unfollow(cast.jun, queries.get_idea(sent.id))
    assert not queries.is_following(sent.id, cast.jun.id)


def test_a_visitor_cannot_follow(cast, sent):
    publish(sent.id, NOON)
    with pytest.raises(Refused) as refused:
        service.follow(cast.visitor, queries.get_idea(sent.id))
    assert refused.value.sign_in


def test_readers_are_counted_once_and_the_author_and_visitors_never(cast, sent):
    publish(sent.id, NOON)
    with transaction():
        for person in (cast.jun, cast.jun, cast.sora, cast.mina, cast.visitor):
            service.note_reading(person, queries.get_idea(sent.id))
    assert queries.get_idea(sent.id).readers_count == 2
    assert queries.has_read(sent.id, cast.jun.id)


# ---- drafts ----


def save(actor, token, **content) -> str:
    with transaction():
        return service.save_draft(actor, token, None, content)


def test_a_draft_survives_sign_in_and_is_then_the_person_s(cast):
    token = save(cast.visitor, None, title="쓰다 만 제목")
    assert service.find_own_draft(cast.visitor, token).content == {"title": "쓰다 만 제목"}
    assert service.find_own_draft(cast.mina, token) is not None
    assert save(cast.mina, token, title="이어 쓴 제목") == token
    assert service.find_own_draft(cast.visitor, token) is None
    assert service.find_own_draft(cast.jun, token) is None
    assert service.find_own_draft(cast.mina, None).content == {"title": "이어 쓴 제목"}
    assert session().scalar(select(func.count(Draft.id))) == 1


def test_a_foreign_or_made_up_token_opens_nothing(cast):
    save(cast.mina, None, title="비밀")
    assert service.find_own_draft(cast.visitor, "made-up") is None
    assert service.find_own_draft(cast.jun, "made-up") is None
    assert save(cast.visitor, "made-up", title="새 글") not in {"", "made-up"}


def test_a_person_on_another_device_goes_on_with_the_same_draft(cast):
    save(cast.mina, None, title="전화에서 쓴 글")
    assert save(cast.mina, None, title="집에서 이어 쓴 글") == ""
    assert session().scalar(select(func.count(Draft.id))) == 1


def test_the_token_is_kept_as_a_hash_only(cast):
    token = save(cast.visitor, None)
    assert session().scalar(select(Draft.token_hash)) != token


def test_a_sent_draft_is_gone(cast):
    token = save(cast.mina, None, title="보낼 글")
    with transaction():
        service.drop_draft(cast.mina, token)
        service.drop_draft(cast.mina, token)
    assert session().scalar(select(func.count(Draft.id))) == 0


# ---- paper ----


def paper(title: str = "막차를 늦춰 주세요", name: str = "밤버스", day: int = 2) -> PaperIdea:
    content = IdeaContent(title=title, why="너무 일러요", field="move")
    return PaperIdea(2, content, name, date(2026, 3, day))


def enter(cast, *papers: PaperIdea, actor=None) -> tuple[int, int]:
    with transaction() as current:
        keeper = current.get_one(Account, cast.sora.id)
        report = service.import_papers(
            actor or cast.sora, get_campaign("ideas-2026"), papers, keeper
        )
    return report.new, report.same


def test_paper_ideas_are_published_under_the_name_on_the_paper(cast, events):
    with clock.at(NOON):
        make_campaign(phase=PhaseKind.CLOSED)
        assert enter(cast, paper(), paper("월세를 더 오래 지원해 주세요")) == (2, 0)
        row = queries.list_ideas().items[0]
        idea = queries.get_idea(row.id)
    assert (row.pen_name, row.number, idea.state) == ("밤버스", "2026-002", State.PUBLISHED)
    assert clock.local_date(idea.submitted_at) == date(2026, 3, 2)
    assert tags(row.id) == ["idea:imported"]
    assert queries.list_of_author(cast.sora.id) == []


def test_the_same_paper_twice_changes_nothing(cast):
    with clock.at(NOON):
        make_campaign()
        assert enter(cast, paper(), paper("막차를  늦춰주세요")) == (1, 1)
        assert enter(cast, paper(), paper(day=3), paper(name="다른 사람")) == (2, 1)


def test_only_moderators_enter_paper(cast):
    make_campaign()
    for person in (cast.visitor, cast.mina, cast.hyun):
        with pytest.raises(Refused):
            enter(cast, paper(), actor=person)


def test_events_of_ideas_go_through_the_outbox(cast):
    make_campaign()
    send(cast.mina)
    kinds = set(session().scalars(select(OutboxEvent.kind)))
    assert kinds <= {"IdeaSubmitted"}
