"""When endpoints are told, and the sending itself: without a transaction, and in a lane of its own, so that a
receiver that does not answer holds up no mail and no vote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from ideas_app.accounts.models import Account
from ideas_app.answers import queries as answers
from ideas_app.answers.events import (
    AnswerChanged,
    AnswerExtended,
    AnswerPublished,
    PromiseChanged,
    PromiseSilent,
)
from ideas_app.answers.models import PromiseStatus
from ideas_app.campaigns.events import PhaseChanged
from ideas_app.core import housekeeping
from ideas_app.core.db import session
from ideas_app.core.outbox import handles
from ideas_app.moderation.events import FamilyFormed, FamilySplit, IdeaPublished
from ideas_app.shortlists.events import ShortlistPublished
from ideas_app.web.email import compose, deliver, link
from ideas_app.webhooks import service
from ideas_app.webhooks.events import DeliveryDue, EndpointStopped
from ideas_app.webhooks.models import Endpoint
from ideas_app.webhooks.rules import Event

if TYPE_CHECKING:
    from config import Settings

LOG_DAYS = 30


@handles(IdeaPublished)
def tell_idea(event: IdeaPublished) -> None:
    """A new idea is on the list."""
    service.announce(Event.IDEA_PUBLISHED, idea_id=event.idea_id)


@handles(FamilyFormed)
def tell_family(event: FamilyFormed) -> None:
    """Ideas were joined."""
    service.announce(Event.FAMILY_FORMED, family_id=event.family_id)


@handles(FamilySplit)
def tell_split(event: FamilySplit) -> None:
    """Ideas stand alone again."""
    service.announce(Event.FAMILY_SPLIT, family_id=event.family_id)


@handles(ShortlistPublished)
def tell_shortlist(event: ShortlistPublished) -> None:
    """A list is public."""
    service.announce(Event.SHORTLIST_PUBLISHED, round_id=event.round_id)


@handles(AnswerPublished)
def tell_answer(event: AnswerPublished) -> None:
    """The city answered."""
    service.announce(Event.ANSWER_PUBLISHED, answer_id=event.answer_id)


@handles(AnswerChanged)
def tell_change(event: AnswerChanged) -> None:
    """A published answer reads differently."""
    service.announce(Event.ANSWER_CHANGED, answer_id=event.answer_id)


@handles(AnswerExtended)
def tell_extension(event: AnswerExtended) -> None:
    """The city asked for more time."""
    service.announce(Event.ANSWER_EXTENDED, answer_id=event.answer_id)


@handles(PromiseChanged)
def tell_promise(event: PromiseChanged) -> None:
    """A promise was kept, moved or dropped."""
    is_done = answers.get_promise(event.promise_id).status is PromiseStatus.DONE
    kind = Event.PROMISE_DONE if is_done else Event.PROMISE_CHANGED
    service.announce(kind, promise_id=event.promise_id)


@handles(PromiseSilent)
def tell_silence(event: PromiseSilent) -> None:
    """The day of a promise passed without a word."""
    service.announce(Event.PROMISE_SILENT, promise_id=event.promise_id)


@handles(PhaseChanged)
def tell_phase(event: PhaseChanged) -> None:
    """Another phase runs."""
    service.announce(
        Event.CAMPAIGN_PHASE,
        campaign_id=event.campaign_id,
        phase=event.phase,
        before=event.before,
    )


@handles(DeliveryDue, outside=True, lane="webhooks", abreast=4)
def send(event: DeliveryDue) -> None:
    """Sends one message to one endpoint."""
    settings: Settings = current_app.config["SETTINGS"]
    service.send_due(event.delivery_id, event.tries, allow_private=settings.webhook_allow_private)


@handles(EndpointStopped, outside=True, lane="mail")
def mail_stopped(event: EndpointStopped) -> None:
    """Tells one administrator that an endpoint was switched off."""
    endpoint = session().get(Endpoint, event.endpoint_id, populate_existing=True)
    account = session().get(Account, event.account_id, populate_existing=True)
    if endpoint is None or account is None or not account.email or account.disabled_at:
        session().rollback()
        return
    mail = compose(
        "webhook_stopped",
        account.email,
        account.locale,
        nickname=account.nickname,
        name=endpoint.name,
        is_gone=endpoint.off_because == "gone",
        address=link("webhooks.show", endpoint_id=endpoint.id),
    )
    session().rollback()  # nothing stays open while the mail server is asked
    deliver(mail)


@housekeeping.hourly
def forget_log() -> None:
    """The log of messages reaches back some weeks."""
    service.forget_old(LOG_DAYS)
