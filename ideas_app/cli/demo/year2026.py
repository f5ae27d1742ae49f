"""The campaign that is open on the day the demo is loaded: a newcomer can send and support at once."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.answers import service as answers
from ideas_app.campaigns import queries as campaign_queries
from ideas_app.campaigns import service as campaigns
from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.rules import age_on
from ideas_app.campaigns.service import CampaignSpec, PhaseSpec
from ideas_app.cli.demo.answering import fill_desk
from ideas_app.cli.demo.discussion import add_discussion
from ideas_app.cli.demo.gathering import FIELDS, add_ideas, add_readers, add_supports
from ideas_app.cli.demo.stage import YOUTH, read
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import Idea
from ideas_app.moderation import service as moderation

if TYPE_CHECKING:
    from ideas_app.cli.demo.stage import Stage

ACTIVITIES = {
    "announced": (),
    "gathering": ("submit", "comment", "support"),
    "preparing": ("comment",),
    "ballot": ("ballot", "comment"),
    "shortlisting": ("comment",),
    "answering": ("answer", "comment"),
    "tracking": ("answer", "comment"),
}


def play_2026(stage: Stage) -> None:
    """Puts the open campaign into the script: its dates count from the day of loading."""
    document = read("campaign_2026")
    today = stage.today
    begins = today + timedelta(days=document["phases"][0]["from_offset"])
    stage.act(begins, 9, partial(_open_campaign, stage, document))
    ideas = [_dated(entry, today) for entry in document["ideas"]]
    add_ideas(stage, document["slug"], ideas)
    grown = {
        name
        for name, actor in stage.youths.items()
        if actor.born_on and 18 <= age_on(actor.born_on, today) <= 39
    }
    add_supports(stage, ideas, last_day=today - timedelta(days=1), may_vote=grown)
    add_readers(stage, ideas, on=today - timedelta(days=1), most=6)
    comments = [
        {**entry, "date": today + timedelta(days=entry["date_offset"])}
        for entry in document["comments"]
    ]
    add_discussion(stage, comments)
    for entry, code in zip(comments[-2:], ("other", "advertising"), strict=True):
        stage.act(today, 0, partial(_flag, stage, entry, code), minute=2)
    stage.act(today, 0, partial(_open_clocks, stage, document["slug"]), minute=5)
    stage.act(today, 0, partial(fill_desk, stage), minute=6)


def _dated(entry: dict[str, Any], today: date) -> dict[str, Any]:
    """Published ideas were read the day after they were sent; the others wait for the desk."""
    submitted = today + timedelta(days=entry["submitted_offset"])
    return {**entry, "submitted": submitted, "decided": submitted + timedelta(days=1)}


def _flag(stage: Stage, entry: dict[str, Any], code: str) -> None:
    """Something for the desk to look at on the first day."""
    comment_id = stage.comment_ids.get(entry["id"])
    if comment_id is not None:
        reporter = stage.youths[YOUTH]
        comment = session().get_one(Comment, comment_id)
        moderation.raise_flag(reporter, comment, code, "다른 분들도 헷갈릴 것 같아 알려요.")


def _open_clocks(stage: Stage, slug: str) -> None:
    """What the worker does while the service runs: enough supports start the city's clock on that very day."""
    campaign = campaign_queries.get_campaign(slug)
    latched = session().scalars(
        select(Idea)
        .where(Idea.campaign_id == campaign.id, Idea.answer_due_latched_at.is_not(None))
        .order_by(Idea.answer_due_latched_at)
    )
    for idea in latched.all():
        assert idea.answer_due_latched_at is not None  # noqa: S101  # asked for above
        received_on = clock.local_date(idea.answer_due_latched_at)
        answers.open_answer(stage.admin, ideas.get_idea(idea.id), received_on)


def phases_of(document: dict[str, Any], today: date) -> tuple[PhaseSpec, ...]:
    """The phases of a campaign's text, counted from a day."""
    return tuple(
        PhaseSpec(
            kind=PhaseKind(entry["phase"]),
            title=entry["title"],
            title_en=entry["title_en"],
            starts_at=clock.day_start(today + timedelta(days=entry["from_offset"])),
            ends_at=clock.day_start(today + timedelta(days=entry["to_offset"] + 1)),
            activities=ACTIVITIES[entry["phase"]],
        )
        for entry in document["phases"]
    )


def _open_campaign(stage: Stage, document: dict[str, Any]) -> None:
    today = stage.today
    rule = document["eligibility"]
    phases = phases_of(document, today)
    campaigns.create_campaign(
        stage.admin,
        CampaignSpec(
            slug=document["slug"],
            title=document["title"],
            title_en=document["title_en"],
            text=document["text"],
            text_en=document["text_en"],
            year=2026,
            phases=phases,
            fields=FIELDS,
            settings={"seats": document["seats"]},
            eligibility={
                "age_from": rule["age_from"],
                "age_to": rule["age_to"],
                "ties": rule["ties"],
                "reason": rule["reason"],
                "reason_en": rule["reason_en"],
            },
        ),
    )
