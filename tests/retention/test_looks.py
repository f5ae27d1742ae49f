"""No page of staff shows data of another person without a record of who looked: all of them are asked for."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from ideas_app.audit.models import AccessRecord
from ideas_app.campaigns.queries import get_by_id
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import GRANTS, Permission, Role
from ideas_app.exports.rules import Format, Kind
from ideas_app.exports.service import ExportRequest, ask_file
from ideas_app.ideas.models import State
from ideas_app.programmes.models import Participation
from ideas_app.programmes.queries import get_programme
from ideas_app.programmes.service import add_meeting, ask_centre
from ideas_app.programmes.service.claiming import Given
from tests.factories import make_campaign, make_idea, make_programme
from tests.programmes.scenes import csv_of, import_

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.people import Cast

STAFF_ONLY = {permission.value for permission in set(Permission) - GRANTS[Role.YOUTH]}
PLANTED = re.compile(r"@example\.org|김\*?가|010-\*{4}|1000-000\d|이준휘|199\d-\*\*")
"""Data of the people in the scene, whole or masked."""
SHOWING = {
    "accounts.people",
    "exports.content",
    "moderation.beside",
    "moderation.item",
    "rosters.claim",
    "rosters.meeting",
    "rosters.persons",
}
"""Pages that show somebody's data on a mere look, or what somebody did before."""


def scene(cast: Cast) -> dict[str, dict[str, Any]]:
    """One of everything that a page may show; by endpoint's room, or for all, what addresses hold."""
    campaign = make_campaign("ideas-2026")
    idea = make_idea(cast.mina, campaign, state=State.SUBMITTED)
    other = make_idea(cast.mina, campaign, state=State.PUBLISHED)
    programme = make_programme("ai-pot-2")
    import_(programme, csv_of(7))
    with transaction():
        meeting = add_meeting(cast.sora, get_programme("ai-pot-2"), date(2026, 5, 7)).id
        given = Given("이준휘", "010-1000-0002", has_consented=True)
        claim = ask_centre(cast.jun, get_programme("ai-pot-2"), given).id
    request = ExportRequest(
        kind=Kind.IDEAS,
        format=Format.CSV,
        campaign=get_by_id(campaign.id),
        working=True,
        purpose="위원회에 보고",
    )
    address = ask_file(cast.dana, request).address
    session().rollback()
    everywhere = {
        "slug": "ideas-2026",
        "idea_id": idea.id,
        "other_id": other.id,
        "meeting_id": meeting,
        "claim_id": claim,
        "participation_id": session().scalar(select(func.min(Participation.id))),
        "address": address,
        "kind": "privacy",
        "name": "notice",
        "month": "2026-01",
        "ending": "csv",
        "token": "none",
    }
    return {"": everywhere, "rosters": {"slug": "ai-pot-2"}, "programmes": {"slug": "ai-pot-2"}}


def count_records() -> int:
    return session().scalar(select(func.count(AccessRecord.id))) or 0


def test_every_page_of_staff_that_shows_somebody_leaves_a_record(
    app: Flask, cast: Cast, browser_of: Callable[[Any], FlaskClient]
) -> None:
    ids, dana = scene(cast), browser_of(cast.dana)
    silent, recorded, asked = [], set(), 0
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", "")
        if access not in STAFF_ONLY or "GET" not in (rule.methods or ()):
            continue
        known = ids[""] | ids.get(rule.endpoint.split(".")[0], {})
        values = {name: known.get(name, 2_000_000_000) for name in rule.arguments}
        query = f"?person={cast.jun.id}" if rule.endpoint == "accounts.people" else ""
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method="GET")
        before = count_records()
        answer = dana.get(path + query)
        asked += 1
        if count_records() > before:
            recorded.add(rule.endpoint)
        elif answer.status_code == 200 and PLANTED.search(answer.text):
            silent.append(rule.endpoint)
    assert not silent, f"these show data of people and keep no record: {silent}"
    assert recorded >= SHOWING
    assert asked > 50


def test_a_file_taken_stands_with_its_reason_number_and_fingerprint(
    app: Flask, cast: Cast, browser_of: Callable[[Any], FlaskClient]
) -> None:
    address = scene(cast)[""]["address"]
    content = browser_of(cast.dana).get(f"/exports/files/{address}/content")
    assert "mina@example.org" in content.text
    look = session().scalars(select(AccessRecord).where(AccessRecord.kind == "export")).one()
    assert (look.reason, look.count, look.actor_id) == ("위원회에 보고", 2, cast.dana.id)
    assert len(look.digest) == 64
    assert browser_of(cast.hyun).get(f"/exports/files/{address}/content").status_code == 404


def test_an_account_is_not_read_out_by_looking_at_the_access_log(
    cast: Cast, browser_of: Callable[[Any], FlaskClient]
) -> None:
    dana = browser_of(cast.dana)
    dana.get(f"/admin/people?person={cast.jun.id}")
    page = dana.get("/admin/access").text
    assert "jun@example.org" not in page
    assert "127.0.0.1" in page
