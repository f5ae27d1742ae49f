"""The words, the table, the hours and the shape of notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.core.clock import SEOUL, local_date
from ideas_app.ideas.models import RejectCode
from ideas_app.notifications.models import Mailing
from ideas_app.notifications.rules import (
    DAY_BEGINS,
    DEFAULTS,
    FIXED_INBOX,
    KINDS,
    TOLD,
    Choice,
    Group,
    Spot,
    Why,
    arrange,
    bundle,
    choice_of,
    is_quiet,
    is_work_time,
    line_of,
    mailing_of,
    place_of,
    send_at,
    stopped,
    told_of,
)

VALUES = {
    "title": "막차를 늦춰 주세요 100%",
    "name": "노을",
    "family": "밤 버스",
    "code": "duplicate",
}
FEW = settings(max_examples=60, deadline=None)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


# Words


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence_with_the_title_in_it(app, kind):
    with app.test_request_context("/?lang=en"):
        line = str(line_of(kind, {**VALUES, "decision": "adopted", "status": "done"}))
    assert VALUES["title"] in line
    assert "%(" not in line


def test_every_kind_that_is_told_has_words_and_no_words_are_idle():
    assert {kind for kinds in TOLD.values() for kind in kinds.values()} == set(KINDS)


@pytest.mark.parametrize("code", [*RejectCode, None, "unheard of"])
def test_a_rejection_names_its_code_where_there_is_one(app, code):
    assert str(line_of("rejected", {"title": "x", "code": code}))


@pytest.mark.parametrize("status", ["done", "moved", "dropped", "reopened"])
def test_a_promise_says_what_became_of_it(app, status):
    assert str(line_of("promise", {"title": "x", "status": status}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_leads_to_a_page_that_exists(app, kind):
    names = ("comment_id", "promise_id", "answer_id", "appeal_id", "objection_id", "round_id")
    place = place_of(kind, 7, {**dict.fromkeys(names, 3), "slug": "2026"})
    with app.test_request_context():
        assert app.url_map.bind("localhost").build(place.endpoint, place.values)
    if KINDS[kind].spot in {Spot.COMMENT, Spot.PROMISE}:
        assert place.anchor in {"c-3", "p-3"}
    assert (place_of(kind, None, {}) is None) is (
        KINDS[kind].spot not in {Spot.RECORD, Spot.RIGHTS}
    )


# Who is told


def test_each_is_told_once_by_the_strongest_reason_and_nobody_of_their_own_act():
    ties = {
        Why.AUTHOR: {1: "own"},
        Why.SUPPORTER: {1: "other", 2: "a", 9: "a"},
        Why.COMMENTER: {2: "b", 3: "b"},
        Why.FOLLOWER: {3: "c", 4: "c"},
    }
    told = told_of("answered", ties, doers=[9, None])
    assert {one: (each.kind, each.why.value, each.about) for one, each in told.items()} == {
        1: ("answered", "author", "own"),
        2: ("answered_supported", "supporter", "a"),
        3: ("answered_supported", "commenter", "b"),
        4: ("answered_supported", "follower", "c"),
    }


def test_a_decision_before_publication_is_for_its_author_alone():
    ties = {why: {number: "x"} for number, why in enumerate(Why)}
    for happening in ("submitted", "returned", "rejected", "hidden", "restored", "fixed"):
        assert {each.why for each in told_of(happening, ties).values()} == {Why.AUTHOR}


def test_an_unknown_happening_is_a_fault():
    with pytest.raises(KeyError):
        told_of("unheard", {})


# Channels


def test_decisions_and_duties_stay_in_the_inbox_whatever_is_chosen():
    none = Choice(inbox=False, mailing=Mailing.NONE)
    for group in Group:
        assert choice_of(group, {group: none}).inbox is (group in FIXED_INBOX)
        assert choice_of(group, {}, mail_off=True).mailing is Mailing.NONE
        silent = choice_of(group, {}, agreed=False).mailing is Mailing.NONE
        assert silent is (group in {Group.TALK, Group.ANSWERS, Group.STEPS})


def test_only_decisions_and_duties_are_mailed_at_once_unless_somebody_asks():
    at_once = {group for group, choice in DEFAULTS.items() if choice.mailing is Mailing.NOW}
    assert at_once == {Group.OWN, Group.DUTY}
    assert mailing_of("submitted", Mailing.NOW) is Mailing.NONE
    assert mailing_of("fixed", Mailing.DIGEST) is Mailing.NONE
    assert mailing_of("answered", Mailing.DIGEST) is Mailing.DIGEST


def test_stopping_the_digest_silences_what_comes_by_it_and_nothing_else():
    silent = stopped("digest", {Group.TALK: Choice(inbox=True, mailing=Mailing.NOW)})
    assert set(silent) == {Group.ANSWERS, Group.STEPS}
    assert stopped("unheard", {}) == {}
    assert stopped("own", {}) == {Group.OWN: Choice(inbox=True, mailing=Mailing.NONE)}


# Hours


@FEW
@given(INSTANTS)
def test_no_mail_goes_out_at_night_and_none_later_than_the_next_morning(now):
    at = send_at(now)
    assert not is_quiet(at)
    assert at >= now
    if at == now:
        assert 8 <= now.astimezone(SEOUL).hour < 21
    else:
        assert (at.astimezone(SEOUL).hour, at.astimezone(SEOUL).minute) == (DAY_BEGINS, 0)
        assert at - now <= timedelta(hours=11)


@FEW
@given(INSTANTS, INSTANTS)
def test_what_happened_first_goes_out_first(one, other):
    first, second = sorted((one, other))
    assert send_at(first) <= send_at(second)


def test_staff_are_mailed_by_day_on_working_days_only():
    off = {date(2026, 5, 5)}
    for hour in range(24):
        for day in (4, 5):
            now = datetime(2026, 5, day, hour, 30, tzinfo=SEOUL)
            expected = day == 4 and 8 <= hour < 21
            assert is_work_time(now, off.__contains__) is expected
            assert local_date(now).day == day


# The digest

NOTICES = st.lists(st.one_of(st.none(), st.integers(1, 6)), max_size=60).map(
    lambda subjects: [(subject, number) for number, subject in enumerate(subjects)]
)


@FEW
@given(NOTICES)
def test_grouping_loses_nothing_and_keeps_the_newest_first(notices):
    bundles = bundle(notices, lambda each: each[0])
    together = [each for one in bundles for each in one.items]
    assert sorted(together, key=notices.index) == notices
    assert all(one.items == sorted(one.items, key=notices.index) for one in bundles)
    first = [notices.index(one.items[0]) for one in bundles]
    assert first == sorted(first)
    keys = [one.key for one in bundles if one.key is not None]
    assert len(keys) == len(set(keys))


@FEW
@given(NOTICES)
def test_a_digest_is_capped_and_counts_what_it_leaves_out(notices):
    digest = arrange(notices, lambda each: each[0], subjects=3, lines=2)
    assert digest.total == len(notices)
    assert len(digest.lines) <= 3
    assert all(1 <= len(line.items) <= 2 for line in digest.lines)
    assert (digest.more == 0) or len(digest.lines) == 3
