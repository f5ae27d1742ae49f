"""Who may compute, publish, read and download, in which phase."""

from __future__ import annotations

import pytest

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.permissions import Permission
from ideas_app.shortlists import policy
from ideas_app.shortlists.models import Round, RoundState, Source
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
    round_ = Round(state=RoundState.COMPUTED, ballots=151)
    now = clock.now()
    assert bool(policy.may_compute(actor, campaign, Source.BALLOT, now=now)) is computes
    assert bool(policy.may_publish(actor, round_, None)) is publishes
    assert bool(policy.may_read(actor, round_)) is reads
    assert bool(policy.may_download_ballots(actor, round_, published_min=100)) is reads


def test_everybody_reads_a_published_round_and_nobody_publishes_it_again(cast: Cast) -> None:
    round_ = Round(state=RoundState.PUBLISHED, ballots=151)
    assert policy.may_read(cast.visitor, round_)
    assert policy.may_publish(cast.sora, round_, round_).code == "already_published"


def test_a_campaign_has_one_published_round(cast: Cast) -> None:
    one, other = Round(state=RoundState.PUBLISHED), Round(state=RoundState.COMPUTED)
    assert policy.may_publish(cast.sora, other, one).code == "another_published"


@pytest.mark.parametrize(("ballots", "allowed"), [(99, False), (100, True), (5000, True)])
def test_few_ballots_are_a_file_for_moderators_only(
    cast: Cast, ballots: int, allowed: bool
) -> None:
    round_ = Round(state=RoundState.PUBLISHED, ballots=ballots)
    for stranger in (cast.visitor, cast.mina, cast.hyun):
        verdict = policy.may_download_ballots(stranger, round_, published_min=100)
        assert bool(verdict) is allowed
        assert verdict or "100" in str(verdict.reason)
    assert policy.may_download_ballots(cast.sora, round_, published_min=100)


def test_a_refusal_tells_the_visitor_to_sign_in_where_that_would_help(cast: Cast) -> None:
    campaign = make_campaign(phase=PhaseKind.SHORTLISTING)
    verdict = policy.may_compute(cast.visitor, campaign, Source.BALLOT, now=clock.now())
    assert verdict.sign_in
    assert not cast.mina.has(Permission.SHORTLIST_COMPUTE)
