"""Families: ideas joined under a common text without moving a vote, and taken apart again.

A member keeps its row, address, supports and comments; only `family_id` points to the family, and
`FamilyMember` keeps the trace. Must not know how supports are counted: `votes` counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

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
from ideas_app.moderation.events import FamilyFormed, FamilySplit
from ideas_app.moderation.models import FamilyMember
from ideas_app.moderation.rules import FAMILY_TEXT_MAX, is_enough_for_family, last_day
from ideas_app.moderation.service.gates import checked, require
from ideas_app.votes import service as votes

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    until = last_day(clock.local_date(now), rules.objection_days)
    family = Family(
        campaign_id=campaign.id,
        title=_checked_title(title, rules),
        text=checked(common_text, field="text", most=FAMILY_TEXT_MAX),
        reason=checked(reason),
        formed_at=now,
        objection_until=clock.day_start(until, 23, 59),
        supports_count=0,
    )
    session().add(family)
    session().flush()
    for idea in members:
        idea.family_id = family.id
        session().add(FamilyMember(family_id=family.id, idea_id=idea.id, joined_at=now))
    votes.recount_family(family)
    diff = {"ideas": [idea.id for idea in members], "people": family.supports_count}
    audit.record(actor, Tag.FAMILY_FORMED, "family", family.id, reason=family.reason, diff=diff)
    outbox.publish(FamilyFormed(family.id))
    return family


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


def release(family: Family, leaving: Sequence[Idea]) -> None:
    """Lets members go with what is theirs, and counts the family anew.

    An official answer that only the family's supporters had earned goes with the family: the
    member is due one of its own when its own supports reach the campaign's number.
    """
    ids = [idea.id for idea in leaving]
    least = rules_of(session().get_one(Campaign, family.campaign_id)).answer_supports
    session().flush()
    session().execute(
        update(FamilyMember)
        .where(FamilyMember.family_id == family.id, FamilyMember.idea_id.in_(ids))
        .values(left_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )
    for idea in leaving:
        idea.family_id = None
        since = idea.answer_due_latched_at
        if since and since >= family.formed_at and idea.supports_count < least:
            idea.answer_due_latched_at = None
    votes.recount_family(family)


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
