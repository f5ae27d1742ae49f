"""One evaluation, and the idea or family that it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ideas_app.campaigns.models import Campaign
from ideas_app.core import text
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.queries.rows import LIVE, EvaluationRow, row_of, rows_query
from ideas_app.ideas.models import Family, Idea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.evaluations.queries.tallies import Concerns


def get_evaluation(evaluation_id: int) -> Evaluation:
    """An evaluation as it is now. Raises `NotFound`."""
    query = select(Evaluation).where(Evaluation.id == evaluation_id)
    found = session().scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("no_evaluation", _l("There is no such evaluation."))
    return found


def get_row(evaluation_id: int) -> EvaluationRow:
    """An evaluation with its title and people. Raises `NotFound`."""
    found = session().execute(rows_query().where(Evaluation.id == evaluation_id)).first()
    if found is None:
        raise NotFound("no_evaluation", _l("There is no such evaluation."))
    return row_of(found)


def find_own(account_id: int | None, subject: Idea | Family) -> Evaluation | None:
    """What a person was asked about an idea or a family and did not decline; None where nothing."""
    column = Evaluation.idea_id if isinstance(subject, Idea) else Evaluation.family_id
    query = select(Evaluation).where(column == subject.id, Evaluation.account_id == account_id)
    return session().scalar(query.where(LIVE))


_NUMBER = re.compile(r"(\d{4})\s*-\s*(\d{1,6})")


def find_by_number(number: str) -> int | None:
    """The listed idea that people quote as `2026-017`; of several campaigns of a year, in the newest."""
    match = _NUMBER.fullmatch(text.one_line(number))
    if match is None:
        return None
    query = (
        select(Idea.id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Campaign.year == int(match[1]), Idea.number == int(match[2]), Idea.is_listed)
    )
    return session().scalar(query.order_by(Campaign.id.desc()).limit(1))


def get_subject(*, idea_id: int | None = None, family_id: int | None = None) -> Idea | Family:
    """The idea, or the family that it was joined into, or the family. Raises `NotFound`.

    A joined idea is answered with its family: it is evaluated with it, too.
    """
    if family_id is not None:
        found: Idea | Family | None = session().get(Family, family_id)
    else:
        query = select(Idea).where(Idea.id == idea_id).options(joinedload(Idea.family))
        idea = session().scalar(query.execution_options(populate_existing=True))
        family = idea.family if idea is not None else None
        found = family if family is not None and family.split_at is None else idea
    if found is None:
        raise NotFound("no_subject", _l("There is no such idea or family."))
    return found


def subject_of(thing: Concerns) -> Idea | Family:
    """What an evaluation, or an answer, is about: the very idea that was meant, joined since or not."""
    if thing.family_id is not None:
        return session().get_one(Family, thing.family_id)
    return session().get_one(Idea, thing.idea_id)


def is_open(subject: Idea | Family) -> bool:
    """Whether it can be evaluated: an idea that is listed, a family that stands."""
    return subject.is_listed if isinstance(subject, Idea) else subject.split_at is None


def ideas_of(subject: Idea | Family) -> Sequence[Idea]:
    """The idea, or the listed members of the family, with their fields and authors."""
    chosen = (
        (Idea.id == subject.id,)
        if isinstance(subject, Idea)
        else (Idea.family_id == subject.id, Idea.is_listed)
    )
    query = select(Idea).where(*chosen).order_by(Idea.number)
    return (
        session()
        .scalars(
            query.options(
                joinedload(Idea.field), joinedload(Idea.author), joinedload(Idea.campaign)
            )
        )
        .all()
    )
