"""Asks the API what nobody would, made from its own document, and checks each answer against it.

`make fuzz` does the same for longer and from another beginning each time, which it prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

if TYPE_CHECKING:
    from flask import Flask

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


BEGINNING = 20260305
"""Where the suite begins, so that it asks the same each time."""


def read_document(app: Flask) -> Any:
    """The document, from which requests are made: read once for all roles, as that is the dear part."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def explore(
    schema: Any, token: str | None, *, examples: int, spoilt: int = 0, beginning: int = BEGINNING
) -> int:
    """Asks each operation so many times by the rules, and so many times against them; how many operations there
    were. Raises what the first check found.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        count += 1
        if examples:
            _ask(operation, GenerationMode.POSITIVE, headers, examples, beginning)
        if spoilt and (operation.query or operation.body):
            _ask(operation, GenerationMode.NEGATIVE, headers, spoilt, beginning)
    return count


def _ask(
    operation: Any, mode: GenerationMode, headers: dict[str, str], examples: int, beginning: int
) -> None:
    @seed(beginning)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
