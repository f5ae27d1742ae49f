"""A small city on a database of its own, in which the numbers of the documented examples are there: idea 1,
family 1, shortlist 1, the campaign ideas-2025, the programme battery-evaluator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.campaigns.models import PhaseKind
from ideas_app.ideas.models import State
from tests.answers import scenes as answers
from tests.factories import make_campaign, make_idea, make_programme
from tests.moderation.scenes import comment_on, join
from tests.people import Cast
from tests.shortlists.scenes import closed_ballot, published

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def build() -> Cast:
    """Last year's campaign, counted and answered; this year's with an idea in every state; the cast."""
    cast = Cast.assemble()
    last_year, ideas = closed_ballot(cast, slug="ideas-2025", phase=PhaseKind.TRACKING)
    published(cast, last_year)
    first = ideas["a"].id
    parent = comment_on(cast.jun, first)
    comment_on(cast.mina, first, "고맙습니다. 더 적어 볼게요.")
    answers.open_for(cast, ideas["a"])
    make_programme("battery-evaluator", year=2025, status="closed")
    this_year = make_campaign("ideas-2026")
    for state in State:
        make_idea(cast.mina, this_year, state=state)
    two = [make_idea(person, this_year).id for person in (cast.mina, cast.jun)]
    join(cast.sora, two)
    assert (first, parent) == (1, 1)
    return cast


def people(cast: Cast) -> dict[str, Actor]:
    """Who asks, by role."""
    return {
        "visitor": cast.visitor,
        "youth": cast.mina,
        "moderator": cast.sora,
        "official": cast.hyun,
        "admin": cast.dana,
    }
