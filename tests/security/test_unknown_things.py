"""What does not exist is told to be missing by whatever looks for it, before anybody works on nothing."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from ideas_app.core.errors import NotFound
from ideas_app.evaluations.queries import get_subject
from ideas_app.factory import FEATURES

UNKNOWN = {"int": 2_000_000_000, "int | None": 2_000_000_000, "str": "nowhere", "bool": False}


def lookups() -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """Each query of a feature that gets one thing by numbers and words alone, and what nothing is kept under."""
    for feature in FEATURES:
        try:
            queries = importlib.import_module(f"ideas_app.{feature}.queries")
        except ModuleNotFoundError:
            continue
        for name, query in sorted(vars(queries).items()):
            if not name.startswith("get_") or not inspect.isfunction(query):
                continue
            asked = inspect.signature(query).parameters.values()
            needed = {one.name: one.annotation for one in asked if one.default is one.empty}
            if needed and set(needed.values()) <= set(UNKNOWN):
                yield f"{feature}.{name}", query, {one: UNKNOWN[how] for one, how in needed.items()}


def test_whoever_gets_one_thing_says_that_there_is_none(app: Flask) -> None:
    found = list(lookups())
    assert len(found) > 40
    for name, query, unknown in found:
        try:
            query(**unknown)
        except NotFound:
            continue
        pytest.fail(f"{name} found something under {unknown}")


@pytest.mark.parametrize("named", [{}, {"idea_id": 2_000_000_000}, {"family_id": 2_000_000_000}])
def test_what_is_evaluated_exists(app: Flask, named: dict[str, int]) -> None:
    with pytest.raises(NotFound):
        get_subject(**named)
