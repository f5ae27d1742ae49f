"""A year with everything that can be data: a closed ballot, its shortlist, an answer, a promise on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ideas_app.answers.models import Answer, Decision, Promise, PromiseStep
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.opendata import queries, service
from ideas_app.shortlists import queries as shortlists
from ideas_app.shortlists.models import Round, RoundState
from tests.opendata.packages import Bundle
from tests.shortlists.scenes import closed_ballot, computed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.people import Cast

SLUG = "ideas-2026"
CAMPS = {"ab": 6, "abc": 4, "d": 3, "de": 2}
"""15 ballots with 12 + 12 + 3 + 4 choices."""


def whole_year(cast: Cast, *, answered: int | None = None) -> dict[str, int]:
    """A published shortlist, so many of its ideas answered (all without a number); ids of ideas by letter."""
    campaign, ideas = closed_ballot(cast, CAMPS, published_ballots_min=15)
    campaign_id, ids = campaign.id, {letter: idea.id for letter, idea in ideas.items()}
    make_public(computed(cast, campaign).id)
    round_ = shortlists.find_published(campaign_id)
    assert round_ is not None
    elected = [one.idea_id for one in shortlists.list_elected(round_) if one.idea_id]
    answer(elected[:answered])
    return ids


def make_public(round_id: int) -> None:
    """Publishes a round without the signatures and the analysis, which are not data."""
    with transaction() as current:
        row = current.get_one(Round, round_id)
        row.state, row.published_at = RoundState.PUBLISHED, clock.now()


def answer(idea_ids: Sequence[int]) -> None:
    """The city answers, with a promise in each answer."""
    today, now = clock.today(), clock.now()
    with transaction() as current:
        for idea_id in idea_ids:
            row = current.query(Answer).filter_by(idea_id=idea_id).one_or_none() or Answer(
                idea_id=idea_id, received_on=today, due_on=today
            )
            row.decision, row.reason = Decision.ADOPTED, "=금요일부터 늦춥니다."
            row.department, row.answered_at = "교통행정과", now
            current.add(row)
            current.flush()
            promise = Promise(
                answer_id=row.id,
                text="시험 운행",
                due_on=today + timedelta(days=90),
                made_at=now,
            )
            current.add(promise)
            current.flush()
            current.add(
                PromiseStep(
                    promise_id=promise.id,
                    text="노선을 정했습니다.",
                    percent=40,
                    promised_for=promise.due_on,
                    made_at=now,
                )
            )


def bundle_of(slug: str = SLUG, lang: str = "ko") -> Bundle:
    """The bundle of a campaign as it would be made now."""
    made = service.build(get_campaign(slug), "en" if lang == "en" else "ko")
    return Bundle(made.package.content)


def kept(slug: str = SLUG, lang: str = "ko", edition: int = 0) -> Bundle:
    """The bundle that is kept of a campaign."""
    return Bundle(queries.read_content(queries.get_bundle(slug, lang, edition)))


def refresh(slug: str = SLUG) -> None:
    """What a worker does after a change."""
    service.refresh(get_campaign(slug).id)
    session().rollback()
