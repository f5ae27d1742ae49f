"""Who may compute, change, sign, publish, read and download, in which phase."""

from __future__ import annotations

import pytest

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM
from ideas_app.core.permissions import Permission
from ideas_app.shortlists import policy
from ideas_app.shortlists.models import Round, RoundSignature, RoundState, Source
from tests.factories import make_campaign
from tests.people import Cast

OPEN_FROM = {Source.BALLOT: PhaseKind.SHORTLISTING, Source.SUPPORTS: PhaseKind.PREPARING}


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("kind", list(PhaseKind))
def test_a_list_is_computed_only_after_the_last_vote_that_counts(
    cast: Cast, source: Source, kind: PhaseKind
) -> None:
    campaign = make_campaign(phase=kind)
    kinds = list(PhaseKind)
    verdict = policy.may_compute(cast.sora, campaign, source, now=clock.now())
    assert bool(verdict) is (kinds.index(kind) >= kinds.index(OPEN_FROM[source]))
    assert verdict or (verdict.code == "still_open" and str(verdict.reason))


@pytest.mark.parametrize(
    ("person", "computes", "publishes", "reads"),
    [
        ("visitor", False, False, False),
        ("mina", False, False, False),
        ("hyun", False, False, True),
        ("sora", True, True, True),
        ("dana", True, True, True),
    ],
)
def test_moderators_compute_and_publish_and_officials_look_on(
    cast: Cast, person: str, computes: bool, publishes: bool, reads: bool
) -> None:
    actor = getattr(cast, person)
    campaign = make_campaign(phase=PhaseKind.SHORTLISTING)
    round_ = Round(state=RoundState.CONFIRMED, ballots=151)
    now = clock.now()
    assert bool(policy.may_compute(actor, campaign, Source.BALLOT, now=now)) is computes
    assert bool(policy.may_publish(actor, round_, None)) is publishes
    assert bool(policy.may_read(actor, round_)) is reads
    download = policy.may_download_ballots(actor, round_, published_min=100, is_auditor=False)
    assert bool(download) is reads
    open_round = Round(state=RoundState.COMPUTED, result={"analysis": {}}, signatures=[])
    assert bool(policy.may_change(actor, open_round)) is publishes
    assert bool(policy.may_sign(actor, open_round)) is publishes
    assert bool(policy.may_name_auditors(actor)) is publishes


def test_nobody_publishes_what_two_people_have_not_signed(cast: Cast) -> None:
    for state in set(RoundState) - {RoundState.CONFIRMED, RoundState.PUBLISHED}:
        assert policy.may_publish(cast.sora, Round(state=state), None).code == "not_confirmed"


def test_a_person_signs_once_by_name_and_not_before_the_close_calls_are_known(cast: Cast) -> None:
    round_ = Round(state=RoundState.COMPUTED, result={}, signatures=[])
    assert policy.may_sign(cast.sora, round_).code == "not_analysed"
    round_.result = {"analysis": {}}
    assert policy.may_sign(SYSTEM, round_).code == "no_person"
    round_.signatures = [RoundSignature(account_id=cast.sora.id)]
    assert policy.may_sign(cast.sora, round_).code == "signed_already"
    assert policy.may_sign(cast.dana, round_)
    assert policy.may_unsign(cast.sora, round_)
    assert policy.may_unsign(cast.dana, round_).code == "not_signed"


@pytest.mark.parametrize("state", [RoundState.CONFIRMED, RoundState.PUBLISHED])
def test_a_confirmed_list_stands_as_it_is(cast: Cast, state: RoundState) -> None:
    round_ = Round(state=state, result={"analysis": {}}, signatures=[])
    for verdict in (policy.may_change(cast.dana, round_), policy.may_sign(cast.dana, round_)):
        assert verdict.code == "frozen"


def test_everybody_reads_a_published_round_and_nobody_publishes_it_again(cast: Cast) -> None:
    round_ = Round(state=RoundState.PUBLISHED, ballots=151)
    assert policy.may_read(cast.visitor, round_)
    assert policy.may_publish(cast.sora, round_, round_).code == "already_published"


def test_a_campaign_has_one_published_round(cast: Cast) -> None:
    one, other = Round(state=RoundState.PUBLISHED), Round(state=RoundState.COMPUTED)
    assert policy.may_publish(cast.sora, other, one).code == "another_published"


@pytest.mark.parametrize(("ballots", "allowed"), [(99, False), (100, True), (5000, True)])
def test_few_ballots_are_a_file_for_named_auditors_only(
    cast: Cast, ballots: int, allowed: bool
) -> None:
    round_ = Round(state=RoundState.PUBLISHED, ballots=ballots)
    for stranger in (cast.visitor, cast.mina, cast.hyun, cast.sora, cast.dana):
        verdict = policy.may_download_ballots(stranger, round_, published_min=100, is_auditor=False)
        assert bool(verdict) is allowed
        assert verdict or "100" in str(verdict.reason)
    assert policy.may_download_ballots(cast.jun, round_, published_min=100, is_auditor=True)


def test_a_refusal_tells_the_visitor_to_sign_in_where_that_would_help(cast: Cast) -> None:
    campaign = make_campaign(phase=PhaseKind.SHORTLISTING)
    verdict = policy.may_compute(cast.visitor, campaign, Source.BALLOT, now=clock.now())
    assert verdict.sign_in
    assert not cast.mina.has(Permission.SHORTLIST_COMPUTE)


def test_papers_that_came_in_time_are_waited_for(cast: Cast) -> None:
    campaign = make_campaign(phase=PhaseKind.SHORTLISTING, settings={"paper_grace_days": 30})
    verdict = policy.may_compute(cast.sora, campaign, Source.BALLOT, now=clock.now())
    assert verdict.code == "still_open"
    assert policy.may_compute(cast.sora, campaign, Source.SUPPORTS, now=clock.now())


@pytest.mark.parametrize("state", [RoundState.ASKED, RoundState.FAILED])
def test_what_was_not_counted_is_not_changed(cast: Cast, state: RoundState) -> None:
    assert policy.may_change(cast.sora, Round(state=state)).code == "not_counted"
    assert policy.may_change(cast.mina, Round(state=state)).code == "not_permitted"
    assert policy.may_change(cast.sora, Round(state=RoundState.COMPUTED))
