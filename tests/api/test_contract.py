"""The document holds: every example works, and whatever is asked, no answer lies outside it."""

from __future__ import annotations

import secrets
import warnings
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from ideas_app.api.openapi import answers, document
from ideas_app.api.operation import OPERATIONS, address_of
from tests.api import scene
from tests.api.fuzz import BEGINNING, explore, read_document
from tests.api.programs import Program, token_of
from tests.conftest import make_app, make_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


@pytest.fixture(scope="module")
def city(
    make_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Flask, dict[str, str | None]]:
    """An application with the small city, and a token of each role."""
    app = make_app(make_settings(tmp_path_factory.mktemp("city"), make_database("city")))
    with app.app_context():
        people = scene.people(scene.build())
        tokens = {role: token_of(each) if each.id else None for role, each in people.items()}
    return app, tokens


@pytest.fixture(scope="module")
def made(city: tuple[Flask, dict[str, str | None]]) -> Any:
    """The document as schemathesis reads it."""
    return read_document(city[0])


def schema_of(document: dict[str, Any], operation: str) -> dict[str, Any] | None:
    for methods in document["paths"].values():
        for name, told in methods.items():
            if name != "parameters" and told["operationId"] == operation:
                good = told["responses"][str(OPERATIONS[operation].status)]
                (content,) = good["content"].values()
                return {**content["schema"], "components": document["components"]}
    raise LookupError(operation)


def test_every_documented_example_works_and_answers_in_its_shape(city):
    app, tokens = city
    told = document(app)
    for name, operation in OPERATIONS.items():
        if operation.is_act:
            continue
        program = Program(app, None if operation.access == "public" else tokens["youth"])
        with app.app_context():
            answer = program.client.get(address_of(operation), headers=program.headers)
        assert answer.status_code == operation.status, f"{name}: {answer.text}"
        schema = schema_of(told, name)
        given = answer.json if answer.is_json else answer.text
        jsonschema_rs.validate(schema, given)
        jsonschema_rs.validate(schema, answers()[name])
        if isinstance(given, dict):
            assert set(given) == set(answers()[name]), f"{name}: run tools/api_examples.py"


@pytest.mark.parametrize("role", ["visitor", "youth", "moderator", "official", "admin"])
def test_nothing_that_is_asked_breaks_it_or_leaves_the_document(request, city, made, role):
    _app, tokens = city
    many = request.config.getoption("--fuzz", 0)
    beginning = secrets.randbelow(2**31) if many else BEGINNING
    if many:
        print(f"{role}: begins at {beginning}")  # noqa: T201  # to look at a find again
    spoilt = many or (3 if role == "admin" else 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = explore(made, tokens[role], examples=many or 2, spoilt=spoilt, beginning=beginning)
    assert found == len(OPERATIONS)
