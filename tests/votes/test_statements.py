"""How many statements the acts of many people cost, from the request to the answer: by form, script and program.

Counted is what reads or changes rows; what only begins, ends or marks a transaction is not. What a person does
once is done twice first where the first time writes more: the head of an empty log.
"""

from __future__ import annotations

import pytest

from ideas_app.comments.models import Comment
from ideas_app.core.db import session
from tests.api.programs import Program, token_of
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.statements import statements
from tests.votes.scenes import make_family, support

SUPPORT, SUBMIT, COMMENT = 6, 12, 13
TEXT = {
    "title": "막차를 한 시간 늦춰 주세요",
    "why": "일이 늦게 끝나요.",
    "how": "금요일만이라도요.",
    "field": "move",
}


@pytest.fixture
def idea_id(cast):
    idea_id = make_idea(cast.mina, make_campaign()).id
    for number in range(3):
        support(make_account(f"Voter{number}"), idea_id)
    return idea_id


@pytest.fixture
def jun(cast, browser_of):
    return browser_of(cast.jun)


@pytest.fixture
def program(app, cast):
    return Program(app, token_of(cast.jun))


def cost(act, status):
    with statements() as seen:
        answer = act()
    assert answer.status_code == status, answer.text
    return seen


def at_most(most, seen):
    assert len(seen) <= most, "\n".join(seen)


GIVING_AND_TAKING_BACK = ({}, {}, {"_method": "DELETE"}, {"_method": "DELETE"})


def test_giving_and_taking_back_by_the_form(jun, idea_id):
    for form in GIVING_AND_TAKING_BACK:
        at_most(SUPPORT, cost(lambda f=form: jun.post(f"/ideas/{idea_id}/support", data=f), 303))


def test_giving_and_taking_back_by_the_script(jun, idea_id):
    script = {"X-Requested-With": "fetch"}
    for form in GIVING_AND_TAKING_BACK:
        act = lambda f=form: jun.post(f"/ideas/{idea_id}/support", data=f, headers=script)  # noqa: E731
        at_most(SUPPORT, cost(act, 200))


def test_giving_and_taking_back_by_a_program(program, idea_id):
    program.get("/me")  # a token's first use is noted
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        at_most(SUPPORT, cost(lambda m=method: program.ask(m, f"/ideas/{idea_id}/support"), 200))


def test_a_support_within_a_family(cast, jun):
    campaign = make_campaign()
    ideas = [make_idea(cast.mina, campaign) for _ in range(2)]
    first = ideas[0].id
    make_family(campaign, ideas)
    # the family is held and counted: one and two statements more
    at_most(SUPPORT, cost(lambda: jun.post(f"/ideas/{first}/support"), 303))


def send(browser):
    browser.post("/ideas/new", data={**TEXT, "is_idea": "y", "is_public": "y"})
    return cost(lambda: browser.post("/ideas/send"), 303)


def test_sending_an_idea_by_the_form(cast, browser_of, jun):
    make_campaign()
    send(browser_of(cast.mina))
    at_most(SUBMIT, send(jun))


def test_sending_an_idea_by_a_program(cast, program, app):
    make_campaign()
    body = {**TEXT, "campaign": "ideas-2026"}
    Program(app, token_of(cast.mina)).ask("POST", "/ideas", json=body)
    program.get("/me")
    # the answer shows the idea, which is read as every reader reads it
    at_most(SUBMIT + 4, cost(lambda: program.ask("POST", "/ideas", json=body), 201))


def test_commenting(jun, idea_id):
    form = {"text": "저도 그렇게 생각해요.", "stance": "for"}
    at_most(COMMENT, cost(lambda: jun.post(f"/ideas/{idea_id}/comments", data=form), 303))
    assert session().query(Comment).count() == 1
