"""Comments, replies, flags and what the desk did with them, as acts for the script."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.comments import service
from ideas_app.comments.models import Comment, Stance
from ideas_app.core.db import session
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.models import RejectCode
from ideas_app.moderation import service as moderation
from ideas_app.moderation.models import Flag

if TYPE_CHECKING:
    from ideas_app.cli.demo.stage import Stage

FLAGGED = "누가 보기에도 규칙에 어긋나 보여 알립니다."


def add_discussion(stage: Stage, entries: list[dict[str, Any]]) -> None:
    """Puts comments, their highlights, flags and hidings into the script."""
    for number, entry in enumerate(entries):
        # later entries of a day come later in the day: a reply must not stand before what it answers
        hour, minute = 9 + number // 60 % 12, number % 60
        stage.act(entry["date"], hour, partial(_write, stage, entry), minute=minute)
        if entry.get("highlighted"):
            stage.act(entry["date"] + timedelta(days=1), 11, partial(_highlight, stage, entry))
        flag = entry.get("flag")
        if flag:
            stage.act(flag["date"], 22, partial(_flag, stage, entry))
            settled = (entry.get("hidden") or {}).get("date", flag["date"] + timedelta(days=1))
            stage.act(
                max(settled, flag["date"] + timedelta(days=1)), 13, partial(_settle, stage, entry)
            )


def _write(stage: Stage, entry: dict[str, Any]) -> None:
    parent = entry.get("reply_to")
    written = service.write(
        stage.voice(entry["nickname"]),
        ideas.get_idea(stage.idea_ids[entry["idea"]]),
        entry["text"],
        Stance(entry["stance"]),
        parent=_comment(stage, parent) if parent else None,
    )
    session().flush()
    stage.comment_ids[entry["id"]] = written.id


def _comment(stage: Stage, key: str) -> Comment:
    return session().get_one(Comment, stage.comment_ids[key])


def _highlight(stage: Stage, entry: dict[str, Any]) -> None:
    service.highlight(stage.moderator, _comment(stage, entry["id"]))


def _flag(stage: Stage, entry: dict[str, Any]) -> None:
    reporter = next(
        actor
        for name, actor in stage.youths.items()
        if name != entry["nickname"] and actor.is_verified
    )
    moderation.raise_flag(reporter, _comment(stage, entry["id"]), entry["flag"]["code"], FLAGGED)


def _settle(stage: Stage, entry: dict[str, Any]) -> None:
    flag = (
        session()
        .scalars(select(Flag).where(Flag.comment_id == stage.comment_ids[entry["id"]]))
        .one()
    )
    if entry["flag"]["outcome"] == "hidden":
        hidden = entry["hidden"]
        code = RejectCode(hidden["code"])
        moderation.settle_flag(stage.moderator, flag, "hidden", hidden["reason"], code=code)
    else:
        reason = "규칙에 어긋나지 않아 그대로 둡니다."
        moderation.settle_flag(stage.moderator, flag, "dismissed", reason)
