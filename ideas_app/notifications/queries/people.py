"""Who is tied to an idea, and which staff a duty falls to. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from ideas_app.accounts.models import Account
from ideas_app.audit.models import AuditEntry
from ideas_app.comments.models import Comment
from ideas_app.comments.queries import visible_clause
from ideas_app.core.db import session
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Follow, Idea, State
from ideas_app.moderation.models import DeskNote
from ideas_app.notifications.models import Notice
from ideas_app.notifications.rules import Why
from ideas_app.shortlists.models import RoundEntry
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.audit.rules import Tag

Ties = dict[Why, dict[int, Idea]]
_DECIDED = (State.SHORTLISTED, State.NOT_SHORTLISTED, State.ANSWERED, State.DONE)


def list_open(account_ids: Iterable[int | None]) -> list[int]:
    """Those of the accounts that still belong to somebody, each once."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    return sorted(
        session().scalars(
            select(Account.id).where(Account.id.in_(wanted), Account.deleted_at.is_(None))
        )
    )


def authors_of(ideas: Iterable[Idea]) -> dict[int, Idea]:
    """By account, the first of these ideas that the person wrote. Paper ideas have no author here: their
    account is the centre's.
    """
    found: dict[int, Idea] = {}
    for idea in ideas:
        if idea.pen_name is None:
            found.setdefault(idea.author_id, idea)
    return found


def interested_in(ideas: Iterable[Idea]) -> Ties:
    """By reason and account, an idea of these that the person supports, discusses or follows."""
    by_id = {idea.id: idea for idea in ideas}
    sources = {
        Why.SUPPORTER: select(Support.account_id, Support.idea_id).where(
            Support.idea_id.in_(by_id)
        ),
        Why.COMMENTER: select(Comment.author_id, Comment.idea_id)
        .where(Comment.idea_id.in_(by_id), visible_clause())
        .distinct(),
        Why.FOLLOWER: select(Follow.account_id, Follow.idea_id).where(Follow.idea_id.in_(by_id)),
    }
    ties: Ties = {}
    for why, query in sources.items():
        people = ties.setdefault(why, {})
        for account_id, idea_id in sorted(tuple(row) for row in session().execute(query)):
            people.setdefault(account_id, by_id[idea_id])
    return ties


def ties_of(ideas: Iterable[Idea]) -> Ties:
    """Everybody who is tied to these ideas: authors, supporters, commenters, followers."""
    known = list(ideas)
    return {Why.AUTHOR: authors_of(known), **interested_in(known)}


def list_moderators() -> list[int]:
    """The accounts of the moderators."""
    return _list_staff(Role.MODERATOR)


def list_officials(department: str | None = None) -> list[int]:
    """The accounts of the officials, or of those of one department."""
    return _list_staff(Role.OFFICIAL, department)


def _list_staff(role: Role, department: str | None = None) -> list[int]:
    query = select(Account.id).where(
        Account.role == role, Account.disabled_at.is_(None), Account.deleted_at.is_(None)
    )
    if department is not None:
        query = query.where(Account.department == department)
    return list(session().scalars(query.order_by(Account.id)))


def find_doer(tag: Tag, subject_type: str, subject_id: int) -> int | None:
    """Who last did something to a thing, by the log; None for the system."""
    query = select(AuditEntry.actor_id).where(
        AuditEntry.tag == tag.value,
        AuditEntry.subject_type == subject_type,
        AuditEntry.subject_id == subject_id,
    )
    return session().scalar(query.order_by(AuditEntry.id.desc()).limit(1))


def list_members(family_id: int) -> list[Idea]:
    """The ideas that stand in a family now."""
    query = select(Idea).where(Idea.family_id == family_id).order_by(Idea.id)
    return list(session().scalars(query))


def list_ideas_of_round(round_id: int, *, elected: bool) -> list[Idea]:
    """The ideas whose entry, or whose family's entry, was elected in a round, or was not."""
    place = RoundEntry.final_rank
    rank = place.is_not(None) if elected else place.is_(None)
    chosen = select(RoundEntry.idea_id, RoundEntry.family_id).where(
        RoundEntry.round_id == round_id, rank
    )
    alone: set[int | None] = set()
    families: set[int | None] = set()
    for idea_id, family_id in session().execute(chosen):
        (alone if family_id is None else families).add(idea_id if family_id is None else family_id)
    query = select(Idea).where(or_(Idea.id.in_(alone), Idea.family_id.in_(families)))
    return list(session().scalars(query.where(Idea.state.in_(_DECIDED)).order_by(Idea.id)))


def list_on_ballot(campaign_id: int) -> list[Idea]:
    """The ideas that stand on a campaign's ballot, alone or with their family."""
    query = select(Idea).where(Idea.campaign_id == campaign_id, Idea.state == State.ON_BALLOT)
    return list(session().scalars(query.order_by(Idea.id)))


def list_naming(account_id: int) -> list[Notice]:
    """The notices of others that name a person: about their comments and their notes at the desk."""
    written = session().scalars(select(Comment.id).where(Comment.author_id == account_id))
    noted = session().scalars(select(DeskNote.id).where(DeskNote.author_id == account_id))
    keys = [f"comment:{each}" for each in written] + [f"note:{each}" for each in noted]
    return list(session().scalars(select(Notice).where(Notice.once_key.in_(keys))))
