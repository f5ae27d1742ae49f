"""`flask notices`: looking at every mail before anybody gets one.

Must not send anything, nor read anybody's data: the samples are made up.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

from ideas_app.accounts.models import Account
from ideas_app.adapters.mail import build
from ideas_app.answers.models import Answer
from ideas_app.answers.queries import AnswerRow
from ideas_app.answers.rules import Timing
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core import clock
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Idea
from ideas_app.moderation.queries import QueueRow, Waiting
from ideas_app.moderation.rules import Band
from ideas_app.notifications.models import Notice
from ideas_app.notifications.queries import Work
from ideas_app.notifications.rules import TOLD, arrange
from ideas_app.notifications.service import write_digest, write_notice, write_work
from ideas_app.privacy.models import DataRequest, RequestState
from ideas_app.privacy.rules import REMEDIES
from ideas_app.web.email import compose, link
from ideas_app.web.i18n import LOCALES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ideas_app.adapters.mail import Mail

notices = AppGroup("notices", help="Notices and their mails.")
groups = (notices,)

TITLES = (
    "막차를 밤 11시 반까지 늦춰 주세요",
    "청년 월세 지원을 1인 가구까지 넓혀 주세요",
    "은파호수공원 산책로에 조명을 더 달아 주세요",
    "시내에서 산업단지로 가는 통근버스가 필요해요",
)
REASON = "5월부터 금요일과 토요일에 막차를 11시 30분까지 늦춥니다. 6월 말에 이용 인원을 공개합니다."


@notices.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def preview(folder: Path) -> None:
    """Write every mail in both languages into FOLDER, as .eml for mail programs and .html for browsers.

    Example: flask --app ideas_app notices preview /tmp/mails
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for locale in LOCALES:
        for name, mail in sample_mails(locale):
            message = build(mail, sender="centre@example.org", sender_name="centre")
            (folder / f"{name}.{locale}.eml").write_bytes(message.as_bytes())
            (folder / f"{name}.{locale}.html").write_text(mail.html, encoding="utf-8")
            count += 1
    click.echo(f"{count} mails in {folder}")


def sample_mails(locale: str) -> Iterator[tuple[str, Mail]]:
    """Every mail with made-up values, in one language, by name."""
    yield from _account_mails(locale)
    account = sample_account(locale)
    for number, (kind, why) in enumerate(sorted(_kinds().items()), start=1):
        yield f"notice-{kind}", write_notice(account, sample_notice(kind, why, number))
    supported = [
        sample_notice(kind, "supporter", number, title=TITLES[number % len(TITLES)])
        for number, kind in enumerate(_supported(), start=1)
    ]
    digest = arrange(supported, lambda notice: notice.idea_id, subjects=3, lines=2)
    yield "digest", write_digest(account, digest, key="daily-1")
    yield "work", write_work(sample_account(locale, staff=True), sample_work(), key="daily-2")


def _account_mails(locale: str) -> Iterator[tuple[str, Mail]]:
    account = sample_account(locale)
    to, nickname = str(account.email), account.nickname
    verify, reset = link("accounts.verify", token="x" * 60), link("accounts.reset_request")
    known = {"login": link("accounts.login"), "reset": reset}
    yield "verify", compose("verify", to, locale, nickname=nickname, address=verify, days=3)
    yield "reset", compose("reset", to, locale, nickname=nickname, address=reset, minutes=30)
    yield "registered_again", compose("registered_again", to, locale, nickname=nickname, **known)
    confirm, settings = link("accounts.confirm_mailed", token="x" * 60), link("accounts.settings")
    yield "confirm", compose("confirm", to, locale, nickname=nickname, address=confirm, minutes=15)
    changed = {"what": "linked", "settings": settings}
    yield "ways_in", compose("ways_in", to, locale, nickname=nickname, **changed)
    webhook = link("webhooks.show", endpoint_id=1)
    yield (
        "webhook_stopped",
        compose(
            "webhook_stopped",
            to,
            locale,
            nickname=nickname,
            name="시청 알림판",
            is_gone=False,
            address=webhook,
        ),
    )
    yield from _request_mails(to, locale)
    yield (
        "account_expiring",
        compose(
            "account_expiring",
            to,
            locale,
            nickname=nickname,
            day=date(2027, 3, 2),
            days=30,
            address=known["login"],
        ),
    )
    yield (
        "password_changed",
        compose("password_changed", to, locale, nickname=nickname, reset=reset),
    )


def _request_mails(to: str, locale: str) -> Iterator[tuple[str, Mail]]:
    """The three mails to somebody without an account who asked about their data."""
    request = DataRequest(
        id=12,
        state=RequestState.REFUSED,
        due_on=clock.today(),
        extension_reason="명단이 두 곳에 있어 대조하고 있습니다.",
        answer="참여 실적은 법령에 따라 3년 동안 보관합니다.",
    )
    for happened in ("received", "extended", "settled"):
        name = f"request_{happened}"
        mail = compose("request", to, locale, happened=name, request=request, remedies=REMEDIES)
        yield f"request-{happened}", mail


def sample_account(locale: str, *, staff: bool = False) -> Account:
    """Somebody who does not exist."""
    return Account(
        id=1,
        email="mina@example.org",
        nickname="새벽네시통근",
        role=Role.MODERATOR if staff else Role.YOUTH,
        locale=locale,
    )


def _kinds() -> dict[str, str]:
    """Each kind of notice with a reason for which somebody gets it."""
    return {kind: why.value for kinds in TOLD.values() for why, kind in kinds.items()}


def _supported() -> list[str]:
    return sorted(kind for kind, why in _kinds().items() if why == "follower")


def sample_notice(kind: str, why: str, number: int, *, title: str = TITLES[0]) -> Notice:
    """A notice of a kind that nobody was told."""
    has_reason = kind not in {"published", "submitted", "comment", "reply"}
    return Notice(
        id=number,
        account_id=1,
        kind=kind,
        idea_id=TITLES.index(title) + 1,
        made_at=clock.now() - timedelta(minutes=17 * number),
        values={
            "title": title,
            "why": why,
            "name": "노을",
            "family": "밤에도 다닐 수 있는 대중교통",
            "joined": TITLES[3],
            "code": "duplicate",
            "decision": "partly",
            "status": "moved",
            "reason": REASON if has_reason else "",
            "comment_id": 1,
            "promise_id": 1,
            "answer_id": 1,
            "appeal_id": 1,
            "objection_id": 1,
            "round_id": 1,
            "slug": str(current_app.config["CITY_NAME_EN"]).lower(),
        },
    )


def sample_work() -> Work:
    """A busy morning."""
    field, campaign = Field(key="move", name="교통"), Campaign(slug="2026", title="2026")
    rows = [
        QueueRow(
            key=number,
            idea_id=number,
            title=title,
            number=f"2026-{number:03}",
            field=field,
            nickname="노을",
            since_at=clock.now(),
            waited=5 - number,
            target=3,
            band=next(iter(Band)),
        )
        for number, title in enumerate(TITLES, start=1)
    ]
    answers = [
        AnswerRow(
            answer=Answer(id=number, received_on=day, due_on=day),
            title=title,
            idea=Idea(id=number, title=title),
            field=field,
            campaign=campaign,
            supports=41,
            timing=Timing.OVERDUE if number == 1 else Timing.WAITING,
            days_left=number - 2,
            is_family=False,
        )
        for number, title in enumerate(TITLES[:2], start=1)
        for day in [date(2026, 3, 2 + number)]
    ]
    return Work(
        waiting=Waiting(new=7, flags=1, appeals=1, comments=2, returned=0, hidden=0, objections=1),
        oldest=rows,
        overdue=answers[:1],
        soon=answers[1:],
        promises=1,
        asked=[sample_notice("note", "duty", 1)],
    )
