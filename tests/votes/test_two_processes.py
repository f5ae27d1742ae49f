"""Two processes with 64 threads each on one idea: what was answered, the rows and the counts agree."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from ideas_app.campaigns.models import PhaseKind
from ideas_app.cli.doctor import examine
from ideas_app.core.db import db, session
from ideas_app.core.errors import DomainError
from ideas_app.core.outbox import OutboxEvent
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import close_phase, counter_of, rows_of, support, take_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from ideas_app.core.actor import Actor

    Act = Callable[[], int]

pytestmark = pytest.mark.slow
THREADS = 64


class Crowd:
    """Two children of this process, whose threads do their acts at the same time."""

    def __init__(self, app: Flask, acts: Sequence[Sequence[Act]]) -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()  # a connection belongs to one process
        self._ends = [self._begin(app, each) for each in acts]

    def _begin(self, app: Flask, acts: Sequence[Act]) -> tuple[int, int]:
        answers, told = os.pipe()
        pid = os.fork()
        if pid:
            os.close(told)
            return pid, answers
        status = 1
        try:
            os.write(told, json.dumps(_at_once(app, acts)).encode())
            status = 0
        finally:
            os._exit(status)

    def answers(self) -> list[int | str]:
        """What each act gave, or the code of its refusal, when all are done."""
        found: list[int | str] = []
        for pid, answers in self._ends:
            with os.fdopen(answers, "rb") as told:
                found += json.load(told)
            assert os.waitpid(pid, 0)[1] == 0
        return found


def _at_once(app: Flask, acts: Sequence[Act]) -> list[int | str]:
    start = threading.Barrier(THREADS)

    def work(mine: Sequence[Act]) -> list[int | str]:
        start.wait(timeout=30)
        return [_answer(app, act) for act in mine]

    with ThreadPoolExecutor(THREADS) as pool:
        shares = [acts[number::THREADS] for number in range(THREADS)]
        return [answer for share in pool.map(work, shares) for answer in share]


def _answer(app: Flask, act: Act) -> int | str:
    with app.app_context():
        try:
            return act()
        except DomainError as fault:
            return fault.code
        finally:
            db.session.remove()


def scene(people: int, **settings: Any) -> tuple[int, int, list[Actor]]:
    campaign = make_campaign(settings=settings)
    idea_id = make_idea(make_account("Mina"), campaign).id
    return campaign.id, idea_id, [make_account(f"Voter{number}") for number in range(people)]


def told_once() -> bool:
    """Whether each handler has one word of the answer that is owed now."""
    due = select(OutboxEvent.handler).where(OutboxEvent.kind == "AnswerDue")
    return set(Counter(session().scalars(due)).values()) == {1}


def test_all_of_them_for_one_person_count_one(own_app):
    with own_app.app_context():
        _campaign, idea_id, (jun,) = scene(1)
    acts = [lambda: support(jun, idea_id)] * THREADS
    answers = Crowd(own_app, [acts, acts]).answers()
    with own_app.app_context():
        assert answers == [1] * 2 * THREADS
        assert (counter_of(idea_id), rows_of(idea_id)) == (1, 1)


def test_a_storm_of_giving_and_taking_back_stays_exact_and_owes_one_answer(own_app):
    with own_app.app_context():
        _campaign, idea_id, voters = scene(16, answer_supports=1)
    acts = [
        act
        for voter in voters
        for act in (lambda v=voter: support(v, idea_id), lambda v=voter: take_back(v, idea_id)) * 4
    ]
    answers = Crowd(own_app, [acts, acts[::-1]]).answers()
    with own_app.app_context():
        assert all(isinstance(answer, int) and 0 <= answer <= len(voters) for answer in answers)
        assert counter_of(idea_id) == rows_of(idea_id)
        assert examine() == []
        assert told_once()


def test_a_close_while_they_give_lets_in_exactly_those_who_were_answered(own_app):
    with own_app.app_context():
        campaign_id, idea_id, voters = scene(2 * THREADS, answer_supports=4)
    acts = [lambda v=voter: support(v, idea_id) for voter in voters]
    crowd = Crowd(own_app, [acts[:THREADS], acts[THREADS:]])
    with own_app.app_context():
        while rows_of(idea_id) < THREADS // 4:
            db.session.remove()
        close_phase(campaign_id, PhaseKind.GATHERING)
        at_close = rows_of(idea_id)
        db.session.remove()
    answers = crowd.answers()
    with own_app.app_context():
        given = [answer for answer in answers if isinstance(answer, int)]
        assert sorted(given) == list(range(1, at_close + 1))
        assert set(answers) - set(given) <= {"closed"}
        assert counter_of(idea_id) == rows_of(idea_id) == at_close
        assert told_once()
