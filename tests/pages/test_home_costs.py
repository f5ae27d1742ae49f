"""What the front page costs, and that the figures it keeps of a year are never older than their records."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from ideas_app.answers import queries as answers
from ideas_app.campaigns.models import Stamp
from ideas_app.campaigns.queries import get_campaign, read_house
from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, session, transaction
from ideas_app.pages import queries
from ideas_app.programmes.models import Attendance, Participation, Person, Programme, Tally
from ideas_app.votes import queries as votes
from tests.factories import make_campaign, make_idea
from tests.people import Cast
from tests.reports.test_planted import City, mark_done
from tests.statements import plans, scans, statements
from tests.votes.scenes import support

MOST = 8


def test_the_front_page_costs_the_same_few_statements_however_much_it_tells(
    cast: Cast, visitor: FlaskClient
) -> None:
    mark_done(City(cast))
    campaign = make_campaign("ideas-2027")
    costs = []
    for _more in range(2):
        support(cast.jun, make_idea(cast.mina, campaign).id)
        visitor.get("/")
        with statements() as seen:
            text = visitor.get("/?lang=en").text
        costs.append(len(seen))
    for words in ("like the tide", "How the city answered", "what we made together"):
        assert words in text
    assert costs[0] == costs[1] <= MOST, "\n".join(seen)


LARGE = ("idea", "support", "comment", "reading", "account", "partaker")
PAGES = (
    "/",
    "/feeds/ideas.atom",
    "/feeds/campaigns/ideas-2027.atom",
    "/feeds/fields/job.atom",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_large_table_is_read_from_end_to_end(
    cast: Cast, visitor: FlaskClient, path: str
) -> None:
    support(cast.jun, make_idea(cast.mina, make_campaign("ideas-2027")).id)
    with scans(walks=False) as found:
        assert visitor.get(path).status_code == 200
    assert [line for line in found if line.startswith(tuple(f"{name}:" for name in LARGE))] == []


def test_what_is_counted_of_a_campaign_is_counted_along_indexes_and_sorted_nowhere(
    cast: Cast,
) -> None:
    made = make_campaign("ideas-2027").id
    support(cast.jun, make_idea(cast.mina, get_campaign("ideas-2027")).id)
    campaign = next(one for one in read_house().campaigns if one.id == made)
    with plans() as counted:
        pulse = queries.pulse_of(made, since=clock.today(), target=3)
        queries.tide_of(campaign, campaign.phases[0], pulse)
    with plans() as dealt:
        queries.list_newest_published()
        votes.list_said_by(cast.jun.id or 0)
    told = "\n".join([*counted, *dealt])
    assert "support" not in re.sub(r"ix_\w+", "", "\n".join(counted)), told
    if is_sqlite():  # which of them PostgreSQL takes hangs on how many rows it thinks there are
        assert "TEMP B-TREE" not in told, told
        for index in ("ix_idea_listed_supported", "ix_idea_listed_least_read"):
            assert f"COVERING INDEX {index}" in told, told
        for index in ("ix_idea_listed_published", "ix_reading_answered"):
            assert index in told, told


CHANGES: dict[str, Any] = {
    "a year": update(Programme).values(year=2025),
    "a status": update(Programme).values(status="planned"),
    "a certificate": update(Participation).values(status=Attendance.CERTIFIED),
    "a birthday": update(Person).values(born_on=None),
    "a neighbourhood": update(Person).values(neighbourhood="나운1동"),
    "a month": update(Tally).values(participants=9),
    "records that go": delete(Participation),
}


def test_every_change_of_the_records_draws_a_new_stamp_and_a_new_name_does_not(cast: Cast) -> None:
    city = City(cast)
    city.tally(3, 4)
    city.join(city.course_id)
    stamp = select(Stamp.value).where(Stamp.name == "records")
    drawn = [session().scalars(stamp).one()]
    for change in CHANGES.values():
        with transaction() as current:
            current.execute(change)
        drawn.append(session().scalars(stamp).one())
    with transaction() as current:
        current.execute(update(Person).values(name="이"))
    assert session().scalars(stamp).one() == drawn[-1]
    assert len(set(drawn)) == len(CHANGES) + 1, dict(zip(["", *CHANGES], drawn, strict=True))


def test_the_newest_answers_are_those_of_the_public_list(cast: Cast) -> None:
    mark_done(City(cast))
    shown = [
        (row.title, row.idea.id, row.promises, row.answer.decision, row.answer.answered_at)
        for row in answers.list_newest(limit=3)
    ]
    listed = [
        (
            row.title,
            row.idea.id,
            len(row.answer.promises),
            row.answer.decision,
            row.answer.answered_at,
        )
        for row in answers.list_public(limit=3)
    ]
    assert shown == listed
    assert shown
