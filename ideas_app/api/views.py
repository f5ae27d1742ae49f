"""The document of the API as JSON and as pages, and the door by which the operations are registered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, jsonify, render_template, request

import ideas_app.api.v1  # noqa: F401  # registers the operations
from ideas_app.api import limits, reference
from ideas_app.api.fields import fault_of
from ideas_app.api.openapi import VERSION, document, init_document
from ideas_app.api.parsing import LARGEST
from ideas_app.api.shapes import PAGE, PAGE_MOST
from ideas_app.web.access import public
from ideas_app.web.problems import problem

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("api_docs", __name__)
blueprints = (blueprint,)
init_app = init_document


@blueprint.get("/api/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """The document: OpenAPI 3.1."""
    answer = jsonify(document(current_app))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag(weak=True)
    return answer.make_conditional(request)


def _sample() -> str:
    """What a fault looks like, in the reader's language."""
    told = problem(422, "unknown_field", faults=[fault_of("colour", "unknown_field")])
    return json.dumps(told.json, ensure_ascii=False, indent=2)


@blueprint.get("/api/docs")
@public
def docs() -> ResponseReturnValue:
    """The document for people: how to start, each operation, each shape, each code. Needs no script."""
    made = document(current_app)
    return render_template(
        "api/docs.html",
        base=made["servers"][0]["url"].rstrip("/") + "/api/v1",
        version=VERSION,
        operations=reference.operations(made),
        shapes=reference.shapes(made),
        codes=reference.codes(made),
        reads=limits.READS,
        acts=limits.ACTS,
        page_size=PAGE,
        page_most=PAGE_MOST,
        kilobytes=LARGEST // 1024,
        sample_problem=_sample(),
    )
