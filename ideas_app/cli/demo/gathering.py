"""Ideas, decisions, supports and readers of a campaign, as acts for the script. Must not know ballots or answers."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.service import FieldSpec
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas import queries, service
from ideas_app.ideas.models import Idea, Reading, ReadingAnswer, RejectCode
from ideas_app.ideas.rules import IdeaContent
from ideas_app.moderation import queries as moderation_queries
from ideas_app.moderation import service as moderation
from ideas_app.votes import service as votes
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from ideas_app.cli.demo.stage import Stage
    from ideas_app.core.actor import Actor

FIELDS = (
    FieldSpec("job", "일자리", "Jobs"),
    FieldSpec("home", "주거", "Housing"),
    FieldSpec("move", "교통", "Transport"),
    FieldSpec("learn", "교육", "Education"),
    FieldSpec("care", "복지·건강", "Welfare and health"),
    FieldSpec("culture", "문화", "Culture"),
    FieldSpec("start", "창업·소통", "Start-ups and dialogue"),
    FieldSpec("farm", "농어촌", "Farming and fishing villages"),
)
KEYS = {field.name: field.key for field in FIELDS}
LEFT_WAITING = "submitted"
_MOODS = ([ReadingAnswer.UNSURE, ReadingAnswer.PASSED, None], [4, 4, 2])
"""What readers say who do not support an idea, and how often; None only looked at its page."""


def add_ideas(
    stage: Stage, slug: str, entries: list[dict[str, Any]], *, fix_texts: bool = False
) -> None:
    """Puts the sending of each idea and what the desk decided into the script."""
    del fix_texts
    for number, entry in enumerate(entries):
        minute = number % 60
        stage.act(entry["submitted"], 12, partial(_send, stage, slug, entry), minute=minute)
        if entry["state"] != LEFT_WAITING:
            _add_decision(stage, entry, minute)


def _add_decision(stage: Stage, entry: dict[str, Any], minute: int) -> None:
    appeal = entry.get("appeal")
    if appeal and appeal["outcome"] == "overturned":
        first = appeal["filed"] - timedelta(days=1)
        stage.act(
            max(first, entry["submitted"]), 15, partial(_reject, stage, entry, appeal["first_code"])
        )
        stage.act(appeal["filed"], 19, partial(_appeal, stage, entry, appeal))
        stage.act(appeal["decided"], 16, partial(_settle_appeal, stage, entry, appeal))
        return
    if entry["state"] == "rejected":
        stage.act(
            entry["decided"], 15, partial(_reject, stage, entry, entry["code"]), minute=minute
        )
        if appeal:
            stage.act(appeal["filed"], 19, partial(_appeal, stage, entry, appeal))
            stage.act(appeal["decided"], 16, partial(_settle_appeal, stage, entry, appeal))
        return
    if entry["state"] == "returned":
        stage.act(entry["decided"], 15, partial(_return, stage, entry), minute=minute)
        return
    stage.act(entry["decided"], 15, partial(_publish, stage, entry), minute=minute)
    if entry["state"] == "withdrawn":
        stage.act(entry["closed"], 21, partial(_withdraw, stage, entry))
    if entry["state"] == "hidden":
        stage.act(entry["closed"], 10, partial(_hide, stage, entry))


def _send(stage: Stage, slug: str, entry: dict[str, Any]) -> None:
    content = IdeaContent(
        title=entry["title"],
        why=entry["why"],
        how=entry["how"] or "",
        field=KEYS[entry["field"]],
        programme=entry.get("grew_out_of"),
        neighbourhood=entry["neighbourhood"],
    )
    sent = service.submit(stage.youths[entry["nickname"]], campaigns.get_campaign(slug), content)
    stage.idea_ids[entry["id"]] = sent.id


def _found(stage: Stage, entry: dict[str, Any]) -> Idea:
    return queries.get_idea(stage.idea_ids[entry["id"]])


def _publish(stage: Stage, entry: dict[str, Any]) -> None:
    moderation.publish(stage.moderator, _found(stage, entry))


def _return(stage: Stage, entry: dict[str, Any]) -> None:
    moderation.return_to_author(stage.moderator, _found(stage, entry), entry["reason"])


def _reject(stage: Stage, entry: dict[str, Any], code: str) -> None:
    reason = entry.get("reason") or "한 곳의 고장을 알리는 민원으로 보아 담당 부서로 안내했습니다."
    twin = entry.get("duplicate_of")
    moderation.reject(
        stage.moderator,
        _found(stage, entry),
        RejectCode(code),
        reason,
        duplicate_of=queries.get_idea(stage.idea_ids[twin]) if twin else None,
        forwarded_to="담당 부서" if code == "not_our_competence" else "",
    )


def _appeal(stage: Stage, entry: dict[str, Any], appeal: dict[str, Any]) -> None:
    moderation.file_appeal(stage.youths[entry["nickname"]], _found(stage, entry), appeal["text"])


def _settle_appeal(stage: Stage, entry: dict[str, Any], appeal: dict[str, Any]) -> None:
    found = moderation_queries.find_appeal_of(stage.idea_ids[entry["id"]])
    assert found is not None  # noqa: S101  # _appeal
    reason = entry.get("reason") or "고쳐 달라는 민원이 아니라 공개를 바라는 제안이 맞아 싣습니다."
    moderation.settle_appeal(stage.second_moderator, found, appeal["outcome"], reason)


def _withdraw(stage: Stage, entry: dict[str, Any]) -> None:
    service.withdraw(stage.youths[entry["nickname"]], _found(stage, entry))


def _hide(stage: Stage, entry: dict[str, Any]) -> None:
    moderation.hide(
        stage.moderator, _found(stage, entry), RejectCode(entry["code"]), entry["reason"]
    )


def add_supports(
    stage: Stage, entries: list[dict[str, Any]], *, last_day: date, may_vote: set[str] | None = None
) -> None:
    """Puts each idea's supports into the script: people drawn without its author, days after its publication."""
    rng = random.Random(20250310)  # noqa: S311  # a demonstration, not a secret
    crowd = [nickname for nickname in stage.youths if may_vote is None or nickname in may_vote]
    for entry in entries:
        wanted = entry.get("supports") or 0
        if not wanted or entry["state"] in {LEFT_WAITING, "returned", "rejected"}:
            continue
        end = min(entry.get("closed") or last_day, last_day)
        begin = entry["decided"] + timedelta(days=1)
        days = max((end - begin).days, 1)
        others = [nickname for nickname in crowd if nickname != entry["nickname"]]
        for nickname in rng.sample(others, min(wanted, len(others))):
            day = begin + timedelta(days=int(days * rng.random() ** 1.6))
            play = partial(_support, stage, entry, nickname)
            stage.act(day, 7 + rng.randrange(15), play, minute=rng.randrange(60))


def _support(stage: Stage, entry: dict[str, Any], nickname: str) -> None:
    idea = stage.loaded.get(entry["id"]) or _found(stage, entry)
    stage.loaded[entry["id"]] = idea
    votes.give_support(stage.youths[nickname], idea.id)


def add_readers(stage: Stage, entries: list[dict[str, Any]], *, on: date, most: int = 24) -> None:
    """Whoever supported an idea has read it, and up to `most` more have; these answered in the reading stack."""
    stage.act(on, 23, partial(_read, stage, [entry["id"] for entry in entries], most))


def _read(stage: Stage, keys: list[str], most: int) -> None:
    """Rows in one go: reading has no rule to pass, and ten thousand single acts would only take time."""
    rng = random.Random(20250311)  # noqa: S311  # a demonstration, not a secret
    mood = random.Random(20250312)  # noqa: S311  # its own, so that the readers stay who they were
    everybody: list[Actor] = list(stage.youths.values())
    for key in keys:
        idea = session().get(Idea, stage.idea_ids.get(key, 0))
        if idea is None or not idea.is_listed:
            continue
        supporters = set(
            session().scalars(select(Support.account_id).where(Support.idea_id == idea.id))
        )
        more = rng.sample(
            everybody, min(len(supporters) // 2 + rng.randrange(most), len(everybody))
        )
        readers = (supporters | {one.id for one in more if one.id is not None}) - {idea.author_id}
        rows = [
            {
                "idea_id": idea.id,
                "account_id": reader,
                "read_at": clock.now(),
                "answer": None if reader in supporters else mood.choices(*_MOODS)[0],
            }
            for reader in sorted(readers)
        ]
        session().execute(insert(Reading), rows)
        unsure = sum(row["answer"] is ReadingAnswer.UNSURE for row in rows)
        counts = {"readers_count": len(rows), "unsure_count": unsure}
        session().execute(update(Idea).where(Idea.id == idea.id).values(counts))
        service.place_in_orders([idea.id])
