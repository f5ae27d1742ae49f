"""Many at once: real threads, each with its own connection, on a database of their own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core.db import db
from ideas_app.core.errors import Conflict, DomainError
from ideas_app.core.permissions import Role
from ideas_app.votes import queries
from ideas_app.votes.models import PaperState
from tests.factories import make_campaign, make_idea
from tests.people import Cast, make_account, sign_in
from tests.votes.scenes import (
    cast,
    close_phase,
    counter_of,
    enter,
    family_counter,
    given,
    join_ideas,
    make_family,
    prepare_ballot,
    rows_of,
    support,
    take_back,
    take_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

pytestmark = pytest.mark.slow


def at_once(app: Any, acts: Iterable[Callable[[], Any]], threads: int = 16) -> list[Any]:
    """Runs all acts, `threads` at a time, all of them let go together; what each gave or raised."""
    acts = list(acts)
    start = threading.Barrier(min(threads, len(acts)))
    waited: set[int] = set()

    def run(act: Callable[[], Any]) -> Any:
        if threading.get_ident() not in waited:
            waited.add(threading.get_ident())
            start.wait(timeout=30)
        with app.app_context():
            try:
                return act()
            except DomainError as fault:
                return fault
            finally:
                db.session.remove()

    with ThreadPoolExecutor(min(threads, len(acts))) as pool:
        return list(pool.map(run, acts))


def test_sixty_four_supports_by_one_person_count_one(own_app):
    with own_app.app_context():
        people = Cast.assemble()
        idea_id = make_idea(people.mina, make_campaign()).id
    answers = at_once(own_app, [lambda: support(people.jun, idea_id)] * 64, threads=64)
    with own_app.app_context():
        assert set(answers) == {1}
        assert (counter_of(idea_id), rows_of(idea_id)) == (1, 1)


def test_sixty_four_requests_of_two_browsers_of_one_person_count_one(own_app):
    with own_app.app_context():
        people = Cast.assemble()
        idea_id = make_idea(people.mina, make_campaign()).id
        browsers = [own_app.test_client(), own_app.test_client()]
        for browser in browsers:
            sign_in(browser, people.jun)
        cookies = [browser.get_cookie("session").value for browser in browsers]

    def post(cookie: str) -> int:
        client = own_app.test_client()
        client.set_cookie("session", cookie)
        return client.post(f"/ideas/{idea_id}/support").status_code

    answers = at_once(own_app, [lambda c=cookie: post(c) for cookie in cookies * 32])
    with own_app.app_context():
        assert set(answers) == {303}
        assert (counter_of(idea_id), rows_of(idea_id)) == (1, 1)


def test_forty_people_count_forty(own_app):
    with own_app.app_context():
        author = make_account("Mina")
        idea_id = make_idea(author, make_campaign()).id
        voters = [make_account(f"Voter{number}") for number in range(40)]
    answers = at_once(own_app, [lambda v=voter: support(v, idea_id) for voter in voters], 40)
    with own_app.app_context():
        assert sorted(answers) == list(range(1, 41))
        assert (counter_of(idea_id), rows_of(idea_id)) == (40, 40)


def test_giving_and_taking_back_alternately_never_loses_count(own_app):
    with own_app.app_context():
        people = Cast.assemble()
        idea_id = make_idea(people.mina, make_campaign()).id
    acts = [lambda: support(people.jun, idea_id), lambda: take_back(people.jun, idea_id)] * 24
    answers = at_once(own_app, acts)
    with own_app.app_context():
        assert set(answers) <= {0, 1}
        assert counter_of(idea_id) == rows_of(idea_id)
        assert counter_of(idea_id) in {0, 1}


def test_one_person_supporting_all_members_of_a_family_at_once_counts_one(own_app):
    with own_app.app_context():
        people = Cast.assemble()
        campaign = make_campaign()
        ideas = [make_idea(people.mina, campaign) for _ in range(4)]
        family_id = make_family(campaign, ideas)
        ids = [idea.id for idea in ideas]
    at_once(own_app, [lambda i=idea_id: support(people.jun, i) for idea_id in ids * 8])
    with own_app.app_context():
        assert family_counter(family_id) == 1
        assert queries.find_wrong_counters() == []
    at_once(own_app, [lambda i=idea_id: take_back(people.jun, i) for idea_id in ids * 8])
    with own_app.app_context():
        assert family_counter(family_id) == 0
        assert queries.find_wrong_counters() == []


def test_nothing_counts_once_the_close_was_answered(own_app):
    with own_app.app_context():
        campaign = make_campaign()
        campaign_id = campaign.id
        idea_id = make_idea(make_account("Mina"), campaign).id
        voters = [make_account(f"Voter{number}") for number in range(32)]
    after_close: list[int] = []

    def shut() -> str:
        close_phase(campaign_id, PhaseKind.GATHERING)
        after_close.append(rows_of(idea_id))
        return "closed"

    acts: list[Callable[[], Any]] = [lambda v=voter: support(v, idea_id) for voter in voters]
    answers = at_once(own_app, [*acts[:16], shut, *acts[16:]])
    counted = sum(isinstance(answer, int) for answer in answers)
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    with own_app.app_context():
        assert counter_of(idea_id) == rows_of(idea_id) == counted == after_close[0]
        assert all(isinstance(fault, Conflict) for fault in refused)


def test_a_family_formed_while_people_vote_counts_right(own_app):
    with own_app.app_context():
        campaign = make_campaign()
        campaign_id = campaign.id
        author = make_account("Mina")
        ideas = [make_idea(author, campaign) for _ in range(2)]
        voters = [make_account(f"Voter{number}") for number in range(16)]
        ids = [idea.id for idea in ideas]
    acts: list[Callable[[], Any]] = [
        lambda v=voter, i=idea_id: support(v, i) for voter in voters for idea_id in ids
    ]

    def join() -> int:
        return join_ideas(campaign_id, ids)

    at_once(own_app, [*acts[:16], join, *acts[16:]])
    with own_app.app_context():
        assert queries.find_wrong_counters() == []


def test_one_person_casting_from_many_windows_has_one_ballot(own_app):
    with own_app.app_context():
        people = Cast.assemble()
        campaign = make_campaign(
            phase=PhaseKind.PREPARING, settings={"ballot_min": 2, "ballot_max": 3}
        )
        lines = prepare_ballot(people.sora, campaign, [people.mina] * 6)
    choices = [lines[:2], lines[2:4], lines[3:6]]
    acts = [lambda p=picks: cast(people.jun, "ideas-2026", p) for picks in choices * 8]
    answers = at_once(own_app, acts)
    with own_app.app_context():
        ballots = queries.ballots_as_lists(get_campaign("ideas-2026"))
        assert answers == [None] * 24
        assert len(ballots) == 1
        assert ballots[0] in choices


def test_thirty_people_casting_at_once_have_thirty_ballots(own_app):
    with own_app.app_context():
        people = Cast.assemble()
        campaign = make_campaign(
            phase=PhaseKind.PREPARING, settings={"ballot_min": 2, "ballot_max": 3}
        )
        lines = prepare_ballot(people.sora, campaign, [people.mina] * 4)
        voters = [make_account(f"Voter{number}") for number in range(30)]
    acts = [lambda v=voter: cast(v, "ideas-2026", lines[:2]) for voter in voters]
    at_once(own_app, acts)
    with own_app.app_context():
        assert queries.turnout(get_campaign("ideas-2026")) == 30


def paper_scene() -> tuple[Cast, list[int], list[Any]]:
    people = Cast.assemble()
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings={"ballot_min": 2, "ballot_max": 3})
    lines = prepare_ballot(people.sora, campaign, [people.mina] * 4)
    return people, lines, [make_account(f"Mod{n}", Role.MODERATOR) for n in range(4)]


def test_one_person_at_four_counters_at_once_has_one_paper(own_app):
    with own_app.app_context():
        _people, _lines, moderators = paper_scene()
    acts = [lambda m=moderator: take_in(m, "ideas-2026") for moderator in moderators * 4]
    answers = at_once(own_app, acts)
    numbers = [answer for answer in answers if isinstance(answer, int)]
    assert len(numbers) == 1
    assert {fault.code for fault in answers if isinstance(fault, Conflict)} == {"paper_known"}


def test_two_moderators_entering_at_once_are_two_readings_and_one_ballot(own_app):
    with own_app.app_context():
        people, lines, moderators = paper_scene()
        papers = [
            take_in(people.sora, "ideas-2026", given(name=name))
            for name in ("가나", "다라", "마바")
        ]
    acts = [
        lambda m=moderator, p=paper: enter(m, p, lines[:2])
        for paper in papers
        for moderator in moderators[:2]
    ]
    answers = at_once(own_app, acts)
    with own_app.app_context():
        assert sorted(answers) == [PaperState.COUNTED] * 3 + [PaperState.ENTERED] * 3
        assert queries.ballots_as_lists(get_campaign("ideas-2026")) == [lines[:2]] * 3


def test_the_same_person_online_and_on_paper_at_once_votes_once(own_app):
    with own_app.app_context():
        people, lines, moderators = paper_scene()
        who = given(born_on=people.jun.born_on, account="Jun")
        paper = take_in(people.sora, "ideas-2026", who)
        enter(moderators[0], paper, lines[:2])
    acts: list[Callable[[], Any]] = [lambda: cast(people.jun, "ideas-2026", lines[2:4])] * 4
    acts.insert(2, lambda: enter(moderators[1], paper, lines[:2]))
    answers = at_once(own_app, acts)
    with own_app.app_context():
        (ballot,) = queries.ballots_as_lists(get_campaign("ideas-2026"))
        if PaperState.COUNTED in answers:
            assert ballot == lines[:2]
            assert all(
                isinstance(one, Conflict) for one in answers if one is not PaperState.COUNTED
            )
        else:
            assert ballot == lines[2:4]
            assert PaperState.SET_ASIDE in answers


def test_one_person_answering_everything_at_once_ends_with_one_answer(own_app):
    from ideas_app.cli.doctor import examine
    from ideas_app.core.db import transaction
    from ideas_app.votes import service
    from ideas_app.votes.rules import Said

    with own_app.app_context():
        people = Cast.assemble()
        idea_id = make_idea(people.mina, make_campaign()).id
        db.session.remove()

    def say(said: Said) -> None:
        with transaction():
            service.answer_reading(people.jun, queries.get_idea(idea_id), said)

    acts = [(lambda said=said: say(said)) for said in [*Said] * 6]
    at_once(own_app, acts, threads=6)
    with own_app.app_context():
        assert examine() == []
        assert queries.get_idea(idea_id).readers_count == 1
        assert queries.said_of(people.jun.id, idea_id) is not None


def test_supports_given_while_others_are_set_aside_are_all_counted_once(own_app):
    from ideas_app.cli.doctor import examine
    from ideas_app.core.db import transaction
    from ideas_app.votes import service
    from ideas_app.votes.models import SetAsideCause
    from ideas_app.votes.rules import Suspicion

    bots = Suspicion(domain="bots.example")
    with own_app.app_context():
        people = Cast.assemble()
        idea_id = make_idea(people.mina, make_campaign()).id
        robots = [make_account(f"B{n}", email=f"b{n}@bots.example") for n in range(4)]
        others = [make_account(f"P{n}") for n in range(8)]
        for robot in robots:
            support(robot, idea_id)
        db.session.remove()

    def set_aside() -> None:
        with transaction():
            service.set_aside(
                people.sora,
                get_campaign("ideas-2026"),
                bots,
                cause=SetAsideCause.BY_MACHINE,
                reason="한꺼번에 만든 계정이에요.",
                expected=4,
            )

    giving = [(lambda person=person: support(person, idea_id)) for person in others]
    again = [(lambda robot=robot: support(robot, idea_id)) for robot in robots]
    at_once(own_app, [*giving[:4], set_aside, *giving[4:], *again], threads=8)
    with own_app.app_context():
        assert counter_of(idea_id) == rows_of(idea_id) == 8
        assert examine() == []
