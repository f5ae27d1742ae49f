"""While a ballot is open nothing tells what was ticked: every page is walked before and after."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.votes.models import BallotEntry
from tests.people import make_account
from tests.shortlists.scenes import cast_ballots, closed_ballot
from tests.votes.scenes import cast as vote
from tests.votes.scenes import take_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

Browser = Callable[["Actor"], "FlaskClient"]
# the measures count the walk itself, a session's end comes nearer; a secret is a new one each time
SKIPPED = (
    *("static", "operations.measures", "pages.readyz", "pages.healthz"),
    *("accounts.log_out", "accounts.second_factor", "accounts.session_state"),
)
VARYING = (
    r'name="csrf[-_]token"[^>]*>',
    r"(?:seconds|requests|request)[-_ ]?(?:id)?[^<]{0,40}[0-9a-f-]{16,}",
)


def addresses(app: Flask, values: dict[str, object]) -> list[str]:
    """Every address that answers GET, its places filled with what exists here."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in SKIPPED:
            continue
        with app.test_request_context():
            filled = {name: values.get(name, 1) for name in rule.arguments}
            adapter = app.url_map.bind("localhost")
            found.append(adapter.build(rule.endpoint, filled, append_unknown=False))
    return sorted(set(found))


def walk(client: FlaskClient, places: list[str]) -> dict[str, tuple[int, bytes]]:
    seen = {}
    for place in places:
        answer = client.get(f"{place}{'&' if '?' in place else '?'}lang=en")
        body = answer.data
        if answer.mimetype.startswith("text/"):
            for pattern in VARYING:
                body = re.sub(pattern.encode(), b"", body)
        seen[place] = (answer.status_code, body)
    return seen


def look_twice(
    app: Flask, cast: Cast, client: FlaskClient
) -> tuple[dict[str, tuple[int, bytes]], dict[str, tuple[int, bytes]]]:
    """All pages as one person sees them, before and after seven more ballots for one entry: four that
    nobody is behind, three of people with accounts.
    """
    campaign, ideas = closed_ballot(cast, {"ab": 20, "c": 3}, phase=PhaseKind.BALLOT, ballot_min=2)
    slug = campaign.slug
    values = {"slug": slug, "campaign": slug, "idea_id": ideas["a"].id, "year": 2026}
    query = select(BallotEntry.id).where(BallotEntry.idea_id == ideas["a"].id)
    entry_id = session().scalars(query).one()
    values["paper_id"] = take_in(cast.sora, slug)
    places = [
        *addresses(app, values),
        f"/ballot/{slug}/compare?a={entry_id}&b={entry_id + 1}",
        *(f"/ballot/{slug}?view={view}" for view in ("picked", "fields", "field-job")),
    ]
    voters = [make_account(f"Voter{number}") for number in range(3)]
    with clock.at(clock.now()):
        # the first look opens a ballot and its order: what else moved by being looked at would stand among the leaks
        walk(client, [f"/ballot/{slug}"])
        before = walk(client, places)
        cast_ballots(get_campaign(slug), {"a": entry_id}, {"a": 4})
        for voter in voters:
            vote(voter, slug, [entry_id, entry_id + 1])
        return before, walk(client, places)


@pytest.mark.parametrize("person", ["visitor", "mina", "jun", "hyun"])
def test_no_page_export_or_report_changes_when_seven_more_ballots_are_cast(
    app: Flask, cast: Cast, browser_of: Browser, visitor: FlaskClient, person: str
) -> None:
    client = visitor if person == "visitor" else browser_of(getattr(cast, person))
    before, after = look_twice(app, cast, client)
    read = {place for place, (status, _body) in before.items() if status == 200}
    walked = {"/", "/ideas", "/shortlists", "/ballot/ideas-2026", "/ballot/ideas-2026?view=fields"}
    assert walked <= read
    assert sum("/compare" in place for place in read) == 2
    assert [place for place in before if before[place] != after[place]] == []


def test_moderators_see_the_turnout_grow_and_nothing_else(
    app: Flask, cast: Cast, browser_of: Browser
) -> None:
    before, after = look_twice(app, cast, browser_of(cast.sora))
    changed = {place for place in before if before[place] != after[place]}
    assert "/ballot/ideas-2026/papers" in changed, "a walk that sees no turnout would see no leak"
    for place in changed:
        assert place.startswith("/ballot/")
        old, new = (re.findall(rb"\d+", seen[place][1]) for seen in (before, after))
        assert {(a, b) for a, b in zip(old, new, strict=True) if a != b} == {(b"23", b"30")}
