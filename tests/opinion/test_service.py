"""A map is computed by the worker, once for the same votes, and holds nothing of a person."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Refused
from ideas_app.core.outbox import OutboxEvent
from ideas_app.opinion import queries, service
from ideas_app.opinion.models import OpinionMap
from ideas_app.votes.models import Support
from tests.factories import make_campaign
from tests.opinion.scenes import answered, computed
from tests.people import Actor, Cast


def ask(person: Actor, slug: str = "ideas-2026") -> None:
    with transaction():
        service.ask_anew(person, get_campaign(slug))


def owed(campaign_id: int) -> bool:
    found = queries.find_map(campaign_id)
    return found is not None and found.asked_at is not None


def test_the_camps_of_a_campaign_are_found_and_nobody_is_named(cast: Cast) -> None:
    campaign, ideas = answered(cast)
    found = computed(campaign)
    assert found.result is not None
    assert [group["size"] for group in found.result["groups"]] == [30, 30]
    sides = [set(map(int, group["ideas"])) for group in found.result["groups"]]
    first, second = ({idea.id for idea in ideas[4 * at : 4 * at + 4]} for at in (0, 1))
    assert sides in ([first, second], [second, first])
    assert found.digest == queries.read_votes(campaign).digest
    for word in ("account", "members", "coordinates", "nickname"):
        assert word not in json.dumps(found.result)


def test_asking_leaves_the_work_to_the_worker(cast: Cast) -> None:
    campaign, _ideas = answered(cast)
    ask(cast.hyun)
    waiting = queries.find_map(campaign.id)
    assert waiting is not None
    assert waiting.result is None
    assert owed(campaign.id)
    with pytest.raises(Refused, match="being_computed"):
        ask(cast.sora)
    assert outbox.drain() == 1
    done = queries.find_map(campaign.id)
    assert done is not None
    assert done.result is not None
    assert not owed(campaign.id)


def test_the_stranger_cannot_ask(cast: Cast) -> None:
    campaign, _ideas = answered(cast, people=1)
    for person in (cast.mina, cast.jun, cast.visitor):
        with pytest.raises(Refused):
            ask(person)
    assert queries.find_map(campaign.id) is None


def test_the_same_votes_are_not_computed_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, _ideas = answered(cast, people=5)
    first = computed(campaign)
    result, at = first.result, first.computed_at
    assert at is not None
    with monkeypatch.context() as patched:
        patched.setattr(service, "opinion_map", lambda _votes: pytest.fail("computed again"))
        with clock.at(at + timedelta(hours=1)):
            again = computed(campaign)
    assert again.result == result
    assert again.computed_at == at + timedelta(hours=1)
    with transaction() as current:
        current.execute(delete(Support).where(Support.id.in_(select(func.max(Support.id)))))
    digest = again.digest
    assert computed(campaign).digest != digest


def test_what_is_asked_for_during_the_work_stays_owed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, _ideas = answered(cast, people=5)
    real = service.opinion_map

    def slow(votes: object) -> object:
        with clock.at(clock.now() + timedelta(minutes=1)):
            ask(cast.sora)
        return real(votes)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "opinion_map", slow)
    service.compute(campaign.id)
    assert owed(campaign.id)


def test_a_campaign_that_is_gone_is_left_alone(cast: Cast) -> None:
    service.compute(2_000_000)
    assert session().scalar(select(func.count(OpinionMap.id))) == 0


def test_housekeeping_asks_once_when_a_gathering_has_closed(cast: Cast) -> None:
    closed, _ideas = answered(cast, PhaseKind.PREPARING, people=2, slug="closed")
    closed_id = closed.id
    make_campaign("open")
    housekeeping.run()
    housekeeping.run()
    asked = select(OutboxEvent.payload).where(OutboxEvent.kind == "MapAsked")
    assert list(session().scalars(asked)) == [{"campaign_id": closed_id}]
    outbox.drain()
    housekeeping.run()
    assert len(list(session().scalars(asked))) == 1
    found = queries.find_map(closed_id)
    assert found is not None
    assert found.computed_at is not None


def test_a_map_looked_at_early_is_computed_again_after_the_close(cast: Cast) -> None:
    campaign, _ideas = answered(cast, PhaseKind.GATHERING, people=2)
    computed(campaign)
    ends = next(p.ends_at for p in campaign.phases if p.kind == PhaseKind.GATHERING)
    with clock.at(ends), transaction():
        assert service.ask_after_close() == 1


def test_a_map_goes_with_its_campaign(cast: Cast) -> None:
    campaign = make_campaign()
    computed(campaign)
    with transaction() as current:
        current.delete(current.get_one(Campaign, campaign.id))
    assert session().scalar(select(func.count(OpinionMap.id))) == 0
