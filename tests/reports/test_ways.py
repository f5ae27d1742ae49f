"""From programmes to answers: what grew out of each programme, and how far it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers.models import Decision, PromiseStatus
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.programmes.models import Outcome
from ideas_app.reports import queries
from tests.factories import make_campaign, make_idea, make_programme
from tests.reports.test_planted import YEAR, City

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ideas_app.reports.rules import WayLine
    from tests.people import Cast


def steps(line: WayLine | None) -> tuple[int, ...]:
    assert line is not None
    counted = tuple(getattr(line, step) for step in line.STEPS)
    return (*counted, line.promises_made, line.promises_kept)


def grow(city: City, state: State = State.PUBLISHED) -> int:
    """One more idea that names the course."""
    campaign = make_campaign(f"more-{state.value}")
    idea_id = make_idea(city.cast.jun, campaign, state=state).id
    with transaction() as current:
        current.get_one(Idea, idea_id).programme_id = city.course_id
    return idea_id


def test_each_step_counts_the_ideas_that_reached_it(cast: Cast) -> None:
    city = City(cast)
    with transaction() as current:
        current.get_one(Idea, city.idea_id).programme_id = city.course_id
    grow(city, State.REJECTED)
    city.promise(PromiseStatus.DONE)
    [first, *others] = queries.list_ways(YEAR)
    assert first.slug == "course"
    assert steps(first) == (2, 1, 0, 1, 1, 1, 1, 1)
    assert {line.slug for line in others} == {"visit"}, "nothing is told of counselling"
    assert all(steps(line) == (0,) * 8 for line in others)
    found = queries.outcomes(YEAR)
    assert (found.ideas_from_programmes, found.adopted_from_programmes) == (2, 1)


def test_a_family_speaks_for_its_members_and_its_promises_count_once(cast: Cast) -> None:
    city = City(cast)
    second = grow(city)
    answer_id = city.answer(decision=Decision.HARD)
    with transaction() as current:
        from ideas_app.answers.models import Answer

        family = Family(
            campaign_id=city.campaign_id,
            title="묶음",
            text="함께",
            reason="겹쳐요",
            formed_at=current.get_one(Idea, city.idea_id).submitted_at,
            objection_until=current.get_one(Idea, city.idea_id).submitted_at,
        )
        current.add(family)
        current.flush()
        for idea_id in (city.idea_id, second):
            idea = current.get_one(Idea, idea_id)
            idea.programme_id, idea.family_id = city.course_id, family.id
        row = current.get_one(Answer, answer_id)
        row.idea_id, row.family_id = None, family.id
    line = queries.find_way("course")
    assert steps(line) == (2, 2, 0, 1, 2, 0, 0, 0)


def test_programme_list_programme_and_report_show_the_same_way(
    cast: Cast, visitor: FlaskClient
) -> None:
    city = City(cast)
    with transaction() as current:
        current.get_one(Idea, city.idea_id).programme_id = city.course_id
        current.get_one(Idea, city.idea_id).is_listed = True
    city.promise(PromiseStatus.OPEN)
    for path in (f"/programmes?year={YEAR}", f"/reports/{YEAR}"):
        page = visitor.get(f"{path}{'&' if '?' in path else '?'}lang=en").get_data(as_text=True)
        assert "What grew out of programmes" in page, path
        assert '<td class="is-num">0/1</td>' in page, path
    page = visitor.get("/programmes/course?lang=en").get_data(as_text=True)
    assert "What became of them" in page
    assert "Promises kept: 0 of 1" in page
    assert "What became" not in visitor.get("/programmes/talk?lang=en").get_data(as_text=True)


def test_counselling_has_no_way(cast: Cast) -> None:
    make_programme("talk", outcome=Outcome.COUNSELLING)
    assert queries.find_way("talk") is None
    assert queries.find_way("nothing") is None
    assert session().query(Idea).count() == 0
