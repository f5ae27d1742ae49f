"""The year 2025: a campaign from the first idea to the promises, as acts for the script.

Every act goes through the service that owns it, on its own date. Must not compute a result: the ballots are
drawn, the list is elected by the product's own rule.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.answers import queries as answer_queries
from ideas_app.answers import service as answers
from ideas_app.answers.models import PromiseStatus
from ideas_app.answers.rules import AnswerContent, PromiseContent
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns import service as campaign_service
from ideas_app.campaigns.models import Activity, PhaseKind
from ideas_app.campaigns.service import CampaignSpec, PhaseSpec
from ideas_app.cli.demo.answering import DECISIONS
from ideas_app.cli.demo.discussion import add_discussion
from ideas_app.cli.demo.drawings import draw
from ideas_app.cli.demo.gathering import FIELDS, add_ideas, add_readers, add_supports
from ideas_app.cli.demo.people import draw_ballots
from ideas_app.cli.demo.stage import FIRST_DAY, YOUTH, read
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas import queries as idea_queries
from ideas_app.ideas.models import Family, Idea
from ideas_app.moderation import queries as moderation_queries
from ideas_app.moderation import service as moderation
from ideas_app.opinion import service as opinion
from ideas_app.shortlists import service as shortlists
from ideas_app.votes import queries as vote_queries
from ideas_app.votes import service as votes

if TYPE_CHECKING:
    from collections.abc import Callable

    from ideas_app.cli.demo.people import DemoPerson
    from ideas_app.cli.demo.stage import Stage

SLUG = "ideas-2025"
OWN_ENTRY = "f01"
"""The family in which the first youth's idea stands: authors do not vote for their own."""
MAPPED_ON = date(2025, 10, 1)
ENTRIES_ON = date(2025, 10, 6)
COMPUTED_ON = date(2025, 10, 29)
PUBLISHED_ON = date(2025, 11, 3)
TALKING = (Activity.COMMENT.value,)
PHASES = (
    (
        PhaseKind.GATHERING,
        "제안 모으기",
        "Gathering",
        date(2025, 3, 10),
        ("submit", "comment", "support"),
    ),
    (PhaseKind.PREPARING, "묶고 다듬기", "Preparing", date(2025, 10, 1), TALKING),
    (PhaseKind.BALLOT, "최종 투표", "Ballot", date(2025, 10, 13), ("ballot", "comment")),
    (PhaseKind.SHORTLISTING, "뽑기", "Shortlisting", date(2025, 10, 25), TALKING),
    (PhaseKind.ANSWERING, "부서 답변", "Answering", date(2025, 11, 3), ("answer", "comment")),
    (PhaseKind.TRACKING, "이행 살피기", "Tracking", date(2026, 1, 1), ("answer", "comment")),
)
LAST_DAY = date(2027, 1, 1)


def play_2025(stage: Stage) -> None:
    """Puts the whole campaign of 2025 into the script."""
    ideas = read("ideas_2025")
    stage.act(FIRST_DAY, 15, partial(_open_campaign, stage, ideas))
    add_ideas(stage, SLUG, ideas["ideas"], fix_texts=True)
    families = read("families_2025")["families"]
    for family in families:
        _add_family(stage, family)
    add_supports(stage, ideas["ideas"], last_day=date(2025, 9, 30))
    add_readers(stage, ideas["ideas"], on=date(2025, 9, 30))
    add_discussion(stage, read("comments_2025")["comments"])
    stage.act(MAPPED_ON, 1, _map)
    ballot = read("ballot_2025")
    stage.act(ENTRIES_ON, 10, partial(_set_entries, stage, ballot))
    _add_ballots(stage, ballot)
    stage.act(COMPUTED_ON, 10, partial(_compute, stage))
    stage.act(PUBLISHED_ON, 9, partial(_sign, stage))
    stage.act(PUBLISHED_ON, 10, partial(_publish, stage))
    for answer in read("answers_2025")["answers"]:
        _add_answer(stage, answer)
    # what is silent since long is no news: it stands on the pages, and nobody is told of it today
    stage.act(stage.today, 0, _mind)


def _open_campaign(stage: Stage, document: dict[str, Any]) -> None:
    starts = [start for *_rest, start, _activities in PHASES]
    ends = [*starts[1:], LAST_DAY]
    phases = tuple(
        PhaseSpec(
            kind=kind,
            title=title,
            title_en=title_en,
            starts_at=clock.day_start(start),
            ends_at=clock.day_start(end),
            activities=tuple(activities),
        )
        for (kind, title, title_en, start, activities), end in zip(PHASES, ends, strict=True)
    )
    campaign_service.create_campaign(
        stage.admin,
        CampaignSpec(
            slug=SLUG,
            title=document["title"],
            title_en=document["title_en"],
            text="2025년 한 해 동안 군산 청년이 모은 정책 제안입니다. 시연을 위해 지어낸 글입니다.",
            text_en="Policy ideas gathered by young people over 2025. The texts are made up for this demonstration.",
            year=2025,
            phases=phases,
            fields=FIELDS,
            # the voters are made up, and everybody is to see what an own ballot looks like after the count
            settings={"ballot_link_days": 3650},
            eligibility={"age_from": 18, "age_to": 39, "on": "2025-03-10"},
        ),
    )


def _idea(stage: Stage, key: str) -> Idea:
    return idea_queries.get_idea(stage.idea_ids[key])


def _subject(stage: Stage, key: str) -> Idea | Family:
    if key in stage.family_ids:
        return session().get_one(Family, stage.family_ids[key])
    return _idea(stage, key)


def _add_family(stage: Stage, family: dict[str, Any]) -> None:
    stage.act(family["formed"], 14, partial(_form, stage, family))
    objection = family.get("objection")
    if objection:
        stage.act(objection["date"], 20, partial(_object, stage, family, objection))
        stage.act(objection["settled"], 11, partial(_settle_objection, stage, family, objection))
    split = family.get("split")
    if split:
        stage.act(split["date"], 14, partial(_split, stage, family, split))


def _form(stage: Stage, family: dict[str, Any]) -> None:
    members = [_idea(stage, key) for key in family["members"]]
    formed = moderation.form_family(
        stage.moderator, members, family["title"], family["text"], family["reason"]
    )
    stage.family_ids[family["id"]] = formed.id


def _object(stage: Stage, family: dict[str, Any], objection: dict[str, Any]) -> None:
    idea = _idea(stage, objection["by"])
    author = stage.youths[idea.author.nickname]
    found = session().get_one(Family, stage.family_ids[family["id"]])
    moderation.object_to_family(author, found, idea, objection["text"])


def _settle_objection(stage: Stage, family: dict[str, Any], objection: dict[str, Any]) -> None:
    found = moderation_queries.list_objections(stage.family_ids[family["id"]])[0].objection
    moderation.settle_objection(
        stage.second_moderator, found, objection["outcome"], objection["resolution"]
    )


def _split(stage: Stage, family: dict[str, Any], split: dict[str, Any]) -> None:
    found = session().get_one(Family, stage.family_ids[family["id"]])
    moderation.split_family(stage.moderator, found, split["reason"])
    del stage.family_ids[family["id"]]


def _map() -> None:
    """As the worker does once the gathering has closed; the years past are played without events."""
    opinion.compute(campaigns.get_campaign(SLUG).id)


def _set_entries(stage: Stage, ballot: dict[str, Any]) -> None:
    things = [_subject(stage, entry["entry"]) for entry in ballot["entries"]]
    campaign = campaigns.get_campaign(SLUG)
    votes.set_entries(stage.moderator, campaign, things)
    lines = {
        (line.idea_id, line.family_id): line.id for line in vote_queries.list_entries(campaign)
    }
    for entry in ballot["entries"]:
        key = entry["entry"]
        family = stage.family_ids.get(key)
        subject = (None, family) if family else (stage.idea_ids[key], None)
        stage.entry_ids[key] = lines[subject]


def _add_ballots(stage: Stage, ballot: dict[str, Any]) -> None:
    """The drawn ballots, handed to people of the rosters who wrote nothing, over the days of the vote."""
    rng = random.Random(ballot["seed"] + 1)  # noqa: S311  # a demonstration, not a secret
    voters = _line_up(stage, [group["ballots"] for group in ballot["groups"]])
    days = (ballot["closes"] - ballot["opens"]).days + 1
    drawn = draw_ballots(ballot)
    # the youth a newcomer signs in as votes too, with a ballot that does not hold the own family
    own = next(number for number, ticks in enumerate(drawn) if OWN_ENTRY not in ticks)
    voters.insert(own, YOUTH)
    for nickname, ticks in zip(voters, drawn, strict=False):
        day = ballot["opens"] + timedelta(days=rng.randrange(days))
        stage.act(
            day,
            8 + rng.randrange(14),
            partial(_cast, stage, nickname, ticks),
            minute=rng.randrange(60),
        )


def _line_up(stage: Stage, sizes: list[int]) -> list[str]:
    """The voters in the order of the groups of ballots: work, campus, household, neighbourhood.

    Most villagers choose like the neighbourhood, the youngest like the campus, the oldest like the
    household; but every fifth stands anywhere.
    """
    left = list(stage.voters[: sum(sizes)])
    work, campus, household, village = sizes

    def take(count: int, key: Callable[[DemoPerson], Any]) -> list[str]:
        taken = sorted(left, key=lambda one: (one.index % 5 == 0, key(one), one.index))[:count]
        for one in taken:
            left.remove(one)
        return [stage.nickname_of(one) for one in taken]

    villagers = take(village, lambda one: not one.neighbourhood.endswith(("읍", "면")))
    young = take(campus, lambda one: -one.born_on.toordinal())
    old = take(household, lambda one: one.born_on.toordinal())
    return [*take(work, lambda one: one.index), *young, *old, *villagers]


def _cast(stage: Stage, nickname: str, ticks: list[str]) -> None:
    campaign = campaigns.get_campaign(SLUG)
    wanted = [stage.entry_ids[key] for key in ticks]
    votes.cast_ballot(stage.youths[nickname], campaign, wanted)


def _compute(stage: Stage) -> None:
    computed = shortlists.compute_round(stage.moderator, campaigns.get_campaign(SLUG))
    shortlists.analyse_round(computed.id)  # the years past are played without events
    shortlists.draw_round(computed.id)


def _sign(stage: Stage) -> None:
    from ideas_app.shortlists import queries
    from ideas_app.shortlists.models import Round

    campaign = campaigns.get_campaign(SLUG)
    round_id = session().scalars(select(Round.id).where(Round.campaign_id == campaign.id)).one()
    for person in (stage.moderator, stage.second_moderator):
        round_ = queries.get_round(round_id)
        shortlists.sign_list(person, round_, queries.seal_of(round_))


def _publish(stage: Stage) -> None:
    from ideas_app.shortlists import queries
    from ideas_app.shortlists.models import Round

    campaign = campaigns.get_campaign(SLUG)
    round_id = session().scalars(select(Round.id).where(Round.campaign_id == campaign.id)).one()
    published = shortlists.publish_round(stage.moderator, queries.get_round(round_id))
    answers.open_answers(stage.admin, published)


def _add_answer(stage: Stage, entry: dict[str, Any]) -> None:
    stage.act(entry["received"], 11, partial(_receive, stage, entry))
    if entry.get("extended_to"):
        stage.act(entry["extended_on"], 16, partial(_extend, stage, entry))
    stage.act(entry["answered"], 15, partial(_answer, stage, entry))
    for number, promise in enumerate(entry["promises"]):
        for step in promise.get("steps", ()):
            stage.act(step["on"], 16, partial(_report_step, stage, entry, promise, step))
        for again in promise.get("moved_again", ()):
            said = {**promise, **again, "status": "moved"}
            stage.act(again["on"], 18, partial(_report_promise, stage, entry, number, said))
        if promise["status"] != "no_word" and promise.get("status_on"):
            stage.act(
                promise["status_on"], 17, partial(_report_promise, stage, entry, number, promise)
            )


def _receive(stage: Stage, entry: dict[str, Any]) -> None:
    """Ideas passed on beside the shortlist have their clock started by hand; the others have it already."""
    answers.open_answer(stage.admin, _subject(stage, entry["subject"]), entry["received"])


def _extend(stage: Stage, entry: dict[str, Any]) -> None:
    answer = answer_queries.find_of_subject(_subject(stage, entry["subject"]))
    assert answer is not None  # noqa: S101  # _receive
    answers.extend(stage.official, answer, entry["extended_to"], entry["extension_reason"])


def _answer(stage: Stage, entry: dict[str, Any]) -> None:
    answer = answer_queries.find_of_subject(_subject(stage, entry["subject"]))
    assert answer is not None  # noqa: S101  # _receive
    content = AnswerContent(
        decision=DECISIONS[entry["decision"]],
        reason=entry["reason"],
        department=entry["department"],
        post=entry["post"],
        promises=tuple(PromiseContent(one["text"], one["due"]) for one in entry["promises"]),
    )
    version = answers.save_draft(stage.official, answer, content).version
    answers.approve(stage.second_official, answer, version=version)
    answers.publish(stage.official, answer, version=version)


def _mind() -> None:
    answers.mind_promises()


def _report_step(
    stage: Stage, entry: dict[str, Any], promise: dict[str, Any], step: dict[str, Any]
) -> None:
    answer = answer_queries.find_of_subject(_subject(stage, entry["subject"]))
    assert answer is not None  # noqa: S101  # _receive
    found = next(one for one in answer.promises if one.text == promise["text"])
    uploads = [answers.Upload(draw(step["picture"]), step["alt"])] if "picture" in step else []
    pictures = answers.draw_pictures(uploads)
    answers.report_step(stage.official, found, step["text"], step["percent"], pictures)


def _report_promise(
    stage: Stage, entry: dict[str, Any], number: int, promise: dict[str, Any]
) -> None:
    answer = answer_queries.find_of_subject(_subject(stage, entry["subject"]))
    assert answer is not None  # noqa: S101  # _receive
    kept = [one for one in answer_queries.list_promises(answer.id) if one.text == promise["text"]]
    answers.change_promise(
        stage.official,
        kept[0] if kept else answer_queries.list_promises(answer.id)[number],
        PromiseStatus(promise["status"]),
        promise["what_happened"],
        moved_to=promise.get("moved_to"),
    )
