"""What failed on its way out is seen by the administrator, who tries again or drops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent
from tests.factories import make_campaign, make_idea
from tests.notifications.scenes import TITLE, tell


@pytest.fixture
def failed(cast):
    """The mail of Mina's notice, given up."""
    tell(cast.mina, make_idea(cast.mina, make_campaign(), title=TITLE))
    with transaction() as current:
        event = current.scalars(select(OutboxEvent)).one()
        event.attempts = 8
        event.error = "SMTPServerDisconnected"
        event.dead_at = clock.now()
        return event.id


def event():
    return session().scalars(select(OutboxEvent)).one_or_none()


def last_entry():
    return session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def test_only_the_administrator_sees_it_and_never_whom_it_is_about(cast, failed, browser_of):
    for person in (cast.mina, cast.sora, cast.hyun):
        assert browser_of(person).get("/admin/outbox").status_code == 403
    page = browser_of(cast.dana).get("/admin/outbox").text
    assert "SMTPServerDisconnected" in page
    assert "mail_notice" in page
    for private in ("Mina", "mina@", TITLE, "notice_id"):
        assert private not in page


def test_one_that_is_tried_again_later_is_shown_and_one_that_never_failed_is_not(
    cast, failed, browser_of
):
    dana = browser_of(cast.dana)
    with transaction() as current:
        row = current.get_one(OutboxEvent, failed)
        row.dead_at, row.due_at = None, clock.now() + timedelta(hours=2)
    assert "14:00" in dana.get("/admin/outbox").text
    with transaction() as current:
        current.get_one(OutboxEvent, failed).error = None
    assert "mail_notice" not in dana.get("/admin/outbox").text


def test_trying_again_sends_the_mail(cast, failed, browser_of, letters):
    dana = browser_of(cast.dana)
    assert letters() == []
    assert dana.post(f"/admin/outbox/{failed}/again").status_code == 303
    assert len(letters()) == 1
    assert last_entry().tag == "outbox:retried"
    assert dana.post(f"/admin/outbox/{failed}/again").status_code == 404


def test_dropping_needs_a_reason_that_the_log_keeps(cast, failed, browser_of, letters):
    dana = browser_of(cast.dana)
    answer = dana.post(f"/admin/outbox/{failed}/drop", data={"reason": " "})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert event() is not None
    answer = dana.post(f"/admin/outbox/{failed}/drop", data={"reason": "주소가 없어졌습니다."})
    assert answer.status_code == 303
    assert event() is None
    assert letters() == []
    assert (last_entry().tag, last_entry().reason) == ("outbox:dropped", "주소가 없어졌습니다.")
    assert dana.post(f"/admin/outbox/{failed}/drop", data={"reason": "x"}).status_code == 404


def test_nobody_else_can_try_or_drop(cast, failed, browser_of):
    sora = browser_of(cast.sora)
    assert sora.post(f"/admin/outbox/{failed}/again").status_code == 403
    assert sora.post(f"/admin/outbox/{failed}/drop", data={"reason": "x"}).status_code == 403
    assert event().dead_at
