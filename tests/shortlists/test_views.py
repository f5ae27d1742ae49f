"""The pages of shortlists, for staff, for everybody, and for the stranger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import outbox
from ideas_app.core.db import session, transaction
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists import queries
from ideas_app.shortlists.models import Round
from tests.people import Actor, Cast
from tests.shortlists.scenes import closed_ballot, computed, make_family, published

Browser = Callable[[Actor], FlaskClient]


def ask(slug: str, **more: object) -> dict[str, object]:
    values = {
        "seats": "3",
        "rule": "mes",
        "completion": "phragmen",
        "source": "ballot",
        "min_approval_percent": "3",
        **more,
    }
    return {"campaign": slug} | {f"{slug}-{name}": value for name, value in values.items()}


def test_a_moderator_computes_and_publishes_and_everybody_sees_the_winners(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    campaign, _ideas = closed_ballot(cast)
    slug = campaign.slug
    sora = browser_of(cast.sora)
    assert "Compute" in sora.get("/shortlists?lang=en").text
    done = sora.post("/shortlists", data=ask(slug))
    assert done.status_code == 303
    address = done.headers["Location"]
    assert "being counted" in sora.get(f"{address}?lang=en").text
    outbox.drain()
    page = sora.get(f"{address}?lang=en").text
    assert "Change, sign, publish" in page
    assert visitor.get(address).status_code == 404
    round_id = int(address.rsplit("/", 1)[1])
    assert sora.post(f"{address}/publish").status_code == 403
    for person in (sora, browser_of(cast.dana)):
        seal = queries.seal_of(queries.get_round(round_id))
        assert person.post(f"{address}/signatures", data={"seal": seal}).status_code == 303
    assert "Publish this list" in sora.get(f"{address}/work?lang=en").text
    assert sora.post(f"{address}/publish").headers["Location"] == address
    outbox.drain()
    page = visitor.get(f"{address}?lang=en").text
    for entry in queries.list_elected(queries.get_round(round_id)):
        assert entry.title in page
    assert "Change, sign, publish" not in page
    assert queries.get_round(round_id).digest[:8] in page
    assert address in visitor.get("/shortlists").text


def test_the_ballots_are_the_very_bytes_whose_digest_stands_on_the_page(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    snapshot, digest, address = round_.snapshot, round_.digest, f"/shortlists/{round_.id}"
    answer = visitor.get(f"{address}/ballots.pb")
    assert answer.data == snapshot.encode()
    assert answer.headers["ETag"] == f'"{digest}"'
    assert "attachment" in answer.headers["Content-Disposition"]


def test_few_ballots_are_no_file_for_the_public_nor_for_staff_who_were_not_named(
    cast: Cast, visitor: FlaskClient, browser_of: Browser
) -> None:
    campaign, _ideas = closed_ballot(cast, {"abc": 20, "d": 10})
    address = f"/shortlists/{published(cast, campaign).id}"
    sora = browser_of(cast.sora)
    for stranger in (visitor, browser_of(cast.jun), sora):
        refused = stranger.get(f"{address}/ballots.pb?lang=en")
        assert refused.status_code == 403
        assert "Fewer than 100 ballots" in refused.text
        assert "ballots.pb" not in stranger.get(address).text
    unknown = {"email": "nobody@example.org", "reason": "위원회"}
    assert sora.post(f"{address}/auditors", data=unknown).status_code == 422
    named = {"email": "jun@example.org", "reason": "위원회가 추천했습니다"}
    assert sora.post(f"{address}/auditors", data=named).status_code == 303
    jun = browser_of(cast.jun)
    assert jun.get(f"{address}/ballots.pb").status_code == 200
    tags = session().scalars(select(AuditEntry.tag).order_by(AuditEntry.id)).all()
    assert tags[-2:] == ["round:auditor_named", "round:file_read"]
    assert sora.post(f"{address}/auditors/{cast.jun.id}/remove").status_code == 303
    assert jun.get(f"{address}/ballots.pb").status_code == 403


@pytest.mark.parametrize("person", ["visitor", "mina", "jun"])
def test_an_unpublished_round_looks_to_the_stranger_as_if_it_were_not_there(
    cast: Cast, browser_of: Browser, visitor: FlaskClient, person: str
) -> None:
    campaign, _ideas = closed_ballot(cast)
    slug, round_id = campaign.slug, computed(cast, campaign).id
    stranger = visitor if person == "visitor" else browser_of(getattr(cast, person))
    for tail in ("", "/ballots.pb"):
        here = stranger.get(f"/shortlists/{round_id}{tail}")
        nowhere = stranger.get(f"/shortlists/{round_id + 1}{tail}")
        assert (here.status_code, nowhere.status_code) == (404, 404)
        # the only difference is the address itself
        assert here.text.replace(f"/{round_id}", "/N") == nowhere.text.replace(
            f"/{round_id + 1}", "/N"
        )
    assert stranger.post(f"/shortlists/{round_id}/publish").status_code in {303, 403}
    assert stranger.post("/shortlists", data=ask(slug)).status_code in {303, 403}
    assert queries.list_rounds(published_only=True) == []
    assert session().query(Round).count() == 1


def test_officials_read_what_is_not_public_yet_and_change_nothing(
    cast: Cast, browser_of: Browser
) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_id = computed(cast, campaign).id
    hyun = browser_of(cast.hyun)
    page = hyun.get(f"/shortlists/{round_id}?lang=en")
    assert page.status_code == 200
    assert "Only moderators publish" in hyun.get(f"/shortlists/{round_id}/work?lang=en").text
    assert "Change the list" not in hyun.get(f"/shortlists/{round_id}/work?lang=en").text
    for act in ("publish", "changes", "signatures", "signatures/withdraw", "auditors"):
        assert hyun.post(f"/shortlists/{round_id}/{act}").status_code == 403


def test_what_cannot_be_computed_is_said_at_its_field(cast: Cast, browser_of: Browser) -> None:
    campaign, _ideas = closed_ballot(cast)
    slug = campaign.slug
    sora = browser_of(cast.sora)
    done = sora.post("/shortlists?lang=en", data=ask(slug, seats="40"))
    assert done.status_code == 422
    assert "Choose between 1 and 6 seats" in done.text
    assert sora.post("/shortlists", data=ask(slug, seats="many")).status_code == 422
    assert sora.post("/shortlists", data=ask("nowhere")).status_code == 404
    assert sora.post("/shortlists", data={}).status_code == 404


def test_what_only_the_count_can_know_leaves_the_round_failed_with_its_reason(
    cast: Cast, browser_of: Browser
) -> None:
    campaign, _ideas = closed_ballot(cast)
    sora = browser_of(cast.sora)
    # six entries stand, but one is under the least approval
    done = sora.post("/shortlists?lang=en", data=ask(campaign.slug, seats="6"))
    outbox.drain()
    page = sora.get(f"{done.headers['Location']}?lang=en").text
    assert "could not be counted" in page
    assert "Choose between 1 and 5 seats" in page
    assert sora.get(f"{done.headers['Location']}/work").status_code == 404
    assert "Could not be counted" in sora.get("/shortlists?lang=en").text


def test_a_closed_door_says_why(cast: Cast, browser_of: Browser) -> None:
    campaign, _ideas = closed_ballot(cast, phase=PhaseKind.BALLOT)
    slug = campaign.slug
    sora = browser_of(cast.sora)
    assert "Voting has not closed yet" in sora.get("/shortlists?lang=en").text
    assert sora.post("/shortlists", data=ask(slug)).status_code == 403


def test_publishing_twice_is_refused_with_its_reason(cast: Cast, browser_of: Browser) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_id = published(cast, campaign).id
    again = browser_of(cast.sora).post(f"/shortlists/{round_id}/publish?lang=en")
    assert again.status_code == 403
    assert "published already" in again.text


def test_the_page_speaks_of_every_rule_and_of_an_empty_list(
    cast: Cast, browser_of: Browser
) -> None:
    campaign, _ideas = closed_ballot(cast)
    sora = browser_of(cast.sora)
    rules = ("mes", "phragmen", "seqpav", "satisfaction", "approval")
    for round_id in [computed(cast, campaign, rule=rule).id for rule in rules]:
        for language in ("ko", "en"):
            assert sora.get(f"/shortlists/{round_id}?lang={language}").status_code == 200
    other, _ideas = closed_ballot(cast, {}, slug="quiet")
    page = sora.get(f"/shortlists/{computed(cast, other).id}?lang=en")
    assert "Nobody was elected" in page.text


def test_a_family_leads_to_its_page_and_a_hidden_idea_nowhere(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign, _found = closed_ballot(cast)
    round_ = published(cast, campaign)
    elected = queries.list_elected(round_)
    hidden, title = elected[0].idea_id, elected[0].title
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, hidden), State.HIDDEN)
    page = visitor.get(f"/shortlists/{round_.id}?lang=en").text
    assert title not in page
    assert "(hidden by the centre)" in page


def test_a_family_on_the_list_is_a_link(cast: Cast, visitor: FlaskClient) -> None:
    campaign, found = closed_ballot(cast)
    family = make_family(campaign, [found["a"]])
    with transaction() as current:
        for entry in queries_entries(current, found["a"].id):
            entry.idea_id, entry.family_id = None, family.id
    address = f"/shortlists/{published(cast, campaign).id}"
    assert f"/families/{family.id}" in visitor.get(address).text


def queries_entries(current, idea_id: int):
    from sqlalchemy import select

    from ideas_app.votes.models import BallotEntry

    return current.scalars(select(BallotEntry).where(BallotEntry.idea_id == idea_id)).all()
