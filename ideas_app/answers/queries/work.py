"""An answer at work: its draft, who may take it, what was done with it, the words to begin from.

Only the desk asks here; nothing public does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, union

from ideas_app.accounts.models import Account
from ideas_app.accounts.queries import count_staff, nicknames_of
from ideas_app.answers import rules
from ideas_app.answers.models import Answer, AnswerTemplate, AnswerWork, Review
from ideas_app.answers.queries.one import list_promises
from ideas_app.answers.rules import AnswerContent, drafts
from ideas_app.answers.rules.desk import needs_second as second_is_needed
from ideas_app.audit import queries as audit
from ideas_app.campaigns.models import Field
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import GRANTS, Permission, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import CompoundSelect

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.errors import Fault

_ANSWERING = [role for role, grants in GRANTS.items() if Permission.ANSWER_WRITE in grants]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may answer."""

    id: int
    name: str
    department: str
    role: Role


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done with an answer, as its desk reads it."""

    at: datetime
    tag: str
    name: str | None
    reason: str
    towards: str
    """Whom or what it went to; empty where nobody."""


def find_work(answer_id: int) -> AnswerWork:
    """How an answer stands at the desk; one that nobody has touched looks like new."""
    found = session().get(AnswerWork, answer_id)
    return found or AnswerWork(
        answer_id=answer_id, version=0, department="", review=Review.NONE, review_word=""
    )


def content_of(answer: Answer) -> AnswerContent:
    """What an answer says in public, as a draft begins from it. Promises that were made stay where they are."""
    return AnswerContent(
        decision=answer.decision,
        headline=answer.headline,
        reason=answer.reason,
        department=answer.department,
        post=answer.post,
        next_on=answer.next_on,
    )


def draft_of(answer: Answer, work: AnswerWork) -> AnswerContent:
    """The draft, or what is published where nothing was changed since."""
    return drafts.from_plain(work.draft) if work.draft is not None else content_of(answer)


def faults_of_draft(answer: Answer, content: AnswerContent, today: date) -> list[Fault]:
    """What keeps a draft from being published on a day."""
    found = rules.faults_of(
        content,
        today=today,
        had_next_on=answer.next_on,
        has_promises=bool(list_promises(answer.id)),
    )
    known = {(fault.field, fault.code) for fault in found}
    others = drafts.draft_faults(content)
    return found + [fault for fault in others if (fault.field, fault.code) not in known]


def needs_second(campaign: Campaign) -> bool:
    """Whether drafts of a campaign need a second pair of eyes today."""
    officials = count_staff().get(Role.OFFICIAL, 0)
    setting = rules_of(campaign).answer_needs_second
    return second_is_needed(setting=setting, officials=officials)


def list_colleagues() -> list[Colleague]:
    """Everybody who may answer: officials first, then administrators, by department and name."""
    query = select(Account.id, Account.nickname, Account.department, Account.role).where(
        Account.role.in_(_ANSWERING),
        Account.disabled_at.is_(None),
        Account.deleted_at.is_(None),
        Account.verified_at.is_not(None),
    )
    found = [Colleague(row[0], row[1], row[2] or "", row[3]) for row in session().execute(query)]
    return sorted(found, key=lambda one: (one.role is Role.ADMIN, one.department, one.name))


def get_colleague(account_id: int) -> Colleague:
    """Somebody who may answer. Raises `NotFound`."""
    for one in list_colleagues():
        if one.id == account_id:
            return one
    raise NotFound("no_colleague", _l("Nobody here answers under this name, or no longer."))


def department_of(account_id: int | None) -> str:
    """The department of an official; empty where none is known."""
    if account_id is None:
        return ""
    return session().scalar(select(Account.department).where(Account.id == account_id)) or ""


def list_department_names() -> list[str]:
    """Departments that have officials, answers or work here, by name."""
    query: CompoundSelect[str | None] = union(
        select(Account.department.label("name")).where(
            Account.role == Role.OFFICIAL, Account.deleted_at.is_(None)
        ),
        select(Answer.department),
        select(AnswerWork.department),
    )
    return sorted({row[0] for row in session().execute(query) if row[0]})


def list_posts(limit: int = 30) -> list[str]:
    """Responsible posts that answers named, the newest first."""
    newest = func.max(Answer.answered_at)
    query = (
        select(Answer.post).where(Answer.post != "").group_by(Answer.post).order_by(newest.desc())
    )
    return list(session().scalars(query.limit(limit)))


def list_fields() -> list[Field]:
    """The fields to narrow by: each key once, named as the newest campaign does."""
    found: dict[str, Field] = {}
    for field in session().scalars(
        select(Field).order_by(Field.campaign_id.desc(), Field.position)
    ):
        found.setdefault(field.key, field)
    return list(found.values())


def list_acts(answer_id: int) -> list[Act]:
    """What was done with an answer, newest first, from the log. Two statements."""
    entries = audit.list_of_subject("answer", answer_id)
    people = [entry.actor_id for entry in entries] + [entry.diff.get("to") for entry in entries]
    names = nicknames_of(people)
    return [
        Act(
            entry.at,
            entry.tag,
            names.get(entry.actor_id or 0),
            entry.reason,
            names.get(entry.diff.get("to") or 0) or entry.diff.get("towards", ""),
        )
        for entry in reversed(entries)
    ]


def list_templates() -> Sequence[AnswerTemplate]:
    """The words to begin from, by title."""
    query = select(AnswerTemplate).order_by(AnswerTemplate.title, AnswerTemplate.id)
    return session().scalars(query).all()


def get_template(template_id: int) -> AnswerTemplate:
    """A template. Raises `NotFound`."""
    found = session().get(AnswerTemplate, template_id)
    if found is None:
        raise NotFound("no_template", _l("There is no such template. It was taken away meanwhile."))
    return found
