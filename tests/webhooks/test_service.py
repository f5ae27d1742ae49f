"""Endpoints hear what is public, once it is; failures are tried again, shown, and end by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.answers import queries as answers
from ideas_app.answers import service as answer_service
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock, outbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists.models import RoundState
from ideas_app.votes.models import BallotEntry
from ideas_app.webhooks import queries, service
from ideas_app.webhooks.models import Delivery, Endpoint
from ideas_app.webhooks.rules import WAITS, Event
from tests.accounts import mailbox
from tests.answers import scenes as answering
from tests.factories import make_campaign, make_idea
from tests.moderation import scenes as desk
from tests.shortlists.scenes import cast_ballots, closed_ballot, computed
from tests.webhooks.receiver import is_signed
from tests.webhooks.scenes import announce, listening, log, only_delivery, told

pytestmark = pytest.mark.usefixtures("open_gate")


def change(thing, **values):
    with transaction() as current:
        row = current.get_one(type(thing), thing.id)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.fixture
def idea(cast):
    return make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요")


def test_a_published_idea_is_told_with_a_signature_that_the_receiver_can_check(
    cast, idea, receiver
):
    endpoint_id = listening(cast, receiver.address + "/hook")
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    ((headers, body),) = receiver.got
    assert is_signed(queries.get_endpoint(endpoint_id).secret, headers, body)
    assert headers["webhook-id"] == only_delivery().message_id
    (message,) = told(receiver)
    assert message["type"] == "idea.published"
    assert message["version"] == 1
    assert message["data"]["title"] == "막차를 늦춰 주세요"
    assert message["data"]["url"].startswith("http://localhost/ideas/")
    assert log(endpoint_id) == [("idea.published", "delivered", 1, 204, None)]


def test_only_what_was_asked_for_is_told_and_only_while_it_is_on(cast, idea, receiver):
    endpoint_id = listening(cast, receiver.address, "family.formed")
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    with transaction():
        service.switch(cast.dana, queries.get_endpoint(endpoint_id), on=False)
    announce(Event.FAMILY_FORMED, family_id=1)
    assert receiver.got == []
    assert log(endpoint_id) == []


def test_both_secrets_sign_until_the_old_one_has_had_its_days(cast, idea, receiver):
    endpoint_id = listening(cast, receiver.address)
    old = queries.get_endpoint(endpoint_id).secret
    with transaction():
        service.rotate_secret(cast.dana, queries.get_endpoint(endpoint_id))
    new = queries.get_endpoint(endpoint_id).secret
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    with clock.at(clock.now() + timedelta(days=3)):
        announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    first, second = receiver.got
    assert is_signed(old, *first)
    assert is_signed(new, *first)
    assert is_signed(new, *second)
    assert not is_signed(old, *second)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.HIDDEN, State.REJECTED, State.WITHDRAWN])
def test_what_is_not_public_when_it_is_to_be_sent_is_not_sent(cast, idea, receiver, state):
    endpoint_id = listening(cast, receiver.address)
    with transaction():
        service.announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    change(idea, state=state, is_listed=False)
    outbox.drain()
    assert receiver.got == []
    assert log(endpoint_id) == [("idea.published", "skipped", 0, None, None)]


def test_a_shortlist_is_told_when_it_is_published_and_never_with_votes(cast, receiver):
    campaign, ideas = closed_ballot(cast, {"abc": 9, "d": 5})
    listening(cast, receiver.address, "shortlist.published")
    draft = computed(cast, campaign)
    announce(Event.SHORTLIST_PUBLISHED, round_id=draft.id)
    assert receiver.got == []
    change(draft, state=RoundState.PUBLISHED)
    announce(Event.SHORTLIST_PUBLISHED, round_id=draft.id)
    (message,) = told(receiver)
    assert message["data"]["id"] == draft.id
    assert set(message["data"]) == {"id", "campaign", "ideas", "url"}
    assert set(message["data"]["ideas"]) <= {idea.id for idea in ideas.values()}


def test_answers_and_promises_are_told_once_they_stand(cast, receiver):
    campaign = answering.answering()
    answer_id = answering.owed(cast, campaign)
    endpoint_id = listening(cast, receiver.address)
    announce(Event.ANSWER_PUBLISHED, answer_id=answer_id)
    assert receiver.got == []
    answering.answer(cast, answer_id, ("시간표 공고", answering.in_days(30)))
    outbox.drain()
    promise = answers.list_promises(answer_id)[0]
    announce(Event.PROMISE_SILENT, promise_id=promise.id)
    kinds = [(message["type"], message["data"]["campaign"]) for message in told(receiver)]
    assert kinds == [("answer.published", "ideas-2026"), ("promise.silent", "ideas-2026")]
    assert "written_by" not in str(told(receiver))
    change(
        session().get_one(Idea, answers.get_answer(answer_id).idea_id),
        is_listed=False,
        state=State.HIDDEN,
    )
    announce(Event.ANSWER_CHANGED, answer_id=answer_id)
    assert log(endpoint_id)[-1][1] == "skipped"


def test_a_family_is_told_with_its_public_members_and_its_end(cast, receiver):
    campaign = make_campaign()
    first, second = (make_idea(cast.mina, campaign) for _ in range(2))
    listening(cast, receiver.address)
    family_id = desk.join(cast.sora, [first.id, second.id])
    outbox.drain()
    announce(Event.FAMILY_SPLIT, family_id=family_id)
    (message,) = told(receiver)
    assert message["type"] == "family.formed"
    assert message["data"]["ideas"] == sorted([first.id, second.id])


def test_a_failure_is_tried_again_by_and_by_and_each_try_is_shown(cast, idea, receiver):
    receiver.answer = 500
    endpoint_id = listening(cast, receiver.address)
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    assert log(endpoint_id) == [("idea.published", "waiting", 1, 500, None)]
    assert outbox.drain() == 0, "the next try comes in its time"
    for _ in WAITS:
        with clock.at(only_delivery().next_at + timedelta(seconds=1)):
            outbox.drain()
    assert log(endpoint_id) == [("idea.published", "failed", 8, 500, None)]
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert outbox.list_dead() == [], "somebody else's fault is none of ours"


def test_retry_now_sends_at_once_and_what_still_waited_is_outdated(cast, idea, receiver):
    receiver.answer = 500
    endpoint_id = listening(cast, receiver.address)
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    then = only_delivery().next_at
    receiver.answer = 200
    with transaction():
        service.retry_now(cast.dana, only_delivery())
    outbox.drain()
    with clock.at(then + timedelta(seconds=1)):
        outbox.drain()
    assert len(receiver.got) == 2
    assert log(endpoint_id)[0][1] == "delivered"
    with transaction(), pytest.raises(Conflict):
        service.retry_now(cast.dana, only_delivery())


def test_a_redirect_counts_as_failed_and_is_not_followed(cast, idea, receiver):
    receiver.answer = 307
    endpoint_id = listening(cast, receiver.address)
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    assert log(endpoint_id) == [("idea.published", "waiting", 1, 307, "redirect")]
    assert len(receiver.got) == 1


def test_one_dead_receiver_holds_up_no_other(cast, idea, receiver):
    dead = listening(cast, "http://127.0.0.1:9", "idea.published")
    alive = listening(cast, receiver.address, "idea.published")
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    assert log(dead)[0][1] == "waiting"
    assert log(alive)[0][1] == "delivered"


def test_a_worker_killed_before_it_heard_the_answer_sends_the_same_message_again(
    cast, idea, receiver, monkeypatch
):
    listening(cast, receiver.address)
    with transaction():
        service.announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    claim = outbox.claim_one("webhooks")
    delivery = only_delivery()
    endpoint = queries.get_endpoint(delivery.endpoint_id)
    body = queries.body_of(delivery)
    service.sending._post(endpoint, delivery.message_id, body, allow_private=True)
    assert claim is not None  # and is killed here
    with clock.at(clock.now() + outbox.LEASE):
        outbox.drain()
    ids = [headers["webhook-id"] for headers, _body in receiver.got]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_an_endpoint_that_fails_for_a_day_is_switched_off_and_administrators_are_told(
    cast, idea, receiver
):
    mailbox.empty()
    receiver.answer = 503
    endpoint_id = listening(cast, receiver.address)
    change(
        queries.get_endpoint(endpoint_id),
        failures=11,
        failing_since=clock.now() - timedelta(days=1),
    )
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    endpoint = queries.get_endpoint(endpoint_id)
    assert (endpoint.is_on, endpoint.off_because) == (False, "failing")
    assert log(endpoint_id)[0][1] == "failed"
    (mail,) = mailbox.collect()
    assert mail["To"] == "dana@example.org"
    assert f"/admin/webhooks/{endpoint_id}" in mailbox.text_of(mail)


def test_a_receiver_that_says_gone_is_switched_off_at_once(cast, idea, receiver):
    receiver.answer = 410
    endpoint_id = listening(cast, receiver.address)
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    assert queries.get_endpoint(endpoint_id).off_because == "gone"


def test_success_forgives_former_failures(cast, idea, receiver):
    endpoint_id = listening(cast, receiver.address)
    change(queries.get_endpoint(endpoint_id), failures=5, failing_since=clock.now())
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    endpoint = queries.get_endpoint(endpoint_id)
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


@pytest.mark.parametrize(
    ("name", "address", "events", "field"),
    [
        ("", "https://example.org", ["idea.published"], "name"),
        ("x", "ftp://example.org", ["idea.published"], "address"),
        ("x", "https://user:pw@example.org", ["idea.published"], "address"),
        ("x", "https://example.org", [], "events"),
        ("x", "https://example.org", ["test"], "events"),
        ("x", "https://example.org", ["vote.cast"], "events"),
    ],
)
def test_a_wrong_input_is_told_at_its_field(cast, name, address, events, field):
    with pytest.raises(Invalid) as invalid, transaction():
        service.add_endpoint(cast.dana, name, address, events)
    assert [fault.field for fault in invalid.value.faults] == [field]


def test_only_administrators_manage_webhooks(cast):
    for person in (cast.visitor, cast.mina, cast.sora, cast.hyun):
        with pytest.raises(Refused), transaction():
            service.add_endpoint(person, "x", "https://example.org", ["idea.published"])


def test_removing_an_endpoint_takes_its_log_along_and_its_waiting_message_ends(
    cast, idea, receiver
):
    endpoint_id = listening(cast, receiver.address)
    with transaction():
        service.announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    with transaction():
        service.remove_endpoint(cast.dana, queries.get_endpoint(endpoint_id))
    outbox.drain()
    assert receiver.got == []
    assert session().query(Delivery).count() == session().query(Endpoint).count() == 0


def test_the_log_reaches_back_some_weeks(cast, idea, receiver):
    endpoint_id = listening(cast, receiver.address)
    announce(Event.IDEA_PUBLISHED, idea_id=idea.id)
    with clock.at(clock.now() + timedelta(days=31)), transaction():
        service.forget_old(30)
    assert log(endpoint_id) == []


def test_an_extension_is_told_with_its_public_reason(cast, receiver):
    answer_id = answering.owed(cast, answering.answering())
    listening(cast, receiver.address)
    with clock.at(clock.day_start(answering.RECEIVED + timedelta(days=3))):
        with transaction():
            answer_service.extend(
                cast.hyun,
                answers.get_answer(answer_id),
                answering.DUE + timedelta(days=7),
                "두 부서가 함께 봅니다.",
            )
        outbox.drain()
    assert told(receiver)[0]["data"]["reason"] == "두 부서가 함께 봅니다."


def test_no_message_changes_when_more_ballots_are_cast(cast):
    campaign, ideas = closed_ballot(cast, {"abc": 9, "d": 5}, phase=PhaseKind.BALLOT, ballot_min=1)
    entries = select(BallotEntry.id).where(BallotEntry.idea_id == ideas["a"].id)
    entry_id = session().scalars(entries).one()
    subjects = [(Event.IDEA_PUBLISHED, {"idea_id": idea.id}) for idea in ideas.values()]
    phase = {"campaign_id": campaign.id, "phase": "ballot", "before": "preparing"}
    subjects.append((Event.CAMPAIGN_PHASE, phase))

    def bodies():
        now = clock.now()
        return [
            queries.body_of(Delivery(event=event.value, subject=subject, happened_at=now))
            for event, subject in subjects
        ]

    with clock.at(clock.now()):
        before = bodies()
        cast_ballots(get_campaign(campaign.slug), {"a": entry_id}, {"a": 7})
        assert bodies() == before
    assert all(before)
