"""Who sees the map when: staff at once, everybody when nothing can be steered any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.actor import VISITOR
from ideas_app.opinion import policy
from tests.factories import make_campaign
from tests.people import Cast

STAFF = ("sora", "hyun", "dana")
YOUTH = ("mina", "jun")


@pytest.mark.parametrize(
    ("phase", "code"),
    [
        (PhaseKind.ANNOUNCED, "still_voting"),
        (PhaseKind.GATHERING, "still_voting"),
        (PhaseKind.PREPARING, "still_voting"),
        (PhaseKind.BALLOT, "still_voting"),
        (PhaseKind.SHORTLISTING, "ok"),
        (PhaseKind.CLOSED, "ok"),
    ],
)
def test_the_map_is_public_once_all_voting_has_closed(
    cast: Cast, phase: PhaseKind, code: str
) -> None:
    campaign, now = make_campaign(phase=phase), clock.now()
    for person in (VISITOR, *(getattr(cast, name) for name in YOUTH)):
        assert policy.may_see(person, campaign, now=now).code == code
    assert all(policy.may_see(getattr(cast, name), campaign, now=now) for name in STAFF)


def test_a_campaign_without_voting_has_no_map(cast: Cast) -> None:
    campaign = make_campaign()
    for phase in campaign.phases:
        phase.activities = ["comment"]
    assert policy.may_see(VISITOR, campaign, now=clock.now()).code == "no_map"
    assert policy.gathering_closed_at(campaign, clock.now()) is None


def test_staff_ask_for_a_map_one_at_a_time(cast: Cast) -> None:
    now = clock.now()
    assert policy.may_ask(cast.hyun, None, now=now)
    assert policy.may_ask(cast.sora, now - timedelta(minutes=5), now=now).code == "being_computed"
    assert policy.may_ask(cast.sora, now - timedelta(hours=2), now=now)
    assert policy.may_ask(cast.mina, None, now=now).code == "not_permitted"
    assert policy.may_ask(VISITOR, None, now=now).sign_in


def test_the_gathering_closes_when_its_phase_ends(cast: Cast) -> None:
    campaign = make_campaign(phase=PhaseKind.PREPARING)
    gathering = next(phase for phase in campaign.phases if phase.kind == PhaseKind.GATHERING)
    end = gathering.ends_at
    assert policy.gathering_closed_at(campaign, end) == end
    assert policy.gathering_closed_at(campaign, end - timedelta(seconds=1)) is None
