"""Rules of the desk: groups, how far an answer is, what a draft lacks; a stored draft is the draft."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.answers.models import Decision, Review
from ideas_app.answers.rules import AnswerContent, PromiseContent, Timing, faults_of
from ideas_app.answers.rules.desk import (
    SCHEDULE_MAX,
    Band,
    Stage,
    Why,
    band_of,
    needs_second,
    stage_of,
    steps_of,
    time_fault,
    why_of,
)
from ideas_app.answers.rules.drafts import (
    Need,
    draft_faults,
    from_plain,
    names_worry,
    requirements_of,
    to_plain,
)
from tests.answers.scenes import content

MONDAY = date(2026, 3, 16)
NOON = datetime.fromisoformat("2026-03-16T12:00+09:00")
days = st.dates(date(2026, 1, 1), date(2030, 1, 1))
words = st.text("가나다라 \n.", max_size=30)
contents = st.builds(
    AnswerContent,
    decision=st.none() | st.sampled_from(Decision),
    reason=words,
    department=words,
    post=words,
    headline=words,
    next_on=st.none() | days,
    promises=st.lists(st.builds(PromiseContent, words, st.none() | days), max_size=4).map(tuple),
)


@settings(max_examples=20)
@given(contents)
def test_a_stored_draft_comes_back_as_it_was_stored(draft: AnswerContent) -> None:
    stored = to_plain(draft)
    assert to_plain(from_plain(stored)) == stored


@settings(max_examples=40)
@given(contents)
def test_what_meets_every_requirement_has_no_gap(draft: AnswerContent) -> None:
    needed = [one for one in requirements_of(draft) if one.is_required]
    gaps = {"decision_missing", "reason_missing", "department_missing", "post_missing"}
    gaps |= {"date_missing", "text_missing"}
    found = {fault.code for fault in faults_of(draft, today=date(2026, 1, 1))} & gaps
    assert all(one.is_met for one in needed) == (not found)


@pytest.mark.parametrize(
    ("timing", "left", "last", "band"),
    [
        (Timing.OVERDUE, -1, MONDAY - timedelta(days=3), Band.OVERDUE),
        (Timing.WAITING, 0, MONDAY, Band.NOW),
        (Timing.WAITING, 1, MONDAY + timedelta(days=1), Band.NOW),
        (Timing.WAITING, 2, MONDAY + timedelta(days=2), Band.SOON),
        (Timing.WAITING, 9, MONDAY + timedelta(days=13), Band.SOON),
        (Timing.WAITING, 10, MONDAY + timedelta(days=14), Band.LATER),
        (Timing.LATE, -4, MONDAY - timedelta(days=30), Band.LATER),
    ],
)
def test_the_groups_of_the_list(timing: Timing, left: int, last: date, band: Band) -> None:
    assert band_of(timing, days_left=left, last_on=last, today=MONDAY) is band


@pytest.mark.parametrize(
    ("has_draft", "review", "is_scheduled", "assignee_id", "stage"),
    [
        (False, Review.NONE, False, None, Stage.NEW),
        (False, Review.NONE, False, 4, Stage.TAKEN),
        (True, Review.NONE, False, 4, Stage.WRITING),
        (True, Review.ASKED, False, 4, Stage.ASKED),
        (True, Review.SENT_BACK, False, 4, Stage.SENT_BACK),
        (True, Review.APPROVED, False, None, Stage.APPROVED),
        (True, Review.APPROVED, True, 4, Stage.SCHEDULED),
    ],
)
def test_how_far_an_answer_is(
    has_draft: bool, review: Review, is_scheduled: bool, assignee_id: int | None, stage: Stage
) -> None:
    found = stage_of(
        has_draft=has_draft, review=review, is_scheduled=is_scheduled, assignee_id=assignee_id
    )
    assert found is stage


@pytest.mark.parametrize(
    ("latched_on", "was_shortlisted", "why"),
    [
        (MONDAY, True, Why.SUPPORTS),
        (MONDAY + timedelta(days=1), True, Why.SHORTLIST),
        (None, True, Why.SHORTLIST),
        (None, False, Why.HAND),
    ],
)
def test_why_the_clock_runs(latched_on: date | None, was_shortlisted: bool, why: Why) -> None:
    found = why_of(latched_on=latched_on, received_on=MONDAY, was_shortlisted=was_shortlisted)
    assert found is why


@pytest.mark.parametrize(
    ("setting", "officials", "needed"),
    [(None, 1, False), (None, 2, True), (True, 1, True), (False, 9, False)],
)
def test_two_officials_are_enough_for_a_second_pair_of_eyes(
    setting: bool | None, officials: int, needed: bool
) -> None:
    assert needs_second(setting=setting, officials=officials) is needed


def test_a_set_time_lies_ahead_and_within_two_months() -> None:
    minute = timedelta(minutes=1)
    assert time_fault(NOON, NOON)
    assert time_fault(NOON + minute, NOON) is None
    assert time_fault(NOON + SCHEDULE_MAX, NOON) is None
    assert time_fault(NOON + SCHEDULE_MAX + minute, NOON)


def test_the_weightiest_worry_is_recommended_and_blocks_nothing() -> None:
    worries = ["밤에는 안전이 걱정돼요.", "소음이 커요."]
    lines = requirements_of(content(reason="예산이 없습니다."), worries)
    assert [(one.need, one.is_met) for one in lines if not one.is_required] == [
        (Need.WORRIES, False)
    ]
    assert names_worry("안전 요원을 두겠습니다.", worries[0])
    assert not names_worry("있는 예산으로 하겠습니다.", "불이 없는 길이 있는 동네예요.")
    assert not any(one.need is Need.WORRIES for one in requirements_of(content()))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"headline": "가" * 201}, "headline"),
        ({"department": "가" * 81}, "department"),
        ({"reason": "가" * 2001}, "reason"),
        ({"promises": (PromiseContent("가" * 201, None),)}, "promises"),
        ({"promises": (PromiseContent("가", None),) * 13}, "promises"),
    ],
)
def test_a_draft_holds_gaps_but_not_more_than_fits(more: dict[str, object], field: str) -> None:
    assert [fault.field for fault in draft_faults(content(**more))] == [field]
    assert draft_faults(AnswerContent(None, "", "", "")) == []


def test_supporters_are_told_apart_in_steps() -> None:
    assert steps_of(54, 20) == [(20, True), (50, True), (100, False)]
    assert steps_of(54, 60) == [(60, False), (100, False)]
