"""Who may take part, and what is open, phase by phase."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ideas_app.campaigns import policy
from ideas_app.campaigns.models import Activity, PhaseKind
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from tests.factories import make_campaign

NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)

OPEN = {
    PhaseKind.ANNOUNCED: set(),
    PhaseKind.GATHERING: {Activity.SUBMIT, Activity.COMMENT, Activity.SUPPORT},
    PhaseKind.PREPARING: {Activity.COMMENT},
    PhaseKind.BALLOT: {Activity.COMMENT, Activity.BALLOT},
    PhaseKind.SHORTLISTING: {Activity.COMMENT},
    PhaseKind.ANSWERING: {Activity.COMMENT, Activity.ANSWER},
    PhaseKind.TRACKING: {Activity.COMMENT, Activity.ANSWER},
    PhaseKind.CLOSED: set(),
}


@pytest.mark.parametrize("phase", PhaseKind)
def test_each_phase_opens_its_activities_and_says_why_the_rest_is_closed(app, phase):
    with clock.at(NOW):
        campaign = make_campaign(phase=phase)
        for activity in Activity:
            verdict = policy.is_open(campaign, activity, clock.now())
            assert bool(verdict) is (activity in OPEN[phase])
            assert verdict or (verdict.code in {"not_yet_open", "closed"} and str(verdict.reason))


def test_a_closed_activity_names_its_day_in_both_languages(app):
    from ideas_app.web.i18n import speaking

    with clock.at(NOW):
        campaign = make_campaign(phase=PhaseKind.GATHERING)
        verdict = policy.is_open(campaign, Activity.BALLOT, clock.now())
        with speaking("en"):
            assert "Mar 25, 2026" in str(verdict.reason)
        with speaking("ko"):
            assert "2026. 3. 25." in str(verdict.reason)


def test_an_activity_that_a_campaign_never_has_is_said_to_be_missing(app):
    campaign = make_campaign()
    campaign.phases = campaign.phases[:1]
    assert policy.is_open(campaign, Activity.BALLOT, clock.now()).code == "not_in_campaign"


def test_a_stranger_is_led_to_the_log_in(cast):
    verdict = policy.may_take_part(cast.visitor, make_campaign(), now=NOW)
    assert verdict.code == "sign_in"
    assert verdict.sign_in


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "ok"),
        ({"is_verified": False}, "not_verified"),
        ({"born_on": None}, "age"),
        ({"born_on": date(2008, 3, 11)}, "age"),
        ({"born_on": date(2008, 3, 10)}, "ok"),
        ({"born_on": date(1986, 3, 10)}, "age"),
        ({"born_on": date(1986, 3, 11)}, "ok"),
        ({"tie": "other"}, "tie"),
        ({"tie": None}, "tie"),
    ],
)
def test_eligibility_by_default(cast, change, code):
    actor = replace(cast.mina, **change)
    assert policy.may_take_part(actor, make_campaign(), now=NOW).code == code


def test_the_age_counts_on_the_reference_day(cast):
    campaign = make_campaign(eligibility={"on": "2026-01-01"})
    young = replace(cast.mina, born_on=date(2008, 2, 1))
    assert policy.may_take_part(young, campaign, now=NOW).code == "age"


def test_a_campaign_for_participants_asks_for_a_record(cast):
    campaign = make_campaign(eligibility={"programmes": ["ai-pot-2"]})
    assert policy.may_take_part(cast.mina, campaign, now=NOW).code == "not_a_participant"
    took_part = frozenset({"ai-pot-2"})
    assert policy.may_take_part(cast.mina, campaign, now=NOW, took_part=took_part)


def test_a_campaign_may_be_open_to_every_confirmed_account(cast):
    campaign = make_campaign(eligibility={"age_from": None, "age_to": None, "ties": []})
    assert policy.may_take_part(replace(cast.mina, born_on=None, tie=None), campaign, now=NOW)


def test_only_administrators_manage_campaigns(cast):
    assert policy.may_manage(cast.dana)
    assert policy.may_manage(SYSTEM)
    for person in (cast.visitor, cast.mina, cast.sora, cast.hyun):
        assert policy.may_manage(person).code == "not_permitted"
