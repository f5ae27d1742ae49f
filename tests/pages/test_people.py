"""Who took part in a campaign is counted as it happens, whoever writes and however the last act goes away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from ideas_app.accounts import service as accounts
from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Campaign
from ideas_app.cli.doctor import examine
from ideas_app.comments import service as comments
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.personal import Texts
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea, IdeaDay, Partaker, State
from ideas_app.pages import queries
from ideas_app.pages import service as pages_service
from ideas_app.votes.models import Support
from tests.comments.scenes import write
from tests.factories import make_campaign, make_idea
from tests.people import PASSWORD, Cast, make_account
from tests.votes.scenes import support, take_back

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def acts_of(account_id: int | None, campaign_id: int) -> int | None:
    return session().scalar(
        select(Partaker.acts).where(
            Partaker.account_id == account_id, Partaker.campaign_id == campaign_id
        )
    )


def test_somebody_counts_once_and_until_the_last_act_is_taken_back(cast: Cast) -> None:
    campaign = make_campaign()
    first, second = (make_idea(cast.mina, campaign).id for _turn in range(2))
    assert queries.count_people(campaign.id) == 1
    for idea_id in (first, second):
        support(cast.jun, idea_id)
    assert queries.count_people(campaign.id) == 2
    assert acts_of(cast.jun.id, campaign.id) == 2
    take_back(cast.jun, first)
    assert queries.count_people(campaign.id) == 2
    take_back(cast.jun, second)
    assert queries.count_people(campaign.id) == 1
    assert acts_of(cast.jun.id, campaign.id) is None, "nothing stays of somebody who took all back"
    made = write(cast.jun, first)
    with transaction():
        comments.delete(cast.jun, session().get_one(Comment, made))
    assert queries.count_people(campaign.id) == 2, "the place of a deleted comment stands"
    assert queries.find_wrong_people() == []


def test_whoever_leaves_is_counted_as_far_as_their_acts_stay(cast: Cast) -> None:
    campaign = make_campaign()
    other = make_idea(cast.mina, campaign).id
    writer, supporter = make_account("Writer"), make_account("Supporter")
    make_idea(writer, campaign)
    for person in (writer, supporter):
        support(person, other)
    assert queries.count_people(campaign.id) == 3
    for person, left in ((writer, 3), (supporter, 2)):
        with transaction():
            accounts.delete_account(person, PASSWORD, Texts.STAY)
        assert queries.count_people(campaign.id) == left
    assert acts_of(supporter.id, campaign.id) is None
    assert queries.find_wrong_people() == []


def test_no_bulk_statement_escapes_the_count(cast: Cast) -> None:
    campaign, other = make_campaign(), make_campaign("ideas-2027")
    ids = [make_idea(cast.mina, campaign).id for _turn in range(3)]
    for person in (cast.jun, cast.hyun):
        write(person, ids[0])
    support(cast.jun, ids[0])
    for idea_id in ids[1:]:
        support(cast.jun, idea_id)
    steps = (
        update(Idea).where(Idea.id == ids[0]).values(campaign_id=other.id, number=901),
        update(Idea).where(Idea.id == ids[1]).values(author_id=cast.hyun.id),
        update(Support).where(Support.idea_id == ids[1]).values(account_id=cast.sora.id),
        update(Support)
        .where(Support.idea_id == ids[2])
        .values(idea_id=ids[0], account_id=cast.dana.id),
        update(Comment).where(Comment.author_id == cast.hyun.id).values(idea_id=ids[2]),
        update(Idea).where(Idea.id == ids[2]).values(published_at=clock.now() - timedelta(days=3)),
        update(Idea).where(Idea.id == ids[2]).values(is_listed=False, state=State.HIDDEN),
        delete(Account).where(Account.id == cast.dana.id),
        delete(Idea).where(Idea.id == ids[0]),
        delete(Support),
        delete(Campaign).where(Campaign.id == campaign.id),
    )
    people = []
    for step in steps:
        with transaction() as current:
            current.execute(step.execution_options(synchronize_session=False))
        assert queries.find_wrong_people() + ideas.find_wrong_tallies() == [], str(step)
        people.append(tuple(queries.count_people(one.id) for one in (campaign, other)))
        session().expunge_all()
    assert people == [
        *((2, 3), (3, 3), (4, 3), (3, 4), (3, 3), (3, 3), (3, 3)),
        *((3, 2), (3, 0), (2, 0), (0, 0)),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        delete(Partaker),
        update(Partaker).values(acts=7),
        update(IdeaDay).values(number=7),
        delete(IdeaDay),
    ],
    ids=["nobody", "too much", "a full day", "no day"],
)
def test_a_wrong_count_is_found_and_mended(app: Flask, cast: Cast, fault: object) -> None:
    make_idea(cast.mina, make_campaign())
    with transaction() as current:
        current.execute(fault)  # type: ignore[call-overload]
    (found,) = examine()
    assert found.check == "counters"
    assert "Mina" not in found.found
    assert app.test_cli_runner().invoke(args=["doctor", "--fix"]).exit_code == 0
    assert examine() == []


def test_the_tide_is_what_the_ideas_say_day_by_day(cast: Cast, visitor: FlaskClient) -> None:
    campaign = make_campaign()
    midnight = clock.day_start(clock.today())
    for moment in (
        midnight,
        midnight - timedelta(seconds=1),
        midnight - timedelta(days=7),
        midnight - timedelta(days=7, seconds=1),
    ):
        idea = make_idea(cast.mina, campaign)
        support(cast.jun, idea.id)
        with transaction() as current:
            current.execute(update(Idea).where(Idea.id == idea.id).values(published_at=moment))
    support(cast.jun, make_idea(cast.mina, make_campaign("ideas-2027")).id)
    make_idea(cast.jun, campaign, state=State.SUBMITTED)
    week_ago = clock.today() - timedelta(days=7)
    pulse = queries.pulse_of(campaign.id, since=week_ago, target=1)
    assert pulse == queries.Pulse(supports=4, new=3, under_read=4, people=2)
    assert queries.pulse_of(campaign.id, since=week_ago, target=0).under_read == 0
    gathering = next(phase for phase in campaign.phases if "submit" in phase.activities)
    tide = queries.tide_of(campaign, gathering, pulse)
    assert (tide.total, tide.people, tide.supports) == (4, 2, 4)
    today = clock.today()
    days = [today - timedelta(days=back) for back in (8, 7, 1, 0)]
    expected = {max(day, tide.starts_on): total for total, day in enumerate(days, 1)}
    assert tide.points == [(tide.starts_on, 0), *expected.items()]


def test_counting_anew_changes_nothing_that_is_right(cast: Cast) -> None:
    campaign = make_campaign()
    support(cast.jun, make_idea(cast.mina, campaign).id)
    with transaction():
        pages_service.recount()
    assert queries.count_people(campaign.id) == 2
    assert examine() == []
