"""Families: ideas joined under a common text without moving a vote, and taken apart again.

A member keeps its row, address, supports and comments; only `family_id` points to the family, and
`FamilyMember` keeps the trace. Must not know how supports are counted: `votes` counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.rules import CampaignRules, rules_of
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea
from ideas_app.moderation import policy, queries
from ideas_app.moderation.events import (
    FamilyFormed,
    FamilySplit,
    IdeaJoinedFamily,
    IdeaLeftFamily,
)
from ideas_app.moderation.models import FamilyMember
from ideas_app.moderation.rules import FAMILY_TEXT_MAX, is_enough_for_family, last_day
from ideas_app.moderation.service.gates import checked, require
from ideas_app.votes import service as votes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ideas_app.core.actor import Actor


def form_family(
    actor: Actor, ideas: Sequence[Idea], title: str, common_text: str, reason: str
) -> Family:
    """Joins two or more published ideas of one campaign; the authors are told and may object.

    Supports stay where they were given; the family counts distinct people. Raises `Refused` (no
    moderator, own idea), `Conflict` (not published, in a family already), `Invalid` (`ideas`,
    `title`, `text`, `reason`).
    """
    policy.may_moderate(actor).require()
    members = _hold_all([idea.id for idea in ideas])
    campaign = _only_campaign(members)
    require(policy.may_form_family(actor, members))
    rules = rules_of(campaign)
    now = clock.now()
    family = Family(
        campaign_id=campaign.id,
        title=_checked_title(title, rules),
        text=checked(common_text, field="text", most=FAMILY_TEXT_MAX),
        reason=checked(reason),
        formed_at=now,
        objection_until=_objection_until(rules, now),
        supports_count=0,
    )
    session().add(family)
    session().flush()
    _let_in(family, members, family.objection_until)
    votes.recount_family(family)
    diff = {"ideas": [idea.id for idea in members], "people": family.supports_count}
    audit.record(actor, Tag.FAMILY_FORMED, "family", family.id, reason=family.reason, diff=diff)
    outbox.publish(FamilyFormed(family.id))
    return family


def add_to_family(actor: Actor, family: Family, ideas: Sequence[Idea], reason: str) -> None:
    """Joins further published ideas to a family; their authors have the days to object from now on.

    Raises `Refused`, `Conflict` (split, put to the vote, in a family already, not published),
    `Invalid` (`ideas`, `reason`).
    """
    policy.may_moderate(actor).require()
    members = hold_family(family)
    joining = _hold_all([idea.id for idea in ideas])
    if not joining or any(idea.campaign_id != family.campaign_id for idea in joining):
        message = _l("Only ideas of one campaign can be joined.")
        raise Invalid(Fault("ideas", "other_campaign", message))
    require(policy.may_add_to_family(actor, family, members, joining))
    reason = checked(reason)
    rules = rules_of(session().get_one(Campaign, family.campaign_id))
    _let_in(family, joining, _objection_until(rules, clock.now()))
    votes.recount_family(family)
    diff = {"ideas": [idea.id for idea in joining], "people": family.supports_count}
    audit.record(actor, Tag.FAMILY_IDEA_ADDED, "family", family.id, reason=reason, diff=diff)
    for idea in joining:
        outbox.publish(IdeaJoinedFamily(family.id, idea.id))


def take_out(actor: Actor, family: Family, idea: Idea, reason: str) -> None:
    """Takes one idea out of a family in which at least two stay; it stands alone as before.

    Raises `Refused`, `Conflict` (split, put to the vote, only two left), `Invalid` (`idea`,
    `reason`).
    """
    policy.may_moderate(actor).require()
    members = hold_family(family)
    leaving = [member for member in members if member.id == idea.id]
    if not leaving:
        message = _l("This idea is not in the family.")
        raise Invalid(Fault("idea", "no_member", message))
    require(policy.may_take_out(actor, family, members))
    reason = checked(reason)
    release(family, leaving, reason)
    diff = {"ideas": [idea.id], "people": family.supports_count}
    audit.record(actor, Tag.FAMILY_IDEA_TAKEN_OUT, "family", family.id, reason=reason, diff=diff)
    outbox.publish(IdeaLeftFamily(family.id, idea.id))


def split_family(actor: Actor, family: Family, reason: str) -> None:
    """Takes a family apart: every member stands again as it stood, with its own supports.

    Raises `Refused`, `Conflict` (split already, or put to the vote), `Invalid` (field `reason`).
    """
    policy.may_moderate(actor).require()
    members = hold_family(family)
    require(policy.may_split_family(actor, family, members))
    reason = checked(reason)
    take_apart(family, members, reason)
    diff = {"ideas": [idea.id for idea in members]}
    audit.record(actor, Tag.FAMILY_SPLIT, "family", family.id, reason=reason, diff=diff)
    outbox.publish(FamilySplit(family.id))


def hold_family(family: Family) -> list[Idea]:
    """The family as it is now and its present members; nobody else moves them in the meantime."""
    session().refresh(family, with_for_update=True)
    return _hold_all(queries.list_member_ids(family.id))


def take_apart(family: Family, members: Sequence[Idea], reason: str) -> None:
    """All members leave; the family stays as a record without supporters."""
    family.split_at = clock.now()
    family.split_reason = reason
    release(family, members)
    votes.forget_leavers(family)


def release(family: Family, leaving: Sequence[Idea], reason: str | None = None) -> None:
    """Lets members go with what is theirs, and counts the family anew; `reason` where others stay.

    An official answer that only the family's supporters had earned goes with the family: the
    member keeps the one that its own supports had earned, in the family or before.
    """
    for idea in leaving:
        member = queries.get_member(family.id, idea.id)
        member.left_at = clock.now()
        member.left_reason = reason
        idea.family_id = None
        idea.answer_due_latched_at = idea.answer_earned_at
    votes.recount_family(family)


def _let_in(family: Family, joining: Sequence[Idea], until: datetime) -> None:
    """Ideas become members; one that had left before has its days to object anew."""
    for idea in joining:
        idea.family_id = family.id
        member = session().get(FamilyMember, (family.id, idea.id))
        if member is None:
            member = FamilyMember(family_id=family.id, idea_id=idea.id)
            session().add(member)
        member.joined_at, member.objection_until = clock.now(), until
        member.left_at = member.left_reason = None
    session().flush()


def _objection_until(rules: CampaignRules, now: datetime) -> datetime:
    until = last_day(clock.local_date(now), rules.objection_days)
    return clock.day_start(until, 23, 59)


def _hold_all(ids: Sequence[int]) -> list[Idea]:
    """The ideas as they are now, in the order of their ids, held until the transaction ends."""
    query = select(Idea).where(Idea.id.in_(ids)).order_by(Idea.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    return list(session().scalars(query))


def _only_campaign(members: Sequence[Idea]) -> Campaign:
    if not is_enough_for_family(idea.id for idea in members):
        message = _l("A family joins two ideas or more.")
        raise Invalid(Fault("ideas", "too_few", message))
    if len({idea.campaign_id for idea in members}) > 1:
        message = _l("Only ideas of one campaign can be joined.")
        raise Invalid(Fault("ideas", "other_campaign", message))
    return session().get_one(Campaign, members[0].campaign_id)


def _checked_title(title: str, rules: CampaignRules) -> str:
    title = checked(text.one_line(title), field="title", most=rules.title_max)
    if text.length(title) < rules.title_min:
        message = _l(
            "Too short: please write at least %(least)s characters.", least=rules.title_min
        )
        raise Invalid(Fault("title", "too_short", message))
    return title
