"""The document of the API as JSON and as pages, and the door by which the operations are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, jsonify, request

import ideas_app.api.v1  # noqa: F401  # registers the operations
from ideas_app.api.openapi import document, init_document
from ideas_app.web.access import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("api_docs", __name__)
blueprints = (blueprint,)
register = init_document


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
