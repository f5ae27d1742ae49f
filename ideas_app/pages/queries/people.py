"""Who took part in a campaign, counted from the acts themselves: what the database keeps count of has to equal it.

Must not change anything, nor tell who they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, union_all

from ideas_app.comments.models import Comment
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, Partaker
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from sqlalchemy import Select


def acts_by_person() -> Select[int, int, int]:
    """The statement for all rows of `Partaker` as they ought to be: campaign, account, acts."""
    acts = union_all(
        select(Idea.campaign_id, Idea.author_id.label("person")),
        select(Idea.campaign_id, Support.account_id).join(Support, Support.idea_id == Idea.id),
        select(Idea.campaign_id, Comment.author_id).join(Comment, Comment.idea_id == Idea.id),
    ).subquery()
    whose = (acts.c.campaign_id, acts.c.person)
    return select(*whose, func.count().label("acts")).group_by(*whose)


def find_wrong_people() -> list[str]:
    """Each campaign whose people are not those of its acts, in words for the operator; no person is named."""
    kept = select(Partaker.campaign_id, Partaker.account_id, Partaker.acts)
    stored, counted = _by_campaign(kept), _by_campaign(acts_by_person())
    found = []
    for campaign in sorted(stored.keys() | counted.keys()):
        are, ought = stored.get(campaign, set()), counted.get(campaign, set())
        if are != ought:
            differ = len({account_id for account_id, _acts in are ^ ought})
            found.append(
                f"people of campaign {campaign}: they are {len(are)}, the acts say {len(ought)}; "
                f"of {differ} the number of acts differs"
            )
    return found


def _by_campaign(query: Select[int, int, int]) -> dict[int, set[tuple[int, int]]]:
    found: dict[int, set[tuple[int, int]]] = {}
    for campaign_id, account_id, acts in session().execute(query):
        found.setdefault(campaign_id, set()).add((account_id, acts))
    return found
