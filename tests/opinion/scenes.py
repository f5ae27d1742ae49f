"""A campaign in which two camps said what they think."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select

from ideas_app.accounts.models import Account, Tie
from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Idea, Reading, ReadingAnswer
from ideas_app.opinion import service
from ideas_app.opinion.models import OpinionMap
from ideas_app.opinion.queries import find_map
from ideas_app.votes.models import Support
from tests.factories import make_campaign, make_idea, reload
from tests.people import PASSWORD_HASH, Cast

IDEAS = 12
SIDE = 4
"""Ideas that only one camp supports; as many only the other, the rest both."""


def answered(
    cast: Cast,
    phase: PhaseKind = PhaseKind.ANSWERING,
    *,
    people: int = 30,
    slug: str = "ideas-2026",
) -> tuple[Campaign, list[Idea]]:
    """Two camps of so many people each; all but one idea get an answer of each, in turn another."""
    campaign = make_campaign(slug, phase)
    ideas = [make_idea(cast.dana, campaign) for _number in range(IDEAS)]
    now = clock.now()
    crowd = make_crowd(2 * people, f"crowd-{slug}-")
    supports, readings = [], []
    for number, account_id in enumerate(crowd):
        for place, idea in enumerate(ideas):
            if place == number % IDEAS:
                continue
            key = {"idea_id": idea.id, "account_id": account_id}
            here, there = place < SIDE, SIDE <= place < 2 * SIDE
            if there if number < people else here:
                readings.append(key | {"read_at": now, "answer": ReadingAnswer.UNSURE})
            else:
                supports.append(key | {"given_at": now})
    with transaction() as current:
        for table, rows in ((Support, supports), (Reading, readings)):
            if rows:
                current.execute(insert(table), rows)
    return reload(Campaign, campaign.id), ideas


def make_crowd(count: int, name: str) -> list[int]:
    """So many youths as rows; their ids."""
    now = clock.now()
    rows = [
        {"email": f"{name}{each}@example.org", "email_key": f"{name}{each}@example.org",
         "password_hash": PASSWORD_HASH, "nickname": f"{name}{each}", "nickname_key": f"{name}{each}",
         "role": Role.YOUTH, "born_on": date(2000, 1, 1), "tie": Tie.RESIDENT, "created_at": now,
         "verified_at": now}
        for each in range(count)
    ]  # fmt: skip
    with transaction() as current:
        current.execute(insert(Account), rows)
    query = select(Account.id).where(Account.nickname.startswith(name)).order_by(Account.id)
    with transaction() as current:
        return list(current.scalars(query))


def computed(campaign: Campaign) -> OpinionMap:
    """The campaign's map, computed now."""
    service.compute(campaign.id)
    found = find_map(campaign.id)
    assert found is not None
    return found
