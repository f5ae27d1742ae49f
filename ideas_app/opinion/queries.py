"""Reads of opinion maps, and their page with the titles of ideas. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.opinion.models import OpinionMap
from ideas_app.opinion.rules import Votes
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign

TOP = 5
"""Ideas that a list of the page names at most."""


@dataclass(frozen=True, slots=True)
class ShownIdea:
    """One idea with its shares in whole percent; None where fewer than ten voted."""

    id: int
    title: str
    percent: int | None
    groups: tuple[int | None, ...]
    """In the order of the groups; empty without groups."""

    def apart(self, group: int) -> int | None:
        """The highest share in the other groups, to be named beside this group's own."""
        others = [
            share
            for number, share in enumerate(self.groups)
            if number != group and share is not None
        ]
        return max(others, default=None)


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """One group: how many people, and what it stands out for."""

    number: int
    size: int
    ideas: tuple[ShownIdea, ...]

    @property
    def letter(self) -> str:
        """A, B, C, … in the order of size."""
        return chr(ord("A") + self.number)


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a campaign's map shows; `result` is what `rules.public_plain` told."""

    result: dict[str, Any]
    computed_at: datetime
    digest: str
    groups: tuple[ShownGroup, ...]
    together: tuple[ShownIdea, ...]
    """What all groups agree on, or, without groups, what most people agree on."""
    divisive: tuple[ShownIdea, ...]
    ideas: tuple[ShownIdea, ...]
    """All ideas with enough votes, those most agree with first."""
    axes: tuple[tuple[tuple[ShownIdea, ...], tuple[ShownIdea, ...]], ...]
    """For each axis the ideas that pull to its positive and to its negative end."""


def find_map(campaign_id: int) -> OpinionMap | None:
    """The row of a campaign's map, which may still wait for its first result."""
    return session().scalar(select(OpinionMap).where(OpinionMap.campaign_id == campaign_id))


def read_page(found: OpinionMap | None) -> Page | None:
    """The page of a map, or None while there is no result. Ideas that are no longer listed are left out."""
    if found is None or found.result is None or found.computed_at is None:
        return None
    result = found.result
    shown = _shown(result["ideas"])
    groups = tuple(
        ShownGroup(number, each["size"], _pick(shown, each["ideas"]))
        for number, each in enumerate(result["groups"] or ())
    )
    return Page(
        result=result,
        computed_at=found.computed_at,
        digest=found.digest or "",
        groups=groups,
        together=_together(result, shown),
        divisive=_pick(shown, result["divisive"]),
        ideas=tuple(sorted(shown.values(), key=lambda idea: (-(idea.percent or 0), idea.id))),
        axes=tuple(
            (_pick(shown, axis["plus"]), _pick(shown, axis["minus"])) for axis in result["axes"]
        ),
    )


def read_votes(campaign: Campaign) -> Votes:
    """What people said in a campaign, as a matrix without names; ideas by their id."""
    opinions = votes.list_opinions(campaign)
    ideas = sorted({idea_id for _account, idea_id, _vote in opinions})
    column = {idea_id: place for place, idea_id in enumerate(ideas)}
    return Votes.from_rows([str(idea_id) for idea_id in ideas], _rows(opinions, column))


def _rows(
    opinions: list[tuple[int, int, int]], column: dict[int, int]
) -> Iterable[tuple[list[int], list[int]]]:
    for _account, said in groupby(opinions, key=lambda opinion: opinion[0]):
        whole = list(said)
        yield [column[idea] for _who, idea, _vote in whole], [vote for *_rest, vote in whole]


def _shown(figures: dict[str, dict[str, Any]]) -> dict[str, ShownIdea]:
    ids = [int(idea) for idea in figures]
    query = select(Idea.id, Idea.title).where(Idea.id.in_(ids), Idea.is_listed)
    return {
        str(idea_id): ShownIdea(
            idea_id,
            title,
            figures[str(idea_id)]["percent"],
            tuple(figures[str(idea_id)]["groups"]),
        )
        for idea_id, title in session().execute(query)
    }


def _pick(shown: dict[str, ShownIdea], ids: Iterable[str]) -> tuple[ShownIdea, ...]:
    return tuple(shown[idea] for idea in ids if idea in shown)[:TOP]


def _together(result: dict[str, Any], shown: dict[str, ShownIdea]) -> tuple[ShownIdea, ...]:
    if not result["groups"]:
        return _pick(shown, result["consensus"])
    figures = result["ideas"]
    everywhere = [
        idea
        for idea in result["consensus"]
        if idea in shown and all(share is not None and share > 50 for share in shown[idea].groups)
    ]
    return _pick(shown, sorted(everywhere, key=lambda idea: -figures[idea]["together"]))
