"""Whatever is joined, supported, left, taken out and split in whatever order: numbers equal the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ideas_app.core.db import session
from ideas_app.core.errors import DomainError
from ideas_app.ideas.models import Family, Idea
from ideas_app.votes.models import FamilyLeaver, Support
from ideas_app.votes.queries import find_wrong_counters
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import (
    add,
    come_back,
    join,
    leave,
    split,
    support,
    take_back,
    take_out,
)
from tests.people import make_account

ENOUGH = 2
"""Supports for an official answer in these stories."""
ACTS = ("support", "support", "take_back", "join", "add", "take_out", "split", "leave", "come_back")
stories = count(1)


@dataclass
class World:
    """What should be, kept with plain sets: who supports what, who stands where, who left."""

    ideas: list[int]
    voters: list[Any]
    supports: set[tuple[int, int]] = field(default_factory=set)
    members: dict[int, set[int]] = field(default_factory=dict)
    left: set[tuple[int, int]] = field(default_factory=set)
    earned: set[int] = field(default_factory=set)
    latched: set[int] = field(default_factory=set)

    def people(self, family_id: int) -> set[int]:
        return {
            voter
            for voter, idea in self.supports
            if idea in self.members[family_id] and (family_id, voter) not in self.left
        }

    def note_latches(self) -> None:
        for idea in self.ideas:
            if sum(idea == one for _voter, one in self.supports) >= ENOUGH:
                self.earned.add(idea)
        self.latched |= self.earned
        for family_id, members in self.members.items():
            if len(self.people(family_id)) >= ENOUGH:
                self.latched |= members

    def release(self, family_id: int, leaving: set[int]) -> None:
        self.members[family_id] -= leaving
        self.latched -= leaving - self.earned


def play(world: World, moderator: Any, act: str, voter: int, first: int, second: int) -> None:
    """One act on the service and, where it was let through, on the world of sets."""
    who, idea, other = world.voters[voter], world.ideas[first], world.ideas[second]
    family_id = next(
        (key for key, members in world.members.items() if idea in members),
        next(iter(world.members), 0),
    )
    if act == "support":
        support(who, idea)
        world.supports.add((who.id, idea))
    elif act == "take_back":
        take_back(who, idea)
        world.supports.discard((who.id, idea))
    elif act == "join":
        world.members[join(moderator, [idea, other])] = {idea, other}
    elif act == "add":
        add(moderator, family_id, [other])
        world.members[family_id].add(other)
    elif act == "take_out":
        take_out(moderator, family_id, idea)
        world.release(family_id, {idea})
    elif act == "split":
        split(moderator, family_id)
        world.release(family_id, set(world.members[family_id]))
        world.left = {(key, one) for key, one in world.left if key != family_id}
    elif act == "leave":
        leave(who, family_id)
        world.left.add((family_id, who.id))
    else:
        come_back(who, family_id)
        world.left.discard((family_id, who.id))
    world.note_latches()


def look(world: World) -> None:
    """Everything that can be seen in the database is what the sets say."""
    session().expire_all()
    assert find_wrong_counters() == []
    rows = session().execute(select(Support.account_id, Support.idea_id))
    assert {tuple(row) for row in rows if row[1] in world.ideas} == world.supports
    for idea in session().scalars(select(Idea).where(Idea.id.in_(world.ideas))):
        stands_in = [key for key, members in world.members.items() if idea.id in members]
        assert [idea.family_id] == (stands_in or [None])
        assert (idea.answer_due_latched_at is not None) == (idea.id in world.latched)
        assert (idea.answer_earned_at is not None) == (idea.id in world.earned)
    for family in session().scalars(select(Family).where(Family.id.in_(list(world.members)))):
        assert family.supports_count == len(world.people(family.id))
    query = select(FamilyLeaver.family_id, FamilyLeaver.account_id)
    found = session().execute(query.where(FamilyLeaver.family_id.in_(list(world.members))))
    assert {tuple(row) for row in found} == world.left


STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)),
    max_size=22,
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_no_order_of_acts_loses_a_vote_or_makes_one(cast, steps):
    story = next(stories)
    campaign = make_campaign(f"hold-{story}", settings={"answer_supports": ENOUGH})
    ideas = [make_idea(cast.mina, campaign).id for _ in range(4)]
    world = World(ideas, [make_account(f"hold-{story}-{number}") for number in range(3)])
    for act, voter, first, second in steps:
        try:
            play(world, cast.sora, act, voter, first, second)
        except DomainError:
            session().rollback()  # what is refused changes nothing
    look(world)
