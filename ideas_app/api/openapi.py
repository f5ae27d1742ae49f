"""The document of the API: OpenAPI 3.1, made from the operations themselves, the same for everybody.

Must not know any operation by name.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask_smorest import Api

from ideas_app.api import idempotency
from ideas_app.api.operation import OPERATIONS, blueprint
from ideas_app.api.problems import CODES, Problem

if TYPE_CHECKING:
    from flask import Flask

    from ideas_app.api.operation import Operation

VERSION = "1.0.0"
_ABOUT = """\
What a page of this service can do, a program can do by the same rules.

* **Tokens.** Reads of public things need none. For everything else send `Authorization: Bearer ya_...`. A token is
  made in the settings of an account, is shown once, lives a year at most, and never does more than its scopes say.
* **Errors** are `application/problem+json` (RFC 9457) with a stable `code`; `detail` is in the language of
  `Accept-Language` (ko, en), as on the pages.
* **Lists** are `{"items": [...], "next": cursor|null}`. Send `next` back as `cursor`; pages stand still while others
  write.
* **Unknown fields** and query parameters are refused (422), never passed over. Answers may get new fields.
* **Twice is once:** with an `Idempotency-Key` a POST that is sent again within a day does nothing anew and gives the
  same answer.
* **Limits:** see `RateLimit-*` on each answer; after 429 wait for `Retry-After`.
* **Instants** are RFC 3339 in UTC; results are hidden exactly where the pages hide them."""


class HouseApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """Only the document: faults are answered by the house, the address of the document is its own view."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Faults are turned into answers by `web.errors`."""


def init_document(app: Flask) -> None:
    """Registers every operation and prepares the document."""
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Hangul stays readable
    api = HouseApi(
        spec_kwargs={
            "title": "청년정책 제안 · Youth policy ideas",
            "version": VERSION,
            "openapi_version": "3.1.0",
            "info": {
                "description": _ABOUT,
                "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": str(app.config["BASE_URL"]).rstrip("/") or "/"}],
        }
    )
    api.init_app(app)
    app.cli.commands.pop("openapi", None)  # it would print the document before it is finished
    api.spec.components.schema("Problem", schema=Problem)
    api.spec.components.security_scheme(
        "bearer",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of an account, made in its settings: `ya_...`.",
        },
    )
    api.register_blueprint(blueprint)
    app.extensions["openapi"] = _finished(api.spec.to_dict())
    # read from here on by nobody: a megabyte of each process, as is what stands in the examples
    app.extensions["flask-smorest"]["apis"].clear()
    answers.cache_clear()


def document(app: Flask) -> dict[str, Any]:
    """The document as plain JSON values. Kept as text, a tenth of what they take: few ever ask for it."""
    made: dict[str, Any] = json.loads(app.extensions["openapi"])
    return made


@cache
def answers() -> dict[str, Any]:
    """What each operation answered to its example on the demo year, by its name."""
    read: dict[str, Any] = json.loads(
        (Path(__file__).parent / "examples.json").read_text(encoding="utf-8")
    )
    return read


def _finished(made: dict[str, Any]) -> str:
    """The document with what every operation shares as JSON, in an order that never changes."""
    for methods in made["paths"].values():
        for told in _operations(methods):
            _finish(told, OPERATIONS[told["operationId"]], methods.get("parameters", []))
    made["paths"] = dict(sorted(made["paths"].items()))
    schemas = made["components"]["schemas"]
    schemas.pop("Error", None)  # the library's own, which no answer has
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    made["components"]["responses"] = {}
    tags = {
        tag for path in made["paths"].values() for told in _operations(path) for tag in told["tags"]
    }
    made["tags"] = [{"name": name} for name in sorted(tags)]
    made["x-codes"] = {
        code: {"status": known.status, "meaning": known.meaning} for code, known in CODES.items()
    }
    return json.dumps(made)


def _operations(methods: dict[str, Any]) -> list[dict[str, Any]]:
    return [told for name, told in methods.items() if name != "parameters"]


def _finish(told: dict[str, Any], operation: Operation, shared: list[dict[str, Any]]) -> None:
    example = operation.example
    for parameter in [*shared, *told.get("parameters", [])]:
        chosen = {**example.query, **example.path}.get(parameter["name"])
        if chosen is not None:
            parameter["example"] = chosen
    told.setdefault("parameters", []).append(
        {
            "in": "header",
            "name": "Accept-Language",
            "description": "`ko` or `en`: the language of texts for people.",
            "schema": {"type": "string"},
        }
    )
    if operation.method == "POST":
        told["parameters"].append(
            {
                "in": "header",
                "name": idempotency.HEADER,
                "description": "1 to 200 plain characters: sent again within 24 hours, the act is not done anew.",
                "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST},
            }
        )
    if operation.body and example.body is not None:
        told["requestBody"]["content"]["application/json"]["example"] = dict(example.body)
    given = answers().get(operation.name)
    good = told["responses"][str(operation.status)]
    if given is not None and "content" in good:
        good["content"][operation.kind]["example"] = given
