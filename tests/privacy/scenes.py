"""Somebody with a bit of everything: for what is told to them, and for what has to be gone when they leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, text, update

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as accounts_service
from ideas_app.accounts.models import Account, Identity, Tie
from ideas_app.accounts.queries import actor_of
from ideas_app.accounts.service import Registration
from ideas_app.api.models import IdempotencyKey
from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.comments.models import Stance
from ideas_app.comments.service import write
from ideas_app.core import clock, outbox
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Scope
from ideas_app.core.tokens import token_hash
from ideas_app.exports import service as exports
from ideas_app.exports.rules import Format, Kind
from ideas_app.exports.service import ExportRequest
from ideas_app.ideas import service as ideas
from ideas_app.ideas.queries import get_idea
from ideas_app.ideas.rules import IdeaContent
from ideas_app.moderation import service as moderation
from ideas_app.moderation.queries import get_comment
from ideas_app.privacy import service as privacy
from ideas_app.privacy.service import Asking
from ideas_app.programmes import queries as programmes
from ideas_app.programmes import service as programmes_service
from ideas_app.programmes.service import Given
from ideas_app.votes import service as votes
from ideas_app.votes.rules import Said
from ideas_app.web.i18n import speaking
from tests.adapters.workbooks import as_csv
from tests.factories import make_campaign, make_idea, make_programme
from tests.moderation import scenes as desk
from tests.people import PASSWORD, PASSWORD_HASH, Cast
from tests.programmes.scenes import HEADER, import_
from tests.votes.scenes import cast as cast_ballot
from tests.votes.scenes import move_to, prepare_ballot
from tests.webhooks.scenes import listening

EMAIL = "lamplight.q7@example.org"
NICKNAME = "등대지기Q7"
BORN = date(1997, 11, 23)
NAME = "한가온누리"
PHONE = "010-7773-3399"
SECRET_WORDS = "붉은등대뒷골목"
"""Stands in everything that the person wrote and nobody else did."""


@dataclass
class Life:
    """The person, and the ids of what they touched."""

    who: Actor
    token: str
    kept: int
    """A published idea that Jun supports."""
    alone: int
    """A published idea that nobody has touched."""
    waiting: int
    rejected: int
    others: int
    """Jun's idea, still open for support."""
    old: int
    """Jun's idea of a gathering that has closed, which the person supports."""


def joined() -> tuple[Actor, str]:
    """Registers the person, proves the address and signs in; the actor and the token of the session."""
    entry = Registration(
        email=EMAIL,
        password=PASSWORD,
        nickname=NICKNAME,
        born_on=BORN,
        tie=Tie.RESIDENT,
        consents=frozenset({"terms", "privacy", "news"}),
    )
    with transaction() as current:
        accounts_service.register(VISITOR, entry, address="192.0.2.7")
        account = accounts.get_by_email(EMAIL)
        accounts_service.verify(account)
        account.password_hash = PASSWORD_HASH
        old = datetime(2026, 1, 5, tzinfo=clock.SEOUL)
        current.execute(update(Account).where(Account.id == account.id).values(created_at=old))
        token = accounts_service.start_session(account.id, browser="Firefox", address="192.0.2.7")
        unsent = [("text", f"{SECRET_WORDS} 이야기를 길게 적었습니다.")]
        accounts_service.keep_form(token, "/ideas/1/comments", unsent)
        return actor_of(account), token


def live(cast: Cast) -> Life:
    """A bit of everything, through the services."""
    who, token = joined()
    listening(cast, "https://city.example.org/hook")
    with transaction():
        accounts_service.say_neighbourhood(who, "나운3동")
    old = _past_gathering(cast, who)
    for slug in ("open-ballot", "done-ballot"):
        _vote(cast, who, slug)
    life = _gather(cast, who, token, old)
    _take_part(cast, who)
    _talk(cast, life)
    with transaction():
        privacy.ask(who, Asking(kind="access", about="account", text=f"{SECRET_WORDS} {NAME}"))
    _come_in_otherwise(who)
    outbox.drain()
    with speaking("ko"):
        campaign = get_campaign("ideas-2026")
        asked: dict[str, Any] = {"campaign": campaign, "working": True, "purpose": "위원회 자료"}
        exports.ask_file(cast.sora, ExportRequest(kind=Kind.IDEAS, format=Format.CSV, **asked))
    return life


def _come_in_otherwise(who: Actor) -> None:
    """By a provider, by a program of one's own, and what that program was answered."""
    now = clock.now()
    with transaction() as current:
        account = accounts.get_account(who.id)
        accounts_service.create_token(
            who, account, name=f"{NICKNAME}의 프로그램", scopes={Scope.READ}, days=30
        )
        current.add(
            Identity(
                account_id=account.id,
                issuer="https://id.example.org",
                subject=f"kakao-{NICKNAME}",
                linked_at=now,
            )
        )
        current.add(
            IdempotencyKey(
                account_id=account.id,
                key_hash="0" * 64,
                operation="submit_idea",
                request_digest="0" * 64,
                status=201,
                body={"author": NICKNAME, "title": SECRET_WORDS},
                created_at=now,
            )
        )


def _past_gathering(cast: Cast, who: Actor) -> int:
    past = make_campaign("past-2025")
    idea = make_idea(cast.jun, past)
    desk.support(who, idea.id)
    with transaction():
        votes.answer_reading(who, get_idea(make_idea(cast.jun, past).id), Said.UNSURE)
    move_to("past-2025", PhaseKind.ANSWERING)
    return idea.id


def _vote(cast: Cast, who: Actor, slug: str) -> None:
    campaign = make_campaign(slug, PhaseKind.PREPARING, settings={"ballot_min": 1, "ballot_max": 2})
    entries = prepare_ballot(cast.sora, campaign, [cast.jun, cast.jun, cast.mina])
    cast_ballot(who, slug, entries[:2])
    cast_ballot(cast.mina, slug, entries[:1])
    if slug == "done-ballot":
        move_to(slug, PhaseKind.ANSWERING)


def _content(title: str) -> IdeaContent:
    return IdeaContent(
        title=title, why=f"{SECRET_WORDS}에 불이 없어 밤길이 무섭습니다.", field="job"
    )


def _send(who: Actor, campaign: Campaign, title: str) -> int:
    with transaction():
        return ideas.submit(who, get_campaign(campaign.slug), _content(title)).id


def _gather(cast: Cast, who: Actor, token: str, old: int) -> Life:
    campaign = make_campaign("ideas-2026", settings={"ideas_per_day": 9})
    sent = [_send(who, campaign, f"{SECRET_WORDS}에 가로등을 놓아 주세요 {n}") for n in range(4)]
    for idea_id in sent[:2]:
        desk.decide("publish", cast.sora, idea_id)
    with transaction():
        ideas.edit(who, get_idea(sent[1]), _content(f"{SECRET_WORDS}에 밝은 가로등을 놓아 주세요"))
        ideas.save_draft(who, None, campaign, {"title": SECRET_WORDS})
        moderation.write_note(cast.sora, get_idea(sent[0]), f"{NICKNAME} 님이 센터에 왔었습니다.")
    desk.decide("reject", cast.sora, sent[3], "complaint", desk.WORDS)
    desk.appeal(who, sent[3], f"{SECRET_WORDS}은 민원이 아니라 제안입니다.")
    desk.support(cast.jun, sent[0])
    others = make_idea(cast.jun, campaign)
    return Life(who, token, *sent, others.id, old)


def _take_part(cast: Cast, who: Actor) -> None:
    course = make_programme("ai-pot-2")
    row = (1, NAME, BORN.isoformat(), PHONE, EMAIL, "나운동", "1기", "2026-05-07", "Y", "Y")
    import_(course, as_csv([HEADER, row], encoding="cp949"), actor=cast.sora)
    with transaction():
        programmes_service.claim_by_email(who, has_consented=True)
    other = make_programme("smart-farm")
    with transaction():
        given = Given(NAME, phone=PHONE, word=SECRET_WORDS, has_consented=True)
        programmes_service.ask_centre(who, programmes.get_programme(other.slug), given)


def _talk(cast: Cast, life: Life) -> None:
    who, others = life.who, life.others
    first = desk.comment_on(who, others, f"{SECRET_WORDS}도 그래요.")
    desk.comment_on(cast.jun, life.kept, "맞아요.")
    with transaction():
        parent = get_comment(first)
        write(cast.jun, get_idea(others), "그렇군요.", Stance.NEUTRAL, parent)
    desk.comment_on(who, life.kept, f"고맙습니다, {SECRET_WORDS}에서 봐요.")
    desk.support(who, others)
    with transaction():
        ideas.note_reading(who, get_idea(others))
        ideas.follow(who, get_idea(others))
        moderation.raise_flag(who, get_idea(life.old), "abuse", f"{SECRET_WORDS}를 말해요.")


def traces_of(person_token: str) -> dict[str, list[str]]:
    """Where in the whole database something of the person stands: by table, what was found.

    Every column of every table is read, those of the search index too.
    """
    marks = (
        *(EMAIL, EMAIL.partition("@")[0], NICKNAME, NAME, token_hash(person_token)),
        *(BORN.isoformat(), PHONE, PHONE.replace("-", "")),
    )
    connection = session().connection()
    found: dict[str, list[str]] = {}
    for table in sorted(inspect(connection).get_table_names()):
        for row in connection.execute(text(f'SELECT * FROM "{table}"')):
            said = " ".join(_readable(value) for value in row).casefold()
            hits = [mark for mark in marks if mark.casefold() in said]
            if hits:
                found.setdefault(table, []).extend(hits)
    return found


def words_left() -> set[str]:
    """The tables in which the person's own words still stand."""
    connection = session().connection()
    return {
        table
        for table in inspect(connection).get_table_names()
        for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        if SECRET_WORDS in " ".join(_readable(value) for value in row)
    }


def _readable(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    said = str(value)
    return said.encode().decode("unicode_escape", "ignore") + said if "\\u" in said else said


def counted() -> dict[str, Any]:
    """What is counted of everybody: ideas by campaign, supports and ballots of votes that have closed."""
    connection = session().connection()
    sums = {
        "ideas": "SELECT campaign_id, count(*) FROM idea GROUP BY campaign_id ORDER BY 1",
        "accounts": "SELECT count(*) FROM account",
        "supports of closed gatherings": (
            "SELECT count(*), count(DISTINCT account_id) FROM support WHERE idea_id IN (SELECT idea.id FROM idea "
            "JOIN campaign ON campaign.id = campaign_id WHERE slug = 'past-2025')"
        ),
        "ticks of closed ballots": (
            "SELECT entry_id, count(*) FROM ballot_choice JOIN ballot ON ballot.id = ballot_id "
            "JOIN campaign ON campaign.id = ballot.campaign_id WHERE slug = 'done-ballot' "
            "AND cast_at IS NOT NULL GROUP BY entry_id ORDER BY 1"
        ),
        "readers of closed gatherings": (
            "SELECT sum(readers_count), sum(unsure_count) FROM idea JOIN campaign ON campaign.id = campaign_id "
            "WHERE slug = 'past-2025'"
        ),
        "participations": "SELECT count(*), count(DISTINCT person_id) FROM participation",
    }
    return {
        name: [tuple(row) for row in connection.execute(text(sql))] for name, sql in sums.items()
    }
