"""Programs that act, in the tests: whatever they are answered stands in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.api.operation import OPERATIONS
from tests.api.programs import ROOT, Program, token_of

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from ideas_app.core.actor import Actor


class Doer(Program):
    """A program whose every answer is held against what the document says of its operation."""

    def __init__(self, app: Flask, person: Actor | None = None, *scopes: Any) -> None:
        super().__init__(app, token_of(person, *scopes) if person and person.id else None)
        self.app = app

    def ask(self, method: str, path: str, *, headers: Any = None, **more: Any) -> TestResponse:
        """One request, and the promise of its operation."""
        answer = super().ask(method, path, headers=headers, **more)
        bound = self.app.url_map.bind("localhost")
        endpoint, _values = bound.match(ROOT + path.partition("?")[0], method=method)
        told = OPERATIONS[endpoint.removeprefix("api.")]
        if answer.status_code < 400:
            assert answer.status_code == told.status, answer.text
        else:
            codes = {answer.json["code"], *(each["code"] for each in answer.json["errors"])}
            assert codes <= set(told.codes), f"{told.name} does not document {codes}"
        return answer


def refusal(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a fault."""
    return answer.status_code, answer.json["code"]


def faults(answer: TestResponse) -> list[tuple[str, str]]:
    """Field and code of each fault of what was sent."""
    assert answer.status_code == 422, answer.text
    return [(each["field"], each["code"]) for each in answer.json["errors"]]
