"""One act, whichever door it comes through: pages, programs, commands leave the same rows, counts, log, events."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.queries import get_campaign
from ideas_app.comments import service as comments
from ideas_app.comments.models import Comment, Stance
from ideas_app.core import clock, outbox
from ideas_app.core.db import db, session, transaction
from ideas_app.ideas import queries as ideas
from ideas_app.ideas import service as idea_service
from ideas_app.ideas.models import Follow, Idea, Revision, State
from ideas_app.ideas.rules import IdeaContent
from ideas_app.moderation.models import DeskAct
from ideas_app.votes.models import Support
from tests.api.programs import Program, token_of
from tests.factories import make_campaign, make_idea
from tests.moderation.scenes import decide, support
from tests.people import Cast

NOW = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)
WORDS = "글 안에 휴대전화 번호가 있어 싣지 않았습니다."
DRAFT = {
    "title": "산단에서 시내로 가는 막차를 늦춰 주세요",
    "why": "밤 열 시에 일을 마치면 버스가 없어요.",
    "how": "주말만이라도 늦춰 주세요.",
    "field": "move",
    "neighbourhood": "오식도동",
}
_OWN = {"id", "number", "title_key", "hash", "previous_hash", "token_hash"}
"""Columns that differ from row to row by their nature."""


@pytest.fixture
def campaign(app):
    """A campaign that takes ideas, at an instant that stands still."""
    with clock.at(NOW):
        yield SimpleNamespace(id=make_campaign().id, slug="ideas-2026")


@pytest.fixture
def told(monkeypatch):
    """The events published since the list was emptied."""
    heard: list[Any] = []
    whole = outbox.publish

    def publish(event: Any) -> Any:
        heard.append(event)
        return whole(event)

    monkeypatch.setattr(outbox, "publish", publish)
    return heard


def rows(kind: Any, *where: Any, names: dict[int, str]) -> list[dict[str, Any]]:
    """Rows as plain values, ids of the case under their names."""
    found = session().execute(select(*kind.__table__.c).where(*where)).mappings().all()
    return [
        {
            name: names.get(value, value) if name in {"idea_id", "subject_id"} else value
            for name, value in row.items()
            if name not in _OWN
        }
        for row in found
    ]


def trace(idea_id: int, heard: list[Any]) -> dict[str, Any]:
    """Everything that is left of an act on an idea, comparable with the same act on another one."""
    names = {idea_id: "the idea"}
    of_idea = [(kind, kind.idea_id == idea_id) for kind in (Support, Follow, Comment, Revision)]
    left = {kind.__name__: rows(kind, where, names=names) for kind, where in of_idea}
    subject = AuditEntry.subject_type == "idea", AuditEntry.subject_id == idea_id
    left["log"] = rows(AuditEntry, *subject, names=names)
    left["idea"] = rows(Idea, Idea.id == idea_id, names=names)
    left["undo"] = [row["verb"] for row in rows(DeskAct, DeskAct.idea_id == idea_id, names=names)]
    left["events"] = [type(event).__name__ for event in heard]
    heard.clear()
    session().rollback()
    return left


def by_command(app, token, *words):
    return app.test_cli_runner().invoke(args=["supports", *map(str, words), "--token", token])


def test_a_support(app, campaign, cast, told, browser_of, program_of):
    ids = [make_idea(cast.mina, campaign, title="막차를 늦춰 주세요").id for _door in range(4)]
    page, program, token = browser_of(cast.jun), program_of(cast.jun), token_of(cast.jun)
    told.clear()
    page.post(f"/ideas/{ids[0]}/support")
    by_page = trace(ids[0], told)
    assert program.ask("PUT", f"/ideas/{ids[1]}/support").json["supports"] == 1
    by_program = trace(ids[1], told)
    support(cast.jun, ids[2])
    by_service = trace(ids[2], told)
    assert by_command(app, token, "give", ids[3]).exit_code == 0
    assert by_page == by_program == by_service == trace(ids[3], told)
    assert len(by_page["Support"]) == by_page["idea"][0]["supports_count"] == 1


def test_a_support_by_command_needs_the_token_of_a_person_who_may(app, campaign, cast):
    own = make_idea(cast.jun, campaign).id
    others = make_idea(cast.mina, campaign).id
    for token, idea_id in (("ya_unknown", others), (token_of(cast.jun, "read"), others)):
        refused = by_command(app, token, "give", idea_id)
        assert (refused.exit_code, "token" in refused.output) == (1, True)
    assert by_command(app, token_of(cast.jun), "give", own).exit_code == 1
    assert session().scalar(select(func.count(Support.id))) == 0
    assert by_command(app, token_of(cast.jun), "give", others).exit_code == 0
    assert by_command(app, token_of(cast.jun), "take-back", others).exit_code == 0
    assert session().scalar(select(func.count(Support.id))) == 0


def test_an_idea(campaign, cast, told, browser_of, program_of):
    page, program = browser_of(cast.mina), program_of(cast.mina)

    def newest() -> int:
        return int(session().scalar(select(func.max(Idea.id))) or 0)

    page.post("/ideas/new", data={**DRAFT, "is_idea": "y", "is_public": "y"})
    told.clear()
    page.post("/ideas/send")
    by_page = trace(newest(), told)
    program.ask("POST", "/ideas", json={**DRAFT, "campaign": campaign.slug})
    by_program = trace(newest(), told)
    with transaction():
        idea_service.submit(cast.mina, get_campaign(campaign.slug), IdeaContent(**DRAFT))
    by_service = trace(newest(), told)
    assert by_page == by_program == by_service
    assert (by_page["events"], len(by_page["Revision"])) == (["IdeaSubmitted"], 1)
    assert [entry["tag"] for entry in by_page["log"]] == ["idea:submitted"]


def test_a_comment(campaign, cast, told, browser_of, program_of):
    ids = [make_idea(cast.mina, campaign, title="막차를 늦춰 주세요").id for _door in range(3)]
    page, program = browser_of(cast.jun), program_of(cast.jun)
    words = {"text": "저도 꼭 필요해요.", "stance": "for"}
    told.clear()
    page.post(f"/ideas/{ids[0]}/comments", data=words)
    by_page = trace(ids[0], told)
    program.ask("POST", f"/ideas/{ids[1]}/comments", json=words)
    by_program = trace(ids[1], told)
    with transaction():
        comments.write(cast.jun, ideas.get_idea(ids[2]), words["text"], Stance.FOR)
    by_service = trace(ids[2], told)
    assert by_page == by_program == by_service
    assert (by_page["events"], by_page["idea"][0]["comments_count"]) == (["CommentWritten"], 1)


def test_a_decision(campaign, cast, told, browser_of, program_of):
    ids = [
        make_idea(cast.mina, campaign, title="막차를 늦춰 주세요", state=State.SUBMITTED).id
        for _door in range(3)
    ]
    page, program = browser_of(cast.sora), program_of(cast.sora)
    words = {"code": "unclear", "reason": WORDS}
    told.clear()
    page.post(f"/moderation/{ids[0]}/reject", data=words)
    by_page = trace(ids[0], told)
    program.ask("POST", f"/ideas/{ids[1]}/decisions", json={"decision": "reject", **words})
    by_program = trace(ids[1], told)
    decide("reject", cast.sora, ids[2], "unclear", WORDS)
    by_service = trace(ids[2], told)
    assert by_page == by_program == by_service
    assert (by_page["events"], by_page["undo"]) == (["IdeaRejected"], ["reject"])
    assert by_page["log"][0]["reason"] == WORDS


# -- twice is once -----------------------------------------------------------------------------------


def test_the_same_key_twice_makes_one_idea_and_another_body_is_refused(campaign, cast, program_of):
    mina, body = program_of(cast.mina), {**DRAFT, "campaign": campaign.slug}
    key = {"Idempotency-Key": "7f3c"}
    first, second = (mina.ask("POST", "/ideas", json=body, headers=key) for _twice in range(2))
    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert first.headers["Location"] == second.headers["Location"]
    other = mina.ask("POST", "/ideas", json={**body, "title": "다른 제안을 보내요"}, headers=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")
    assert session().scalar(select(func.count(Idea.id))) == 1


def test_a_refused_idea_leaves_its_key_free(campaign, cast, program_of):
    mina, body = program_of(cast.mina), {**DRAFT, "campaign": campaign.slug}
    key = {"Idempotency-Key": "7f3c"}
    assert mina.ask("POST", "/ideas", json={**body, "title": ""}, headers=key).status_code == 422
    assert mina.ask("POST", "/ideas", json=body, headers=key).status_code == 201


@pytest.mark.slow
def test_two_at_once_under_one_key_make_one_idea(own_app):
    with own_app.app_context():
        people = Cast.assemble()
        make_campaign()
        token = token_of(people.mina)
        db.session.remove()
    start, answers = threading.Barrier(2), []

    def send() -> None:
        program = Program(own_app, token)
        start.wait(timeout=30)
        body, key = {**DRAFT, "campaign": "ideas-2026"}, {"Idempotency-Key": "7f3c"}
        with own_app.app_context():
            answers.append(program.ask("POST", "/ideas", json=body, headers=key))

    threads = [threading.Thread(target=send) for _two in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    with own_app.app_context():
        assert session().scalar(select(func.count(Idea.id))) == 1
        db.session.remove()
