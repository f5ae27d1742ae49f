"""Short words for what tests of voting do again and again."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select, update

from ideas_app.campaigns.models import Campaign, Phase, PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import db, session, transaction
from ideas_app.ideas.models import Family, Idea
from ideas_app.programmes.models import Person
from ideas_app.programmes.rules.names import name_key
from ideas_app.votes import queries, service
from ideas_app.votes.models import Ballot, BallotEntry, PaperState, Support
from ideas_app.votes.rules import VoterGiven
from tests.factories import make_idea

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ideas_app.core.actor import Actor


def support(actor: Actor, idea_id: int) -> int:
    """As the page does: nothing follows in the transaction."""
    with transaction():
        return service.give_support(actor, idea_id, is_last=True).supports


def take_back(actor: Actor, idea_id: int) -> int:
    with transaction():
        return service.take_support_back(actor, idea_id, is_last=True).supports


def rows_of(idea_id: int) -> int:
    return len(session().scalars(select(Support.id).where(Support.idea_id == idea_id)).all())


def counter_of(idea_id: int) -> int:
    return session().scalars(select(Idea.supports_count).where(Idea.id == idea_id)).one()


def family_counter(family_id: int) -> int:
    return session().scalars(select(Family.supports_count).where(Family.id == family_id)).one()


def make_family(campaign: Campaign, ideas: Sequence[Idea], title: str = "막차를 늦춰요") -> int:
    return join_ideas(campaign.id, [idea.id for idea in ideas], title)


def join_ideas(campaign_id: int, ids: Sequence[int], title: str = "막차를 늦춰요") -> int:
    """A family, formed as moderators form it: its row first, then its members, then its count."""
    now = clock.now()
    with transaction() as current:
        family = Family(
            campaign_id=campaign_id,
            title=title,
            text="함께 쓴 글이에요.",
            reason="같은 이야기예요.",
            formed_at=now,
            objection_until=now + timedelta(days=7),
        )
        current.add(family)
        current.flush()
        for idea_id in sorted(ids):
            current.execute(update(Idea).where(Idea.id == idea_id).values(family_id=family.id))
        service.recount_family(family)
        return family.id


def close(campaign: Campaign, kind: PhaseKind) -> None:
    """Ends a phase now."""
    close_phase(campaign.id, kind)


def close_phase(campaign_id: int, kind: PhaseKind) -> None:
    """Ends a phase now."""
    with transaction() as current:
        current.execute(
            update(Phase)
            .where(Phase.campaign_id == campaign_id, Phase.kind == kind.value)
            .values(ends_at=clock.now())
        )


def move_to(slug: str, kind: PhaseKind) -> None:
    """Shifts all phases of a campaign so that the given one is running."""
    with transaction():
        campaign = get_campaign(slug)
        now = clock.now()
        there = next(phase for phase in campaign.phases if phase.kind == kind)
        shift = now - timedelta(days=1) - there.starts_at
        for phase in campaign.phases:
            phase.starts_at += shift
            phase.ends_at += shift


def prepare_ballot(moderator: Actor, campaign: Campaign, authors: Sequence[Actor]) -> list[int]:
    """One idea for each author put onto the ballot, which is open afterwards; the ids of the entries."""
    ids = [make_idea(author, campaign).id for author in authors]
    slug = campaign.slug
    with transaction():
        ideas = [queries.get_idea(idea_id) for idea_id in ids]
        service.set_entries(moderator, get_campaign(slug), ideas)
    move_to(slug, PhaseKind.BALLOT)
    query = select(BallotEntry.id).join(Idea, Idea.id == BallotEntry.idea_id)
    return list(session().scalars(query.where(Idea.id.in_(ids)).order_by(BallotEntry.id)))


def cast(actor: Actor, slug: str, entry_ids: Sequence[int]) -> None:
    with transaction():
        service.cast_ballot(actor, get_campaign(slug), entry_ids)


def ballot_of(actor: Actor, slug: str) -> Ballot | None:
    return queries.find_ballot(actor.id, get_campaign(slug))


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements that run in the block, without transaction control."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(
            ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
        ):
            seen.append(statement)

    engine = db.engine
    target = getattr(engine, "engine", engine)
    event.listen(target, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(target, "before_cursor_execute", note)


BORN = date(2001, 3, 14)


def given(name: str = "홍길동", born_on: date = BORN, **more: Any) -> VoterGiven:
    return VoterGiven(name=name, born_on=born_on, **more)


def take_in(moderator: Actor, slug: str, who: VoterGiven | None = None) -> int:
    """A paper taken in; its number."""
    with transaction():
        return service.register_paper(moderator, get_campaign(slug), who or given()).id


def enter(moderator: Actor, paper_id: int, entry_ids: Sequence[int]) -> PaperState:
    with transaction():
        return service.enter_paper(moderator, paper_id, entry_ids).state


def count_paper(
    moderators: Sequence[Actor], slug: str, entry_ids: Sequence[int], who: VoterGiven | None = None
) -> PaperState:
    """A paper taken in and entered alike by two moderators."""
    first, second = moderators
    number = take_in(first, slug, who)
    enter(first, number, entry_ids)
    return enter(second, number, entry_ids)


def make_person(name: str, born_on: date | None = BORN, *, account: Actor | None = None) -> int:
    """A person on the rosters, linked with an account or not."""
    with transaction() as current:
        person = Person(
            name=name,
            name_key=name_key(name),
            born_on=born_on,
            phone="01012345678",
            match_key=secrets.token_hex(32),
            account_id=account.id if account else None,
            created_at=clock.now(),
        )
        current.add(person)
        current.flush()
        return person.id
