"""The labelled set: 300 ideas (those of the demonstration and 146 more), queries, rewordings, and how they are read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sqlalchemy import select, text

from config import ROOT
from ideas_app.campaigns.models import Field
from ideas_app.core import clock
from ideas_app.core.db import is_sqlite, transaction
from ideas_app.ideas.models import Idea, State

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor

HERE = Path(__file__).parent
DEMO = ROOT / "ideas_app" / "cli" / "demo" / "data"


@cache
def list_ideas() -> list[tuple[str, str, str]]:
    """Key, title and reason of each idea."""
    found: list[tuple[str, str, str]] = []
    for name in ("ideas_2025.yaml", "campaign_2026.yaml"):
        ideas = yaml.safe_load((DEMO / name).read_text(encoding="utf-8"))["ideas"]
        found += [(idea["id"], idea["title"], f"{idea['why']}\n{idea['how']}") for idea in ideas]
    for line in (HERE / "ideas.txt").read_text(encoding="utf-8").splitlines():
        key, title, why = line.split(" | ")
        found.append((key, title, why))
    return found


@cache
def list_queries(name: str) -> list[dict[str, Any]]:
    """The entries of a file of queries or rewordings."""
    entries: list[dict[str, Any]] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return entries


def load_into(author: Actor, campaign: Campaign) -> dict[str, int]:
    """Stores all ideas as published ones; their ids by key."""
    now = clock.now()
    with transaction() as session:
        field_id = session.scalars(select(Field.id).where(Field.campaign_id == campaign.id)).first()
        rows = {
            key: Idea(
                campaign_id=campaign.id,
                number=number,
                field_id=field_id,
                author_id=author.id,
                title=title,
                why=why,
                why_html="",
                state=State.PUBLISHED,
                is_listed=True,
                submitted_at=now,
                published_at=now,
                active_at=now,
            )
            for number, (key, title, why) in enumerate(list_ideas(), 1)
        }
        session.add_all(rows.values())
        session.flush()
        if not is_sqlite():
            # autovacuum may have met the tables while they were empty: each search would then read all of them for
            # each idea
            session.execute(text("ANALYZE idea, fulltext_idea"))
        return {key: row.id for key, row in rows.items()}
