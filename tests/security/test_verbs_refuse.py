"""Services refuse by themselves: whoever gets past a page, or comes by no page at all, is asked again.

Each verb is called by a stranger, with stand-ins for what it acts on; `closed_verbs.txt` holds those that refuse
before they look at anything. A guard that is taken out of a verb shows as a difference; the others, which have to
look first, are tried in their own rooms.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import MagicMock

from flask import Flask

from config import ROOT
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.db import transaction
from ideas_app.core.errors import Refused
from ideas_app.core.permissions import Role
from ideas_app.factory import FEATURES

GOLDEN = ROOT / "tests" / "security" / "closed_verbs.txt"
STRANGERS = {
    "visitor": VISITOR,
    "youth": Actor(id=2_000_000_000, role=Role.YOUTH, is_verified=True),
}


class NothingIsKeptError(Exception):
    """Ends a transaction whatever the verb did."""


def verbs() -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """Each verb of a service that asks who acts, with stand-ins for the rest."""
    for feature in FEATURES:
        try:
            service = importlib.import_module(f"ideas_app.{feature}.service")
        except ModuleNotFoundError:
            continue
        for name, verb in sorted(vars(service).items()):
            if not inspect.isfunction(verb) or name.startswith("_"):
                continue
            actor, *rest = [*inspect.signature(verb).parameters.values(), None]
            if actor is not None and actor.name == "actor":
                needed = [one for one in rest if one is not None and one.default is one.empty]
                named = {one.name: MagicMock() for one in needed if one.kind is not one.VAR_KEYWORD}
                yield f"{feature}.{name}", verb, named


def refuses(verb: Callable[..., Any], actor: Actor, rest: dict[str, Any]) -> bool:
    """Whether the verb refuses this actor; what else a stand-in breaks is no matter."""
    with contextlib.suppress(Exception), transaction():
        try:
            verb(actor, **rest)
        except Refused:
            return True
        raise NothingIsKeptError
    return False


def table() -> str:
    """Verb by verb: who is refused."""
    lines = []
    for name, verb, rest in verbs():
        who = [who for who, actor in STRANGERS.items() if refuses(verb, actor, rest)]
        if who:
            lines.append(" ".join([name, *who]))
    return "\n".join(lines) + "\n"


def test_every_verb_that_refuses_at_once_still_does(app: Flask) -> None:
    kept, found = set(GOLDEN.read_text().splitlines()), set(table().splitlines())
    assert len(found) > 100
    assert kept - found == set(), "refuse no more, or not everybody that they did"
    assert found - kept == set(), f"refuse as well: write it into {GOLDEN.name}"
