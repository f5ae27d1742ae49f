"""Families: authors may object; whoever supports, discusses or follows a member may leave."""

from __future__ import annotations

from ideas_app.audit.rules import Tag
from ideas_app.core.outbox import handles
from ideas_app.ideas import queries as ideas
from ideas_app.moderation import queries as moderation
from ideas_app.moderation.events import (
    FamilyFormed,
    FamilySplit,
    IdeaJoinedFamily,
    IdeaLeftFamily,
    ObjectionSettled,
)
from ideas_app.notifications import queries, service
from ideas_app.notifications.jobs.frame import stamp
from ideas_app.notifications.rules import Why


@handles(FamilyFormed)
def tell_family(event: FamilyFormed) -> None:
    """Everybody who is tied to a member."""
    family = moderation.get_family(event.family_id)
    doer = queries.find_doer(Tag.FAMILY_FORMED, "family", family.id)
    ties = queries.ties_of(queries.list_members(family.id))
    told = {"family": family.title, "reason": family.reason}
    service.tell("family_formed", family.id, ties, doers=[doer], **told)


@handles(IdeaJoinedFamily)
def tell_joined(event: IdeaJoinedFamily) -> None:
    """The added idea's author may object and its supporters may leave, as when a family is formed;
    the other authors hear that the family has grown.
    """
    family = moderation.get_family(event.family_id)
    idea = ideas.get_idea(event.idea_id)
    doer = queries.find_doer(Tag.FAMILY_IDEA_ADDED, "family", family.id)
    once = f"{family.id}:{stamp(moderation.get_member(family.id, idea.id).joined_at)}:{idea.id}"
    told = {"family": family.title}
    service.tell("family_formed", once, queries.ties_of([idea]), doers=[doer], **told)
    others = [one for one in queries.list_members(family.id) if one.id != idea.id]
    ties = {Why.AUTHOR: queries.authors_of(others)}
    service.tell("family_grew", once, ties, doers=[doer, idea.author_id], joined=idea.title, **told)


@handles(IdeaLeftFamily)
def tell_left(event: IdeaLeftFamily) -> None:
    """Everybody who is tied to an idea that was taken out."""
    family = moderation.get_family(event.family_id)
    idea = ideas.get_idea(event.idea_id)
    member = moderation.get_member(family.id, idea.id)
    doer = queries.find_doer(Tag.FAMILY_IDEA_TAKEN_OUT, "family", family.id)
    once = f"{family.id}:{stamp(member.left_at)}:{idea.id}"
    told = {"family": family.title, "reason": member.left_reason}
    service.tell("family_left", once, queries.ties_of([idea]), doers=[doer], **told)


@handles(FamilySplit)
def tell_split(event: FamilySplit) -> None:
    """Everybody who is tied to a member: the ideas stand alone again."""
    family = moderation.get_family(event.family_id)
    members = [ideas.get_idea(one.idea.id) for one in moderation.view_family(family.id).members]
    doer = queries.find_doer(Tag.FAMILY_SPLIT, "family", family.id)
    told = {"family": family.title, "reason": family.split_reason}
    service.tell("family_split", family.id, queries.ties_of(members), doers=[doer], **told)


@handles(ObjectionSettled)
def tell_objection(event: ObjectionSettled) -> None:
    """The author hears what became of the objection."""
    objection = moderation.get_objection(event.objection_id)
    ties = {Why.AUTHOR: queries.authors_of([ideas.get_idea(objection.idea_id)])}
    service.tell("objection_settled", objection.id, ties, reason=objection.resolution)
