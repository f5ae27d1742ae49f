"""No guard can be taken off unnoticed: what each address asks for stands in the golden copy, and is what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from config import ROOT
from ideas_app.cli.permissions import doors_table, matrix_text
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.errors import Refused
from ideas_app.core.permissions import Permission, Role, has
from ideas_app.web import access

GOLDEN = (ROOT / "tests" / "architecture" / "permissions.txt").read_text()
GUARDS = ("requires.<locals>.decorate.<locals>.guarded", "signed_in.<locals>.guarded")
EVERYBODY = [VISITOR, *(Actor(id=9, role=role, is_verified=True) for role in Role)]


def layers_of(view: Callable[..., Any]) -> Iterator[Any]:
    """The view and what it is wrapped around, from outside in."""
    while True:
        yield view
        if not hasattr(view, "__wrapped__"):
            return
        view = view.__wrapped__


def guard_of(view: Callable[..., Any]) -> Any:
    """The guard that a view stands behind; None for an open one."""
    return next((one for one in layers_of(view) if one.__code__.co_qualname in GUARDS), None)


def closed_endpoints(app: Flask) -> list[str]:
    """Everything that not everybody may call."""
    marks = {name: getattr(view, "access", "public") for name, view in app.view_functions.items()}
    return sorted(name for name, mark in marks.items() if mark != "public")


def may(actor: Actor, mark: str) -> bool:
    """What the mark alone says of an actor."""
    if mark == "signed_in":
        return actor.is_signed_in
    return actor.is_signed_in and has(actor.role, Permission(mark))


def test_a_guard_that_is_taken_off_shows_in_the_golden_copy(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert matrix_text() == GOLDEN
    closed = closed_endpoints(app)
    assert len(closed) > 150
    whole = doors_table(app)
    for name in closed:
        guard = guard_of(app.view_functions[name])
        assert guard is not None, f"{name} says that it is closed, and has no guard"
        with monkeypatch.context() as patch:
            patch.setitem(app.view_functions, name, guard.__wrapped__)
            assert doors_table(app) != whole, name
    assert doors_table(app) == whole


def test_a_guard_that_is_made_weaker_shows_in_the_golden_copy(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = doors_table(app)
    for name in closed_endpoints(app):
        view = app.view_functions[name]
        for weaker in {"public", "signed_in"} - {view.access}:  # type: ignore[attr-defined]
            with monkeypatch.context() as patch:
                patch.setattr(view, "access", weaker)
                assert doors_table(app) != whole, (name, weaker)


def test_every_guard_asks_for_what_its_mark_says(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in = RuntimeError("the view itself was reached")

    def view(*_args: object, **_kwargs: object) -> None:
        raise let_in

    for name in closed_endpoints(app):
        guard = guard_of(app.view_functions[name])
        mark = app.view_functions[name].access  # type: ignore[attr-defined]
        assert guard.access == mark, name
        (cell,) = [
            cell
            for variable, cell in zip(guard.__code__.co_freevars, guard.__closure__, strict=True)
            if variable == "view"
        ]
        inside = cell.cell_contents
        cell.cell_contents = view
        try:
            for actor in EVERYBODY:
                monkeypatch.setattr(access, "current_actor", lambda actor=actor: actor)
                expected = RuntimeError if may(actor, mark) else Refused
                with app.test_request_context("/"), pytest.raises(expected):
                    guard()
        finally:
            cell.cell_contents = inside


def test_these_acts_ask_once_more_who_it_is(app: Flask) -> None:
    assert {
        name
        for name, view in app.view_functions.items()
        if any(one.__code__.co_qualname.startswith("confirmed.") for one in layers_of(view))
    } == {
        "accounts.make_codes",
        "accounts.sessions",
        "accounts.set_second_factor",
        "webhooks.add",
        "webhooks.rotate",
    }


def test_one_page_acts_without_the_token_of_a_form_and_the_api(app: Flask) -> None:
    exempt = {
        name
        for name, view in app.view_functions.items()
        if getattr(view, "by_token", False) or getattr(view, "by_bearer", False)
    }
    assert {name for name in exempt if not name.startswith("api.")} == {"notifications.stop"}
