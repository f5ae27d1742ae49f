"""Who can be asked to evaluate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.accounts.models import Account
from ideas_app.core import text
from ideas_app.core.db import session
from ideas_app.core.permissions import GRANTS, Permission
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.queries.one import ideas_of
from ideas_app.evaluations.queries.rows import LIVE
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from ideas_app.core.permissions import Role


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who evaluates, and whether they can be asked about this one."""

    id: int
    name: str
    role: Role
    department: str
    """Empty for the centre's own people."""
    is_asked: bool
    is_author: bool
    """Wrote it, or one of its ideas: nobody scores their own."""

    @property
    def is_free(self) -> bool:
        """Whether they can be asked."""
        return not self.is_asked and not self.is_author


def list_colleagues(subject: Idea | Family, words: str = "") -> list[Colleague]:
    """Everybody whose role evaluates and whose account is open, by department and name; with words, those
    whose name or department holds them.
    """
    roles = [role for role, grants in GRANTS.items() if Permission.EVALUATION_GIVE in grants]
    column = Evaluation.idea_id if isinstance(subject, Idea) else Evaluation.family_id
    asked = set(
        session().scalars(select(Evaluation.account_id).where(column == subject.id).where(LIVE))
    )
    authors = {idea.author_id for idea in ideas_of(subject) if idea.pen_name is None}
    rows = session().execute(
        select(Account.id, Account.nickname, Account.role, Account.department)
        .where(Account.role.in_(roles), Account.verified_at.is_not(None))
        .where(Account.disabled_at.is_(None), Account.deleted_at.is_(None))
    )
    found = [
        Colleague(
            row.id,
            row.nickname,
            row.role,
            row.department or "",
            is_asked=row.id in asked,
            is_author=row.id in authors,
        )
        for row in rows
    ]
    wanted = text.key(words)
    fits = [one for one in found if wanted in text.key(f"{one.department}{one.name}")]
    return sorted(fits, key=lambda one: (one.department, one.name))
