"""Reads about one idea, one author or one campaign's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock, text
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.db import is_sqlite, session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission, Role
from ideas_app.ideas.models import Follow, Idea, Reading, Revision, State
from ideas_app.ideas.rules import HIDDEN_CODES, LISTED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


def readable_clause(actor: Actor = VISITOR) -> ColumnElement[bool]:
    """The SQL of `policy.may_read`: which ideas a person may read, for lists and counts."""
    if actor.has(Permission.IDEA_MODERATE):
        return true()
    is_shown = or_(Idea.code.is_(None), Idea.code.not_in(HIDDEN_CODES))
    open_to_all = or_(
        Idea.state.in_([*LISTED, State.WITHDRAWN]),
        and_(Idea.state == State.REJECTED, is_shown),
    )
    if actor.id is None:
        return open_to_all
    return or_(open_to_all, and_(Idea.author_id == actor.id, Idea.pen_name.is_(None)))


def get_idea(idea_id: int) -> Idea:
    """An idea with author, field, campaign (phases, fields), programme and family. Three statements.

    Raises `NotFound`. Whether the reader may see it is the question of `policy.may_read`.
    """
    whole_campaign = joinedload(Idea.campaign).options(
        selectinload(Campaign.phases), selectinload(Campaign.fields)
    )
    found = session().scalar(
        select(Idea)
        .where(Idea.id == idea_id)
        .options(
            joinedload(Idea.author),
            joinedload(Idea.field),
            joinedload(Idea.programme),
            joinedload(Idea.family),
            whole_campaign,
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("no_idea", _l("There is no such idea."))
    return found


def list_mates(idea: Idea) -> Sequence[Idea]:
    """The listed ideas of the family that an idea stands in, itself among them; none without a
    family.
    """
    if idea.family_id is None:
        return []
    query = select(Idea).where(Idea.family_id == idea.family_id, Idea.is_listed)
    return session().scalars(query.order_by(Idea.number)).all()


def _sent_since(account_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Idea.author_id == account_id,
        Idea.pen_name.is_(None),  # from paper they do not count
        Idea.submitted_at >= since,
    )


def list_texts_of(account_id: int, *, but: int | None = None, limit: int = 30) -> list[str]:
    """The newest texts that a person sent, whole, for the search for repetitions; without those from paper."""
    query = (
        select(Idea.title, Idea.why, Idea.how)
        .where(Idea.author_id == account_id, Idea.pen_name.is_(None), Idea.id != (but or 0))
        .order_by(Idea.id.desc())
        .limit(limit)
    )
    return ["\n".join(parts) for parts in session().execute(query)]


def next_number(campaign_id: int) -> int:
    """The next running number of a campaign.

    Holds the campaign's row until the transaction ends, so that two people who send at the same moment get two
    numbers.
    """
    _hold_numbers(campaign_id)
    query = select(func.max(Idea.number)).where(Idea.campaign_id == campaign_id)
    return (session().scalar(query) or 0) + 1


def _hold_numbers(campaign_id: int) -> None:
    if not is_sqlite():  # which holds its one write lock anyway
        hold = select(Campaign.id).where(Campaign.id == campaign_id)
        session().execute(hold.with_for_update(key_share=True))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new idea would stand."""

    number: int
    """The next running number of its campaign."""
    field_id: int | None
    """The field of the campaign that has this key."""
    sent: int
    """How many ideas the person has sent in the time that counts."""


def place_of(
    campaign_id: int, field: str, account_id: int, *, since: datetime, is_held: bool
) -> Place:
    """What sending an idea has to know beside its campaign. One statement, and the holding of `next_number` unless
    the campaign `is_held` already.
    """
    if not is_held:
        _hold_numbers(campaign_id)
    number = select(func.coalesce(func.max(Idea.number), 0) + 1)
    key = select(Field.id).where(Field.campaign_id == campaign_id, Field.key == field)
    sent = select(func.count(Idea.id)).where(*_sent_since(account_id, since))
    found = session().execute(
        select(
            number.where(Idea.campaign_id == campaign_id).scalar_subquery(),
            key.scalar_subquery(),
            sent.scalar_subquery(),
        )
    )
    return Place(*found.one())


def list_revisions(idea_id: int) -> Sequence[Revision]:
    """The versions of an idea, newest first."""
    query = select(Revision).where(Revision.idea_id == idea_id)
    return session().scalars(query.order_by(Revision.version.desc())).all()


def list_paper_keys(campaign_id: int) -> set[tuple[str, str, date]]:
    """The keys (`PaperIdea.key`) of the paper ideas that a campaign has."""
    query = select(Idea.title, Idea.pen_name, Idea.submitted_at).where(
        Idea.campaign_id == campaign_id, Idea.pen_name.is_not(None)
    )
    return {
        (text.key(title), text.key(pen_name or ""), clock.local_date(submitted_at))
        for title, pen_name, submitted_at in session().execute(query)
    }


def has_read(idea_id: int, account_id: int) -> bool:
    """Whether a person has read an idea before."""
    return session().get(Reading, (idea_id, account_id)) is not None


def is_following(idea_id: int, account_id: int) -> bool:
    """Whether a person follows an idea."""
    return session().get(Follow, (idea_id, account_id)) is not None


def list_followers(idea_id: int) -> Sequence[int]:
    """The account ids of an idea's followers."""
    return session().scalars(select(Follow.account_id).where(Follow.idea_id == idea_id)).all()


def find_field(campaign: Campaign, key: str) -> Field | None:
    """A campaign's field by its key."""
    return next((field for field in campaign.fields if field.key == key), None)


def find_keeper() -> Account | None:
    """The account behind ideas from paper where none is named: the first moderator, else the first admin."""
    query = select(Account).where(Account.disabled_at.is_(None), Account.deleted_at.is_(None))
    staff = query.where(Account.role.in_([Role.MODERATOR, Role.ADMIN]))
    moderators_first = (Account.role == Role.ADMIN, Account.id)
    return session().scalar(staff.order_by(*moderators_first).limit(1))
