"""What follows later: a published shortlist, or enough supports, starts the city's clock; a draft goes out
when its time has come; the day of a promise comes, and passes.

Must not decide anything itself.
"""

from __future__ import annotations

from datetime import datetime

from ideas_app.answers import service
from ideas_app.answers.events import AnswerToPublish
from ideas_app.core import clock, housekeeping, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session
from ideas_app.ideas.models import Family, Idea
from ideas_app.moderation import queries as moderation
from ideas_app.moderation.events import FamilySplit, IdeaLeftFamily
from ideas_app.shortlists import queries as shortlists
from ideas_app.shortlists.events import ShortlistPublished
from ideas_app.votes.events import AnswerDue, AnswerNotDue


@outbox.handles(ShortlistPublished)
def open_clocks(event: ShortlistPublished) -> None:
    """Starts the clock of each entry of a published list. Running twice starts none twice."""
    service.open_answers(SYSTEM, shortlists.get_round(event.round_id))


@outbox.handles(AnswerDue)
def open_clock(event: AnswerDue) -> None:
    """Starts the clock of an idea, or its family, that has enough supports: from the day on which it
    had them.
    """
    idea = session().get_one(Idea, event.idea_id)
    if idea.answer_due_latched_at is None:
        return  # the family that it had earned the answer with was split, or supports were set aside
    service.open_answer(SYSTEM, idea, clock.local_date(idea.answer_due_latched_at))


@outbox.handles(AnswerNotDue)
def close_clock(event: AnswerNotDue) -> None:
    """Stops the clock of an idea whose supports were set aside, unless it is owed an answer again by now."""
    idea = session().get_one(Idea, event.idea_id)
    if idea.answer_due_latched_at is None:
        service.close_answer(SYSTEM, idea)


@outbox.handles(FamilySplit)
def part_clocks(event: FamilySplit) -> None:
    """The ideas of a family that is no more are owed what each of them had earned alone."""
    family = session().get_one(Family, event.family_id)
    members = [member.idea.id for member in moderation.view_family(family.id).members]
    service.give_clocks_back(SYSTEM, family, members)


@outbox.handles(IdeaLeftFamily)
def part_clock(event: IdeaLeftFamily) -> None:
    """An idea that was taken out is owed what it had earned alone; the family's clock goes on."""
    family = session().get_one(Family, event.family_id)
    service.give_clocks_back(SYSTEM, family, [event.idea_id])


@housekeeping.hourly
def mind_promises() -> None:
    """Asks the officials on the day of each promise; tells on the next that it passed without a word."""
    service.mind_promises()


@outbox.handles(AnswerToPublish)
def publish_at_its_time(event: AnswerToPublish) -> None:
    """Publishes a draft, if the time and the words are still those that were set."""
    service.publish_scheduled(event.answer_id, datetime.fromisoformat(event.at), event.version)


@housekeeping.hourly
def publish_what_is_due() -> None:
    """Catches up on set times whose event was lost."""
    service.publish_due()
