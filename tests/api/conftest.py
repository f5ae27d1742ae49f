"""Programs, for every test of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.programs import Program, token_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


@pytest.fixture
def stranger(app: Flask) -> Program:
    """A program that nobody gave a token."""
    return Program(app)


@pytest.fixture
def program_of(app: Flask) -> Callable[..., Program]:
    """Makes a program with a token of the given person."""

    def make(person: Any, *scopes: Any) -> Program:
        return Program(app, token_of(person, *scopes))

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--fuzz 300`: so many requests of each kind to each operation by each role, instead of a few."""
    parser.addoption("--fuzz", type=int, default=0, help="requests a kind, operation and role")
