"""Phases, settings and specs as arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.campaigns.models import Activity, Phase, PhaseKind
from ideas_app.campaigns.rules import (
    NEIGHBOURHOODS,
    CampaignRules,
    CampaignSpec,
    Eligibility,
    FieldSpec,
    Span,
    age_on,
    begun_now,
    current_phase,
    eligibility_of,
    faults_of,
    last_closing,
    next_closing,
    next_opening,
    open_activities,
    read_spec,
    rules_of,
    usual_phases,
    usual_schedule,
)
from ideas_app.core.errors import Invalid

NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def phase(
    kind: PhaseKind, begins: int, ends: int, *activities: Activity, position: int = 0
) -> Phase:
    return Phase(
        kind=kind.value,
        position=position,
        starts_at=NOW + begins * DAY,
        ends_at=NOW + ends * DAY,
        activities=[each.value for each in activities],
    )


GATHERING = phase(PhaseKind.GATHERING, -5, 5, Activity.SUBMIT, Activity.COMMENT, position=1)
PREPARING = phase(PhaseKind.PREPARING, 5, 9, Activity.COMMENT, position=2)
BALLOT = phase(PhaseKind.BALLOT, 9, 20, Activity.BALLOT, position=3)
PHASES = [GATHERING, PREPARING, BALLOT]


def test_a_phase_runs_from_its_start_until_before_its_end():
    assert current_phase(PHASES, GATHERING.starts_at) is GATHERING
    assert current_phase(PHASES, GATHERING.ends_at) is PREPARING
    assert current_phase(PHASES, BALLOT.ends_at) is None


def test_only_the_activities_of_the_present_phase_are_open():
    assert open_activities(PHASES, NOW) == {Activity.SUBMIT, Activity.COMMENT}
    assert open_activities(PHASES, NOW + 100 * DAY) == frozenset()


def test_openings_and_closings_name_their_instants():
    assert next_opening(PHASES, Activity.BALLOT, NOW) == BALLOT.starts_at
    assert next_opening(PHASES, Activity.SUBMIT, NOW) is None
    assert last_closing(PHASES, Activity.SUBMIT, NOW + 6 * DAY) == GATHERING.ends_at
    assert last_closing(PHASES, Activity.BALLOT, NOW) is None


def test_an_activity_that_goes_on_in_the_next_phase_closes_with_that_one():
    assert next_closing(PHASES, Activity.COMMENT, NOW) == PREPARING.ends_at
    assert next_closing(PHASES, Activity.SUBMIT, NOW) == GATHERING.ends_at
    assert next_closing(PHASES, Activity.BALLOT, NOW) is None


def test_a_phase_without_length_never_opens_anything():
    skipped = phase(PhaseKind.BALLOT, 3, 3, Activity.BALLOT)
    assert next_opening([skipped], Activity.BALLOT, NOW) is None
    assert last_closing([skipped], Activity.BALLOT, NOW + 9 * DAY) is None


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2000, 5, 17), date(2026, 5, 16), 25),
        (date(2000, 5, 17), date(2026, 5, 17), 26),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
    ],
)
def test_age_counts_full_years(born_on, day, age):
    assert age_on(born_on, day) == age


def test_a_campaign_keeps_only_what_differs_from_the_defaults():
    campaign = SimpleNamespace(settings={"seats": 7, "unheard_of": 1}, eligibility={})
    assert rules_of(campaign) == replace(CampaignRules(), seats=7)
    assert eligibility_of(campaign) == Eligibility()


def test_eligibility_reads_days_and_lists():
    campaign = SimpleNamespace(eligibility={"on": "2026-03-01", "ties": ["resident"]})
    rule = eligibility_of(campaign)
    assert rule.on == date(2026, 3, 1)
    assert rule.ties == ("resident",)


def test_gunsan_has_27_neighbourhoods():
    assert len(set(NEIGHBOURHOODS)) == 27


def test_the_usual_schedule_begins_the_wished_phase_at_the_wished_instant():
    spans = {span.kind: span for span in usual_schedule(PhaseKind.BALLOT, NOW)}
    assert spans["ballot"].starts_at == NOW
    assert spans["gathering"].ends_at == spans["preparing"].starts_at


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8),
    st.data(),
)
def test_beginning_a_phase_leaves_it_running_and_nothing_overlapping(lengths, data):
    at, spans = NOW - 60 * DAY, []
    for kind, (gap, length) in zip(PhaseKind, lengths, strict=False):
        start = at + gap * DAY
        at = start + length * DAY
        spans.append(Span(kind.value, start, at))
    kind = data.draw(st.sampled_from([span.kind for span in spans]))
    moved = begun_now(spans, kind, NOW)
    assert [span.kind for span in moved] == [span.kind for span in spans]
    running = next(span for span in moved if span.kind == kind)
    assert running.starts_at <= NOW < running.ends_at
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(moved))
    assert all(span.starts_at <= span.ends_at for span in moved)


def test_a_phase_that_runs_already_stays_as_planned():
    spans = usual_schedule(PhaseKind.GATHERING, NOW - DAY)
    assert begun_now(spans, "gathering", NOW) == spans


SPEC = CampaignSpec(
    slug="ideas-2027", title="2027", year=2027, phases=usual_phases(PhaseKind.GATHERING, NOW)
)


def codes(spec: CampaignSpec) -> set[str]:
    return {fault.code for fault in faults_of(spec)}


def test_the_usual_campaign_has_no_fault():
    assert codes(SPEC) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"slug": "아이디어"}, "slug"),
        ({"slug": "two--hyphens"}, "slug"),
        ({"title": ""}, "title"),
        ({"year": 99}, "year"),
        ({"fields": ()}, "fields"),
        ({"fields": (FieldSpec("job", "일자리"), FieldSpec("job", "또 일자리"))}, "fields"),
        ({"phases": ()}, "no_phases"),
        ({"phases": SPEC.phases[:1] * 2}, "twice"),
        ({"phases": SPEC.phases[::-1]}, "overlap"),
        ({"phases": (replace(SPEC.phases[0], ends_at=NOW - 999 * DAY),)}, "turned"),
        ({"settings": {"colour": "red"}}, "unknown_rule"),
        ({"settings": {"seats": "fifteen"}}, "wrong_rule"),
        ({"settings": {"seats": True}}, "wrong_rule"),
        ({"settings": {"evaluation_criteria": ["needs"]}}, "wrong_rule"),
        ({"eligibility": {"on": "yesterday"}}, "wrong_rule"),
        ({"eligibility": {"age_from": -1}}, "wrong_rule"),
    ],
)
def test_each_fault_of_a_spec_is_named(change, code):
    assert code in codes(replace(SPEC, **change))


def test_a_spec_is_read_from_a_file_with_its_last_days_included():
    spec = read_spec(
        {
            "slug": "s",
            "title": "제목",
            "phases": [{"kind": "gathering", "starts_on": "2027-03-01", "ends_on": "2027-03-31"}],
            "fields": [{"key": "job", "name": "일자리"}],
        }
    )
    assert spec.year == 2027
    assert spec.phases[0].ends_at == datetime(2027, 3, 31, 15, tzinfo=UTC)
    assert spec.phases[0].opens == (Activity.SUBMIT, Activity.COMMENT, Activity.SUPPORT)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"slug": "s", "title": "t", "phases": [{"kind": "party"}]},
        {"slug": "s", "title": "t", "phases": 7},
        {"slug": "s", "title": "t", "phases": [], "owner": "me"},
        {"slug": "s", "title": "t", "phases": [], "fields": [{"colour": "red"}]},
    ],
)
def test_a_strange_file_is_refused_in_words(data):
    with pytest.raises(Invalid) as refused:
        read_spec(data)
    assert refused.value.faults[0].message
