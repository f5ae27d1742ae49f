"""A map as plain JSON: whole for whoever brought the votes, and without people for everybody else.

Must not know who reads it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ideas_app.opinion.rules.picture import MIN_CELL, draw
from ideas_app.opinion.rules.statistics import AGREE, MIN_GROUP_VOTES

if TYPE_CHECKING:
    from ideas_app.opinion.rules.mapping import Map
    from ideas_app.opinion.rules.statistics import IdeaLine, Share


def to_plain(found: Map) -> dict[str, Any]:
    """Everything, for a file that somebody brought: places and members are rows of that file, from 0."""
    groups = found.groups
    return {
        "ideas": [_line(line) for line in found.ideas],
        "people": found.people,
        "coordinates": found.coordinates.tolist(),
        "clustered": found.clustered,
        "labels": [None if label < 0 else label for label in found.labels.tolist()],
        "groups": None
        if groups is None
        else [
            {
                "size": group.size,
                "members": list(group.members),
                "centre": list(group.centre),
                "ideas": [asdict(notable) for notable in group.stands_out],
            }
            for group in groups
        ],
        "why_none": found.why_none,
        "consensus": list(found.consensus),
        "rejected": list(found.rejected),
        "divisive": list(found.divisive),
        "axes": [asdict(axis) for axis in found.axes],
        "silhouette": found.silhouette,
        "stability": found.stability,
        "digest": found.digest,
    }


def public_plain(found: Map) -> dict[str, Any]:
    """What may be kept and shown: no places, no members, no count under five, no share of few.

    A share of an idea in a group is told, as a whole percentage, only where at least ten of the group
    voted on it. Nobody votes against an idea here, so a group stands out by what it agrees with.
    """
    return {
        "people": _few(found.people),
        "clustered": _few(found.clustered),
        "groups": None
        if found.groups is None
        else [
            {
                "size": group.size,
                "ideas": [each.idea for each in group.stands_out if each.stance == AGREE],
            }
            for group in found.groups
        ],
        "why_none": found.why_none,
        "consensus": list(found.consensus),
        "divisive": list(found.divisive),
        "axes": [asdict(axis) for axis in found.axes],
        "silhouette": found.silhouette,
        "stability": found.stability,
        "ideas": {
            line.id: {
                "votes": line.everybody.votes,
                "percent": _percent(line.everybody),
                "groups": [_percent(share) for share in line.groups],
                "together": line.consensus,
            }
            for line in found.ideas
            if line.everybody.votes >= MIN_GROUP_VOTES
        },
        "picture": _picture(found),
    }


def _line(line: IdeaLine) -> dict[str, Any]:
    told = asdict(line)
    return {"id": told.pop("id"), **told.pop("everybody"), **told}


def _few(count: int) -> int | None:
    return count if count >= MIN_CELL else None


def _percent(share: Share) -> int | None:
    return round(share.p_agree * 100) if share.votes >= MIN_GROUP_VOTES else None


def _picture(found: Map) -> dict[str, Any]:
    picture = draw(found)
    return {
        "width": picture.width,
        "cells": [[cell.x, cell.y, cell.people, cell.group] for cell in picture.cells],
        "names": [list(name) for name in picture.names],
        "undrawn": _few(picture.undrawn) if picture.undrawn else 0,
    }
