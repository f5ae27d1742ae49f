"""What failed for good is seen and decided on by administrators, on the page and at the command line."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock, outbox, postbox
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound, Refused
from ideas_app.core.outbox import OutboxEvent
from ideas_app.core.postbox import MailDelivery, MailState
from ideas_app.operations import queries, service
from tests.accounts import mailbox


@pytest.fixture
def unsure(app, cast):
    """The id of the event of a mail of which nobody can tell: its worker died after the dot."""
    mailbox.empty()
    from ideas_app.accounts.events import ResetAsked

    with transaction():
        outbox.publish(ResetAsked(cast.mina.id))
    claim = outbox.claim_one()
    row = session().scalars(select(OutboxEvent)).one()
    key = f"reset-{row.id}-{int(row.happened_at.timestamp() * 1_000_000)}"
    postbox.begin_handing(key, row.id)
    outbox.run_one(claim)
    return row.id


def test_an_unsure_mail_stands_among_what_failed_until_somebody_sends_it_again(
    app, cast, browser_of, unsure
):
    dana = browser_of(cast.dana)
    page = dana.get("/admin/jobs?lang=en").text
    assert "may or may not have arrived" in page
    assert mailbox.collect() == [], "it is not sent again by itself"
    assert dana.post(f"/admin/jobs/{unsure}/retry").status_code == 303
    (mail,) = mailbox.collect()
    assert mail["To"] == "mina@example.org"
    assert session().scalars(select(MailDelivery.state)).all() == [MailState.SENT]
    assert dana.post(f"/admin/jobs/{unsure}/retry").status_code == 404
    tags = session().scalars(select(AuditEntry.tag)).all()
    assert tags[-1] == "job:retried"


def test_what_is_let_go_is_not_tried_again(cast, browser_of, unsure):
    assert browser_of(cast.dana).post(f"/admin/jobs/{unsure}/drop").status_code == 303
    assert mailbox.collect() == []
    assert queries.read_standing().dead == []


def test_only_administrators_see_and_decide(cast, browser_of, visitor, unsure):
    for person in (cast.mina, cast.sora, cast.hyun):
        assert browser_of(person).get("/admin/jobs").status_code == 403
        with pytest.raises(Refused), transaction():
            service.retry(person, unsure)
    assert visitor.get("/admin/jobs").status_code == 303
    with pytest.raises(NotFound), transaction():
        service.drop(cast.dana, 2_000_000_000)


def test_the_page_says_what_waits_and_what_comes_round(cast, browser_of):
    from ideas_app.accounts.events import ResetAsked

    with clock.at(clock.now() - 10 * outbox.LEASE), transaction():
        outbox.publish(ResetAsked(cast.mina.id))
    page = browser_of(cast.dana).get("/admin/jobs?lang=en").text
    assert "accounts.jobs.mail_reset" in page
    assert "due for more than two minutes" in page
    assert "ideas.jobs.forget_stray_drafts" in page


def test_the_command_line_says_the_same(app, cast, unsure):
    runner = app.test_cli_runner()
    printed = runner.invoke(args=["jobs", "status"]).output
    assert "failed for good: 1" in printed
    assert "MailUnsure" in printed
    assert "campaigns.jobs.follow_phases: never" in printed
    told = json.loads(runner.invoke(args=["jobs", "status", "--json"]).output)
    assert told["dead"][0]["is_unsure"] is True
    assert runner.invoke(args=["jobs", "retry", str(unsure)]).exit_code == 0
    assert runner.invoke(args=["jobs", "retry", str(unsure)]).exit_code == 1
    assert runner.invoke(args=["jobs", "run", "campaigns.jobs.follow_phases"]).exit_code == 0
    assert runner.invoke(args=["jobs", "run", "nothing"]).exit_code == 1
