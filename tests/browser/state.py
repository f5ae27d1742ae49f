"""One full house for the eye: campaigns in every phase, ideas in every state, a family, a ballot, answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import select

from config import OidcProvider
from ideas_app.accounts.models import Tie
from ideas_app.answers.models import Answer, Decision, Promise
from ideas_app.answers.queries import get_answer
from ideas_app.answers.rules import PromiseContent
from ideas_app.answers.service import (
    Upload,
    draw_pictures,
    report_step,
    save_template,
    write_answer,
)
from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.cli.demo.drawings import draw
from ideas_app.comments.models import Stance
from ideas_app.comments.service import write
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import State
from ideas_app.ideas.queries import get_idea
from ideas_app.moderation.queries import get_comment
from ideas_app.opendata import service as open_data
from ideas_app.privacy import service as privacy
from ideas_app.privacy.service import Asking
from ideas_app.programmes.queries import get_programme
from ideas_app.programmes.service import claim_by_email, read_participants, unmask_participant
from ideas_app.shortlists.service import ask_round, question_of
from ideas_app.webhooks.models import Delivery, DeliveryState
from tests.answers.scenes import ask, content, draft
from tests.browser_fixtures.house import House
from tests.evaluations import scenes as evaluating
from tests.factories import make_campaign, make_idea, make_programme
from tests.moderation import scenes as desk
from tests.opinion.scenes import answered
from tests.opinion.scenes import computed as map_computed
from tests.people import Cast
from tests.programmes.scenes import csv_of, import_
from tests.shortlists.scenes import closed_ballot, computed, give_voters, published
from tests.votes.scenes import cast as cast_ballot
from tests.votes.scenes import prepare_ballot, take_in
from tests.webhooks.scenes import listening

SMALL = {"ballot_min": 2, "ballot_max": 4, "seats": 3}
VOTERS = [
    (60, {"born_on": date(2001, 3, 1), "tie": Tie.STUDENT, "neighbourhood": "나운3동"}),
    (70, {"born_on": date(1990, 3, 1), "tie": Tie.WORKER, "neighbourhood": "수송동"}),
]
REASON = "다른 사람의 휴대전화 번호가 있어 싣지 않았습니다."


@dataclass
class FullHouse:
    """The cast, and the ids of what stands in the house, by the names that addresses use."""

    cast: Cast
    ids: dict[str, int] = field(default_factory=dict)


def fill(house: House) -> FullHouse:
    """Fills an empty house; every page type has something to show afterwards."""
    # nobody listens there: what is looked at is the page that says so, and the buttons
    house.app.config["OIDC"] = (OidcProvider("kakao", "http://127.0.0.1:9", "ideas", "secret"),)
    with house.inside():
        full = FullHouse(Cast.assemble())
        _opinion(full)
        _programmes(full)
        _gathering(full)
        _ballot(full)
        _shortlists(full)
        outbox.drain()
        _answers(full)
        _evaluations(full)
        outbox.drain()
        _ask_for_a_round(full)
        _machines(full)
        _rights(full)
        _tell_campaigns_apart()
        _lose_a_mail()
        _open_data()
    return full


def _rights(full: FullHouse) -> None:
    """A request about personal data, with an account and without one."""
    wanted = Asking(kind="correction", about="account", text="생년월일이 잘못되었어요.")
    with transaction():
        privacy.ask(full.cast.mina, wanted)
        outside = replace(wanted, about="roster", name="한가온", contact="gaon@example.org")
        full.ids["request"] = privacy.ask_without_account(outside, address="192.0.2.7").id


def _open_data() -> None:
    """One campaign as data, with an edition that is kept."""
    campaign_id = get_campaign("done-2026").id
    open_data.refresh(campaign_id)
    open_data.archive(SYSTEM, campaign_id)


def _lose_a_mail() -> None:
    """One that failed for good, for the outbox to show."""
    with transaction() as current:
        event = current.scalars(select(outbox.OutboxEvent).limit(1)).one()
        event.done_at, event.error = None, "SMTPServerDisconnected"
        event.dead_at = clock.now()


def _tell_campaigns_apart() -> None:
    """Factories give all campaigns one title, and two parts of a page may not share their name."""
    with transaction() as current:
        for campaign in current.scalars(select(Campaign)):
            campaign.title += f" {campaign.slug}"
            campaign.title_en += f" {campaign.slug}"


def _opinion(full: FullHouse) -> None:
    """First of all, so that it is not the campaign that pages take for the present one."""
    campaign, _ideas = answered(full.cast, slug="opinion-2026")
    map_computed(campaign)


def _programmes(full: FullHouse) -> None:
    course = make_programme("ai-pot-2", category="인재 양성")
    import_(course, csv_of(30, certified="Y"), actor=full.cast.sora)
    own = make_programme("smart-farm", title="스마트팜 체험", title_en="Smart farm days")
    import_(own, csv_of(1, email="mina@example.org"), actor=full.cast.sora)
    with transaction():
        claim_by_email(full.cast.mina, has_consented=True)
    with transaction():
        line = read_participants(full.cast.sora, get_programme("ai-pot-2"), limit=9).items[0].id
        unmask_participant(full.cast.sora, get_programme("ai-pot-2"), line, reason="전화")
    full.ids["participation"] = line


def _gathering(full: FullHouse) -> None:
    cast, ids = full.cast, full.ids
    campaign = make_campaign("ideas-2026", settings=SMALL)
    for state in (State.PUBLISHED, State.WITHDRAWN, State.NOT_SHORTLISTED, State.DONE):
        ids[state.value] = make_idea(cast.mina, campaign, state=state).id
    for verb in ("waiting", "appealed", "returned", "late"):
        ids[verb] = make_idea(cast.mina, campaign, state=State.SUBMITTED).id
    for verb in ("hidden", "first", "second", "flagged"):
        ids[verb] = make_idea(cast.mina, campaign, field=1).id
    _talk(full)
    desk.decide("reject", cast.sora, ids["appealed"], "personal_data", REASON)
    desk.decide("return_to_author", cast.sora, ids["returned"], REASON)
    desk.decide("hide", cast.sora, ids["hidden"], "abuse", REASON)
    ids["appeal"] = desk.appeal(cast.mina, ids["appealed"])
    ids["flag"] = desk.flag_idea(cast.jun, ids["flagged"])
    ids["family"] = desk.join(cast.sora, [ids["first"], ids["second"]])
    ids["objection"] = desk.object_to(cast.mina, ids["family"], ids["first"])


def _talk(full: FullHouse) -> None:
    cast, idea_id = full.cast, full.ids["published"]
    desk.support(cast.jun, idea_id)
    for stance in Stance:
        with transaction():
            said = write(
                cast.jun, get_idea(idea_id), f"저도 늘 생각하던 일이에요. {stance}", stance
            )
            full.ids["comment"] = said.id
    with transaction():
        first = get_comment(full.ids["comment"])
        write(cast.mina, get_idea(idea_id), "고맙습니다.", Stance.NEUTRAL, first)
    desk.flag_comment(cast.sora, full.ids["comment"])


def _ballot(full: FullHouse) -> None:
    campaign = make_campaign("ballot-2026", PhaseKind.PREPARING, settings=SMALL)
    authors = [full.cast.mina, *[full.cast.dana] * 5]
    entries = prepare_ballot(full.cast.sora, campaign, authors)
    cast_ballot(full.cast.mina, "ballot-2026", entries[1:4])
    full.ids["paper"] = take_in(full.cast.sora, "ballot-2026")


def _shortlists(full: FullHouse) -> None:
    done, _ideas = closed_ballot(full.cast, slug="done-2026")
    give_voters(done, VOTERS)
    full.ids["round"] = published(full.cast, done).id
    next_one, _ideas = closed_ballot(full.cast, slug="next-2026")
    full.ids["draft_round"] = computed(full.cast, next_one).id


def _ask_for_a_round(full: FullHouse) -> None:
    """One that no worker has counted yet."""
    with transaction():
        campaign = get_campaign("next-2026")
        full.ids["asked_round"] = ask_round(full.cast.sora, campaign, question_of(campaign)).id


def _evaluations(full: FullHouse) -> None:
    """Hyun owes the scores of one idea and the second part of another, which two have evaluated."""
    cast, ids = full.cast, full.ids
    (ids["unscored"],) = evaluating.ask(cast.sora, get_idea(ids["flagged"]), cast.hyun)
    for person, score in ((cast.dana, 5), (cast.sora, 2)):
        evaluating.evaluated(cast.sora, get_idea(ids["published"]), person, score)
    (ids["scored"],) = evaluating.ask(cast.sora, get_idea(ids["published"]), cast.hyun)
    evaluating.score(cast.hyun, ids["scored"], 4)


def _machines(full: FullHouse) -> None:
    """A webhook with a message in its log, and something that failed for good."""
    full.ids["webhook"] = listening(full.cast, "https://hooks.example/ideas")
    now = clock.now()
    with transaction() as current:
        current.add(
            Delivery(
                endpoint_id=full.ids["webhook"],
                message_id="msg_1",
                event="idea.published",
                subject={"idea_id": full.ids["published"]},
                state=DeliveryState.FAILED,
                tries=8,
                error="refused",
                happened_at=now,
                tried_at=now,
            )
        )
        failed = {"kind": "Failed", "handler": "failed", "payload": {}, "attempts": 8}
        current.add(outbox.OutboxEvent(**failed, happened_at=now, due_at=now, dead_at=now))


def _answers(full: FullHouse) -> None:
    owed = session().scalars(select(Answer.id).order_by(Answer.id)).all()
    today = clock.today()
    promises = tuple(
        PromiseContent(f"시간표 공고 {days}", today + timedelta(days=days)) for days in (0, 30, 60)
    )
    with transaction():
        answer = get_answer(owed[0])
        full.ids["answered"] = answer.idea_id or 0
        write_answer(full.cast.hyun, answer, content(decision=Decision.ADOPTED, promises=promises))
    full.ids["answer"], full.ids["owed"] = owed[0], owed[1]
    draft(full.cast.hyun, owed[1], promises=promises)
    ask(full.cast.hyun, owed[1], of=full.cast.dana.id)
    with transaction():
        save_template(full.cast.hyun, "일부 반영", decision=Decision.PARTLY, reason="시범 운영")
    full.ids["promise"] = session().scalars(select(Promise.id).order_by(Promise.id)).first() or 0
    pictures = draw_pictures([Upload(draw("timetable"), "정류장의 시간표를 그린 그림")])
    with transaction():
        promise = session().get_one(Promise, full.ids["promise"])
        report_step(full.cast.hyun, promise, "정류장을 세웠습니다.", 60, pictures)
