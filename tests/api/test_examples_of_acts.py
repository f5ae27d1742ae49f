"""Every act's example in the document works as it stands; only the ids are those of the test."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from ideas_app.api.openapi import answers as answers_in_document
from ideas_app.api.operation import OPERATIONS
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, State
from tests.answers import scenes as answers
from tests.api.doing import Doer
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import comment_on
from tests.people import make_account
from tests.shortlists.scenes import closed_ballot
from tests.votes.scenes import prepare_ballot


@pytest.fixture
def city(cast):
    """The ids that the examples are about."""
    campaign = make_campaign("ideas-2026")
    key = SimpleNamespace(id=campaign.id)
    owed = make_idea(cast.jun, key, state=State.SHORTLISTED)
    others = make_idea(cast.jun, key).id
    made = {
        "others": others,
        "comment": comment_on(cast.jun, others),
        "waiting": make_idea(cast.jun, key, state=State.SUBMITTED).id,
        "pair": [make_idea(cast.jun, key).id for _two in range(2)],
        "owed": owed.id,
    }
    answers.open_for(cast, owed)
    closed_ballot(cast, slug="ideas-2025")
    next_year = make_campaign("ideas-2027")
    lines = SimpleNamespace(id=next_year.id, slug="ideas-2027")
    prepare_ballot(cast.sora, lines, [cast.jun] * 5)
    of_ballot = select(Idea.id).where(Idea.campaign_id == lines.id)
    return {**made, "ballot": list(session().scalars(of_ballot))}


def test_every_act_works_as_its_example_says(app, cast, city):
    done = set()
    people = {"youth": make_account("Yuna"), "sora": cast.sora, "hyun": cast.hyun}
    programs = {name: Doer(app, person) for name, person in people.items()}

    def run(name, person="youth", *, body=None, **path):
        told = OPERATIONS[name]
        address = told.path
        for part, chosen in told.example.path.items():
            address = address.replace(f"<int:{part}>", str(path.get(part, chosen)))
            address = address.replace(f"<{part}>", str(path.get(part, chosen)))
        sent = None if told.body is None else {**told.example.body, **(body or {})}
        answer = programs[person].ask(told.method, address, json=sent)
        assert answer.status_code == told.status, f"{name}: {answer.text}"
        known = answers_in_document().get(name, answer.json)
        assert set(answer.json) == set(known), f"{name}: run tools/api_examples.py"
        done.add(name)
        return answer.json

    own = run("submit_idea")["id"]
    run("change_idea", idea_id=own)
    run("take_idea_back", idea_id=own)
    others = {"idea_id": city["others"]}
    for name in ("give_support", "take_support_back", "follow_idea", "unfollow_idea", "flag_idea"):
        run(name, **others)
    comment = run("write_comment", **others)["id"]
    run("change_comment", comment_id=comment)
    run("delete_comment", comment_id=comment)
    run("flag_comment", comment_id=city["comment"])
    run("decide", "sora", idea_id=city["waiting"])
    family = run("form_family", "sora", body={"ideas": city["pair"]})["id"]
    run("split_family", "sora", family_id=family)
    run("cast_ballot", slug="ideas-2027", body={"ideas": city["ballot"]})
    run("ask_shortlist", "sora", body={"seats": 2})  # the test's ballot is small
    run("answer_idea", "hyun", idea_id=city["owed"])
    assert done == {each.name for each in OPERATIONS.values() if each.is_act}
