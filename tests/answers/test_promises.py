"""The life of a promise: steps, moves that all stay visible, silence told once, mistakes taken back, many at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ideas_app.answers import queries, service
from ideas_app.answers.events import PromiseDue, PromiseProgressed, PromiseSilent
from ideas_app.answers.models import Decision, Promise, PromiseStatus, PromiseStep, StepKind
from ideas_app.answers.queries import LedgerFilter
from ideas_app.answers.rules import Standing
from ideas_app.answers.rules.promises import Word
from ideas_app.answers.service import Change, Upload
from ideas_app.audit import queries as audit
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.actor import Actor
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid, NotFound, Refused
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from tests.adapters.test_pictures import file_of
from tests.answers.scenes import answered, answering
from tests.factories import reload
from tests.people import Cast
from tests.votes.scenes import counted_statements

FIRST = clock.day_start(date(2026, 3, 16), 12)
DUE = date(2026, 4, 30)


def day(on: date, hour: int = 10):
    return clock.at(clock.day_start(on, hour))


@pytest.fixture
def promise_id(cast: Cast) -> int:
    with clock.at(FIRST):
        answer_id = answered(cast, answering(), [("운행을 시작합니다.", DUE)])
        return queries.list_promises(answer_id)[0].id


def say(actor: Actor, promise_id: int, status: PromiseStatus, **more: object) -> None:
    with transaction():
        promise = queries.get_promise(promise_id)
        service.change_promise(actor, promise, status, "까닭이 있습니다.", **more)  # type: ignore[arg-type]


def trail(promise_id: int) -> list[tuple[StepKind, date | None]]:
    return [(step.kind, step.moved_to) for step in queries.trails_of([promise_id])[promise_id]]


def test_a_promise_moved_twice_shows_all_its_days(cast: Cast, promise_id: int) -> None:
    later, last = date(2026, 6, 30), date(2026, 9, 30)
    with day(date(2026, 4, 28)):
        say(cast.hyun, promise_id, PromiseStatus.MOVED, moved_to=later)
    with day(date(2026, 7, 3)):
        say(cast.hyun, promise_id, PromiseStatus.MOVED, moved_to=last)
    with day(date(2026, 9, 29)):
        say(cast.hyun, promise_id, PromiseStatus.DONE)
    told = queries.trails_of([promise_id])[promise_id]
    assert [step.promised_for for step in told] == [DUE, later, last]
    assert [step.moved_to for step in told] == [later, last, None]
    assert queries.get_promise(promise_id).moved_to == last


def test_a_step_is_public_at_once_and_leaves_the_promise_open(cast: Cast, promise_id: int) -> None:
    seen: list[int] = []
    with transaction():
        promise = queries.get_promise(promise_id)
        (picture,) = service.draw_pictures([Upload(file_of("PNG"), "새 정류장을 그린 그림")])
        step = service.report_step(cast.hyun, promise, "정류장을 세웠습니다.", 60, [picture])
        seen.append(step.id)
    (line,) = queries.trails_of([promise_id])[promise_id]
    assert (line.kind, line.percent, line.pictures[0].alt) == (
        StepKind.PROGRESS,
        60,
        "새 정류장을 그린 그림",
    )
    assert queries.get_promise(promise_id).status is PromiseStatus.OPEN
    assert queries.get_step(seen[0]).made_by == cast.hyun.id
    tags = [entry.tag for entry in audit.list_of_subject("promise", promise_id)]
    assert tags == ["promise:progressed"]


@pytest.mark.parametrize("who", ["mina", "jun", "sora", "visitor"])
def test_the_stranger_does_nothing_to_a_promise(cast: Cast, promise_id: int, who: str) -> None:
    stranger, promise = getattr(cast, who), queries.get_promise(promise_id)
    word = Word(PromiseStatus.DONE, "했습니다.")
    for act in (
        lambda: service.report_step(stranger, promise, "했습니다.", 10),
        lambda: service.change_promise(stranger, promise, PromiseStatus.DONE, "했습니다."),
        lambda: service.change_promises(stranger, [Change(promise_id, word, 0)]),
        lambda: service.pass_promise_on(stranger, promise, "낯선 과", ""),
        lambda: service.reopen_promise(stranger, promise, "잘못 눌렀습니다."),
    ):
        with pytest.raises(Refused), transaction():
            act()
    assert trail(promise_id) == []


def test_a_wrong_kept_is_taken_back_for_some_days_and_the_idea_is_answered_again(
    cast: Cast, promise_id: int
) -> None:
    with day(date(2026, 4, 29)):
        say(cast.hyun, promise_id, PromiseStatus.DONE)
    idea_id = queries.list_ideas_of(queries.get_promise_row(promise_id).answer)[0].id
    assert reload(Idea, idea_id).state is State.DONE
    with day(date(2026, 5, 14)), pytest.raises(Refused), transaction():
        service.reopen_promise(cast.hyun, queries.get_promise(promise_id), "잘못 눌렀습니다.")
    with day(date(2026, 5, 13)):
        with pytest.raises(Invalid), transaction():
            service.reopen_promise(cast.hyun, queries.get_promise(promise_id), " ")
        with transaction():
            service.reopen_promise(cast.hyun, queries.get_promise(promise_id), "잘못 눌렀습니다.")
        assert queries.standing(queries.get_promise(promise_id)) is Standing.SILENT
        with pytest.raises(Refused), transaction():
            service.reopen_promise(cast.hyun, queries.get_promise(promise_id), "다시.")
    assert reload(Idea, idea_id).state is State.ANSWERED
    assert [kind for kind, _day in trail(promise_id)] == [StepKind.DONE, StepKind.REOPENED]
    entry = audit.list_of_subject("promise", promise_id)[-1]
    assert (entry.tag, entry.reason, entry.is_public) == (
        "promise:reopened",
        "잘못 눌렀습니다.",
        True,
    )


def test_a_promise_can_be_another_department_s(cast: Cast, promise_id: int) -> None:
    with transaction():
        service.pass_promise_on(cast.hyun, queries.get_promise(promise_id), " 도로 과 ", "도로팀장")
    assert queries.get_promise_row(promise_id).department == "도로 과"
    with pytest.raises(Invalid), transaction():
        service.pass_promise_on(cast.hyun, queries.get_promise(promise_id), "", "도로팀장")
    names = {one.name: one.names for one in queries.list_departments()}
    assert set(names) == {"교통행정과", "도로 과"}
    found = queries.list_public_promises(LedgerFilter(departments=names["도로 과"]))
    assert [row.promise.id for row in found] == [promise_id]
    assert not queries.list_public_promises(LedgerFilter(departments=names["교통행정과"])).items


# -- its day ---------------------------------------------------------------------------------------


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the chore tells, as words: without a handler nothing would be written anywhere."""
    told: list[str] = []

    def note(event: object) -> None:
        if isinstance(event, PromiseDue | PromiseSilent | PromiseProgressed):
            told.append(type(event).__name__)

    monkeypatch.setattr(outbox, "publish", note)
    return told


def mind(on: date) -> None:
    with day(on), transaction():
        service.mind_promises()


def test_each_day_promised_is_asked_about_once_and_its_silence_told_once(
    cast: Cast, promise_id: int, heard: list[str]
) -> None:
    mind(DUE - timedelta(days=1))
    assert heard == []
    for _ in range(2):
        mind(DUE)
    assert heard == ["PromiseDue"]
    for later in (1, 1, 2, 30):
        mind(DUE + timedelta(days=later))
    assert heard == ["PromiseDue", "PromiseSilent"]
    again = DUE + timedelta(days=60)
    with day(DUE + timedelta(days=31)):
        say(cast.hyun, promise_id, PromiseStatus.MOVED, moved_to=again)
    mind(again - timedelta(days=1))
    assert len(heard) == 2
    mind(again + timedelta(days=3))
    assert heard[2:] == ["PromiseDue", "PromiseSilent"], "the worker slept on the day itself"
    with day(again + timedelta(days=4)):
        say(cast.hyun, promise_id, PromiseStatus.DONE)
    mind(again + timedelta(days=90))
    assert len(heard) == 4


def test_nothing_is_told_of_an_answer_that_the_centre_has_hidden(
    cast: Cast, promise_id: int, heard: list[str]
) -> None:
    idea_id = queries.list_ideas_of(queries.get_promise_row(promise_id).answer)[0].id
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, idea_id), State.HIDDEN)
    mind(DUE + timedelta(days=1))
    assert heard == []


def test_the_chore_comes_round_by_itself(cast: Cast, promise_id: int) -> None:
    with day(DUE):
        housekeeping.run()
    assert reload(Promise, promise_id).asked_for == DUE


# -- many at once ----------------------------------------------------------------------------------


@pytest.fixture
def three(cast: Cast) -> list[int]:
    with clock.at(FIRST):
        days = [DUE + timedelta(days=number) for number in range(3)]
        named = [(f"약속 {number}", on) for number, on in enumerate(days)]
        answer_id = answered(cast, answering(), named, decision=Decision.PARTLY)
        return [promise.id for promise in queries.list_promises(answer_id)]


def test_many_words_are_saved_together(cast: Cast, three: list[int]) -> None:
    words = [
        Word(PromiseStatus.DONE, "했습니다."),
        Word(PromiseStatus.MOVED, "늦어집니다.", DUE + timedelta(days=40)),
        Word(PromiseStatus.DROPPED, "접습니다."),
    ]
    with day(DUE), transaction():
        changes = [Change(each, word, 0) for each, word in zip(three, words, strict=True)]
        assert service.change_promises(cast.hyun, changes) == 3
    statuses = [reload(Promise, each).status for each in three]
    assert statuses == [word.status for word in words]


def test_one_bad_word_saves_none_and_stands_at_its_own_row(cast: Cast, three: list[int]) -> None:
    good = Change(three[0], Word(PromiseStatus.DONE, "했습니다."), 0)
    bad = Change(three[1], Word(PromiseStatus.MOVED, "", None), 0)
    gone = Change(4711, Word(PromiseStatus.DONE, "했습니다."), 0)
    with pytest.raises(Invalid) as caught, day(DUE), transaction():
        service.change_promises(cast.hyun, [good, bad, gone])
    assert {fault.field for fault in caught.value.faults} == {
        f"{three[1]}-what_happened",
        f"{three[1]}-moved_to",
        "4711-status",
    }
    assert session().scalar(select(func.count(PromiseStep.id))) == 0


def test_a_word_over_a_colleague_s_is_not_saved_unread(cast: Cast, three: list[int]) -> None:
    with day(DUE):
        say(cast.dana, three[0], PromiseStatus.MOVED, moved_to=DUE + timedelta(days=9))
        change = Change(three[0], Word(PromiseStatus.DONE, "했습니다."), 0)
        with pytest.raises(Invalid) as caught, transaction():
            service.change_promises(cast.hyun, [change])
        assert caught.value.faults[0].code == "changed_meanwhile"
        seen = queries.get_promise_row(three[0]).last_step
        with transaction():
            service.change_promises(cast.hyun, [replace(change, seen=seen)])


# -- the ledger ------------------------------------------------------------------------------------


def test_the_ledger_of_promises_is_silent_first_then_next_then_past_and_pages_by_keyset(
    cast: Cast,
) -> None:
    with clock.at(FIRST):
        on = [date(2026, 4, 1), date(2026, 4, 20), date(2026, 6, 1), date(2026, 7, 1)]
        named = [(f"{each}", each) for each in (*on, date(2026, 4, 2), date(2026, 5, 2))]
        answer_id = answered(cast, answering(), named)
        by_day = {promise.due_on: promise.id for promise in queries.list_promises(answer_id)}
        say(cast.hyun, by_day[date(2026, 4, 2)], PromiseStatus.DONE)
        say(cast.hyun, by_day[date(2026, 5, 2)], PromiseStatus.DROPPED)
    with day(date(2026, 5, 1)):
        pages, after = [], None
        while True:
            with counted_statements() as seen:
                page = queries.list_public_promises(after=after, limit=2)
            assert len(seen) <= 2
            pages += [row.day for row in page]
            after = page.next
            if after is None:
                break
        assert pages == [*on, date(2026, 5, 2), date(2026, 4, 2)]
        assert len(queries.list_public_promises(after="spoilt")) == 6
        counts = queries.count_promises(LedgerFilter(standing=Standing.KEPT))
        for standing in Standing:
            chosen = queries.list_public_promises(LedgerFilter(standing=standing))
            assert [row.standing for row in chosen] == [standing] * counts[standing]
        assert len(queries.list_public_promises(LedgerFilter(year=2025))) == 0
        assert len(queries.list_public_promises(LedgerFilter(year=2026, campaign="nowhere"))) == 0
        assert len(queries.list_public(LedgerFilter(year=2026, standing=Standing.SILENT))) == 1
        assert len(queries.list_public(LedgerFilter(year=2025))) == 0
        assert queries.list_years_of_promises() == [2026]


def test_rates_by_department_and_of_the_city_speak_of_the_last_year_and_of_ever(cast: Cast) -> None:
    campaign = answering()
    with clock.at(FIRST):
        answered(cast, campaign, department="교통 행정과")
        answered(cast, campaign, [("엽니다.", DUE)], department="교통행정과 버스정책계")
    with day(date(2026, 3, 25)):
        answered(cast, campaign)
    with day(date(2026, 12, 1)), counted_statements() as seen:
        (rate,) = queries.list_rates_by_department()
        assert len(seen) == 2
        assert (rate.answered, rate.on_time, rate.late, rate.promises_silent) == (3, 2, 1, 1)
        assert rate.percent == 66
        (late,) = queries.list_rates_by_department(date(2026, 3, 20), date(2026, 3, 31))
        assert (late.answered, late.late, late.percent) == (1, 1, None)
    with day(date(2027, 3, 20)):
        city = queries.read_city_rates()
        assert (city.year.on_time, city.year.due) == (0, 1)
        assert (city.ever.on_time, city.ever.due) == (2, 3)


def test_a_picture_belongs_to_its_address_and_to_a_public_answer(
    cast: Cast, promise_id: int
) -> None:
    with transaction():
        pictures = service.draw_pictures([Upload(file_of("JPEG"), "버스")])
        promise = queries.get_promise(promise_id)
        service.change_promise(
            cast.hyun, promise, PromiseStatus.DONE, "했습니다.", pictures=pictures
        )
    (line,) = queries.trails_of([promise_id])[promise_id][0].pictures
    assert queries.get_picture(line.id, line.mark, small=True)[1] is True
    with pytest.raises(NotFound):
        queries.get_picture(line.id, "0" * 12, small=True)


def test_a_picture_without_words_or_of_another_kind_says_so_at_its_row() -> None:
    with pytest.raises(Invalid) as caught:
        service.draw_pictures(
            [
                Upload(file_of("PNG"), " ", 0),
                Upload(b"GIF89a", "그림", 2),
                Upload(b"", "가" * 151, 1),
            ]
        )
    found = [(fault.field, fault.code) for fault in caught.value.faults]
    assert found == [
        ("0-alt", "alt_missing"),
        ("2-file", "unknown_kind"),
        ("1-alt", "too_long"),
        ("1-file", "empty"),
    ]
