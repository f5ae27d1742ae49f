"""The timeline of an idea: every step once, newest first, nothing before its time, in two statements."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from ideas_app.answers import queries as answers
from ideas_app.answers import service as answer_service
from ideas_app.answers.models import PromiseStatus
from ideas_app.campaigns.models import Activity, PhaseKind
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas import queries as ideas
from ideas_app.ideas import service as idea_service
from ideas_app.ideas.models import Idea, State
from ideas_app.moderation import service as moderation
from ideas_app.moderation.queries import get_family
from ideas_app.pages import queries
from ideas_app.pages.rules import Moment, Story, next_of, timeline_of
from ideas_app.pages.views.frame import find_phase
from ideas_app.shortlists import queries as rounds
from ideas_app.shortlists import service as shortlists
from tests.answers.scenes import answer, answered, answering, content, open_for
from tests.factories import make_campaign, make_idea, reload
from tests.people import Cast
from tests.shortlists.scenes import closed_ballot, make_family, signed
from tests.shortlists.scenes import computed as compute
from tests.statements import statements

FIRST = clock.day_start(date(2026, 3, 16), 12)


def story_of(idea_id: int, **more: object) -> Story:
    idea = ideas.get_idea(idea_id)
    found = answers.find_of_idea(idea, published=False)
    ballot = find_phase(idea.campaign, Activity.BALLOT)
    told = queries.list_told(
        idea, answer_id=found.id if found else None, ballot=ballot, now=clock.now()
    )
    # the page asks only where there seems to be something
    assert queries.read_idea(idea_id).has_past or not told
    return Story(
        idea=idea,
        rules=rules_of(idea.campaign),
        answer=found,
        told=told,
        trails=answers.trails_of(one.id for one in found.promises) if found else {},
        gathering=find_phase(idea.campaign, Activity.SUPPORT),
        ballot=ballot,
        **more,  # type: ignore[arg-type]
    )


def moments(idea_id: int) -> list[Moment]:
    return timeline_of(story_of(idea_id), now=clock.now())


def kinds(idea_id: int) -> list[str]:
    return [moment.kind for moment in moments(idea_id)]


def idea_of(answer_id: int) -> int:
    return answers.list_ideas_of(answers.get_answer(answer_id))[0].id


def test_a_promise_tells_every_step_of_its_way(cast: Cast) -> None:
    due, later = date(2026, 4, 30), date(2026, 6, 30)
    with clock.at(FIRST):
        answer_id = answered(cast, answering(), [("운행을 시작합니다.", due)])
        idea_id = idea_of(answer_id)
        promise_id = answers.list_promises(answer_id)[0].id
    with clock.at(clock.day_start(date(2026, 4, 20), 9)), transaction():
        answer_service.report_step(cast.hyun, answers.get_promise(promise_id), "준비했습니다.", 50)
    for on, status, moved_to in (
        (date(2026, 5, 8), PromiseStatus.MOVED, later),
        (date(2026, 6, 29), PromiseStatus.DONE, None),
    ):
        with clock.at(clock.day_start(on, 9)), transaction():
            promise = answers.get_promise(promise_id)
            answer_service.change_promise(cast.hyun, promise, status, "말씀", moved_to=moved_to)
    with clock.at(clock.day_start(date(2026, 7, 1), 9)):
        assert kinds(idea_id) == [
            "finished",
            "step-done",
            "step-moved",
            "silent",
            "step-progress",
            "promised",
            "answered",
            "published",
            "sent",
            "asked",
        ]
        silent = next(one for one in moments(idea_id) if one.kind == "silent")
        assert clock.local_date(silent.at) == date(2026, 5, 1)
        assert next_of(story_of(idea_id), now=clock.now()) is None


def test_what_comes_next_is_told_with_its_day(cast: Cast) -> None:
    due = date(2026, 4, 30)
    with clock.at(FIRST):
        answer_id = answered(
            cast, answering(), [("시작합니다.", due), ("마칩니다.", date(2026, 9, 1))]
        )
        idea_id = idea_of(answer_id)
        told = next_of(story_of(idea_id), now=clock.now())
        assert told is not None
        assert (told.on, told.is_late) == (due, False)
    with clock.at(clock.day_start(date(2026, 10, 1))):
        told = next_of(story_of(idea_id), now=clock.now())
        assert told is not None
        assert (told.on, told.is_late) == (due, True)


@pytest.mark.parametrize("phase", [PhaseKind.GATHERING, PhaseKind.PREPARING, PhaseKind.BALLOT])
def test_before_the_city_is_asked_the_vote_comes_next(cast: Cast, phase: PhaseKind) -> None:
    campaign = make_campaign(phase=phase)
    state = State.ON_BALLOT if phase is PhaseKind.BALLOT else State.PUBLISHED
    idea_id = make_idea(cast.mina, campaign, state=state).id
    told = next_of(story_of(idea_id), now=clock.now())
    assert told is not None
    assert told.on is not None
    assert told.on >= clock.today()
    waiting = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    told = next_of(story_of(waiting), now=clock.now())
    assert told is not None
    assert "3" in str(told.text)


def test_a_list_is_told_only_once_it_is_published(cast: Cast, visitor: FlaskClient) -> None:
    campaign, made = closed_ballot(cast, {"abc": 9, "d": 5})
    ids = {name: idea.id for name, idea in made.items()}
    round_id = compute(cast, campaign).id
    signed(cast, round_id)
    for idea_id in ids.values():
        assert "ballot" in kinds(idea_id)
        assert not {"shortlisted", "not_shortlisted"} & set(kinds(idea_id))
        page = visitor.get(f"/ideas/{idea_id}?lang=en", follow_redirects=True).text
        assert "for the shortlist" not in page
    with transaction():
        shortlists.publish_round(cast.sora, rounds.get_round(round_id))
    told = {kind for idea_id in ids.values() for kind in kinds(idea_id)}
    assert "shortlisted" in told
    elected = next(each for each in ids.values() if "shortlisted" in kinds(each))
    page = visitor.get(f"/ideas/{elected}?lang=en", follow_redirects=True).text
    assert "Chosen for the shortlist" in page
    assert f'href="/shortlists/{round_id}"' in page


def test_a_ballot_that_is_not_open_yet_is_not_told_as_past(cast: Cast) -> None:
    _campaign, made = closed_ballot(cast, {"ab": 3})
    idea_id = made["a"].id
    opened = find_phase(ideas.get_idea(idea_id).campaign, Activity.BALLOT)
    assert opened is not None
    with clock.at(opened.starts_at - timedelta(hours=1)):
        assert "ballot" not in kinds(idea_id)


def test_a_family_tells_when_it_was_joined_left_and_taken_apart(cast: Cast) -> None:
    campaign = make_campaign(phase=PhaseKind.PREPARING)
    ids = [make_idea(cast.mina, campaign).id for _ in range(3)]
    with transaction():
        found = [ideas.get_idea(each) for each in ids]
        family = moderation.form_family(
            cast.sora, found, "함께 쓴 글을 한데 모았어요", "함께", "같은 뜻입니다."
        )
        family_id = family.id
    with clock.at(clock.now() + timedelta(hours=1)), transaction():
        moderation.take_out(cast.sora, get_family(family_id), ideas.get_idea(ids[0]), "다릅니다.")
    with clock.at(clock.now() + timedelta(hours=2)):
        with transaction():
            moderation.split_family(cast.sora, get_family(family_id), "나눕니다.")
        out, *others = [[(one.kind, one.words) for one in moments(each)] for each in ids]
        assert out[:2] == [("left", "다릅니다."), ("joined", "함께 쓴 글을 한데 모았어요")]
        for told in others:
            assert told[:2] == [("split", "나눕니다."), ("joined", "함께 쓴 글을 한데 모았어요")]
        assert moments(ids[0])[0].leads_to == ("family", family_id)


def test_the_clock_of_a_family_is_told_on_each_member(cast: Cast) -> None:
    with clock.at(FIRST):
        campaign = answering()
        members = [make_idea(cast.mina, campaign, state=State.SHORTLISTED) for _ in range(2)]
        answer_id = open_for(cast, make_family(campaign, members))
        assert all("asked" in kinds(each.id) for each in members)
        assert answers.get_answer(answer_id).answered_at is None


def test_more_time_a_changed_answer_and_versions_are_told_with_their_reasons(
    cast: Cast, visitor: FlaskClient
) -> None:
    with clock.at(FIRST):
        campaign = answering()
        idea = make_idea(cast.mina, campaign, state=State.SHORTLISTED)
        with transaction():
            opened = answer_service.open_answer(cast.sora, ideas.get_idea(idea.id), clock.today())
            answer_id = opened.id
    with clock.at(FIRST + timedelta(days=1)), transaction():
        found = answers.get_answer(answer_id)
        answer_service.extend(cast.hyun, found, found.due_on + timedelta(days=9), "협의가 깁니다.")
    with clock.at(FIRST + timedelta(days=2)):
        answer(cast, answer_id)
    with clock.at(FIRST + timedelta(days=3)), transaction():
        changed = content(department="다른 과")
        answer_service.write_answer(cast.hyun, answers.get_answer(answer_id), changed)
    with clock.at(FIRST + timedelta(days=4)):
        assert kinds(idea.id)[:4] == ["changed", "answered", "extended", "published"]
        page = visitor.get(f"/ideas/{idea.id}?lang=en", follow_redirects=True).text
    part = page[page.index('id="timeline"') :]
    assert "협의가 깁니다." in part
    days = re.findall(r'<time datetime="([^"]+)"', part.split("</ol>")[0])
    assert days == sorted(days, reverse=True)


def test_a_threshold_is_not_told_while_numbers_are_hidden(cast: Cast) -> None:
    idea_id = make_idea(cast.mina, make_campaign()).id
    with transaction() as current:
        current.get_one(Idea, idea_id).answer_due_latched_at = clock.now()
    reload(Idea, idea_id)
    assert "threshold" in kinds(idea_id)
    hidden = timeline_of(story_of(idea_id, totals_hidden=True), now=clock.now())
    assert "threshold" not in [one.kind for one in hidden]


def test_a_withdrawn_idea_says_when(cast: Cast) -> None:
    idea_id = make_idea(cast.mina, make_campaign()).id
    with transaction():
        idea_service.withdraw(cast.mina, ideas.get_idea(idea_id))
    assert kinds(idea_id)[0] == "withdrawn"
    assert next_of(story_of(idea_id), now=clock.now()) is None


def test_the_past_is_read_in_one_statement(cast: Cast) -> None:
    with clock.at(FIRST):
        answer_id = answered(cast, answering(), [("엽니다.", date(2026, 6, 1))])
    idea = ideas.get_idea(idea_of(answer_id))
    ballot = find_phase(idea.campaign, Activity.BALLOT)
    with statements() as seen:
        queries.list_told(idea, answer_id=answer_id, ballot=ballot, now=clock.now())
    assert len(seen) == 1


def test_an_unpublished_answer_tells_its_clock_and_nothing_of_its_text(
    cast: Cast, visitor: FlaskClient
) -> None:
    with clock.at(FIRST):
        idea = make_idea(cast.mina, answering(), state=State.SHORTLISTED)
        with transaction():
            opened = answer_service.open_answer(cast.sora, ideas.get_idea(idea.id), clock.today())
            opened.headline = "아직 비밀인 한 줄"
        assert kinds(idea.id)[-1:] == ["asked"]
        told = next_of(story_of(idea.id), now=clock.now())
        assert told is not None
        assert told.on == opened.due_on
        page = visitor.get(f"/ideas/{idea.id}?lang=en", follow_redirects=True).text
    assert "아직 비밀인" not in page
    assert "The city was asked for its answer" in page
