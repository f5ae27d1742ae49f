"""The two blueprints of this room, and the larger file that one door of it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, request

from ideas_app.adapters.spreadsheets import MAX_BYTES
from ideas_app.core.permissions import Permission
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from collections.abc import Mapping

programmes_blueprint = Blueprint("programmes", __name__)
rosters_blueprint = Blueprint("rosters", __name__)

_AROUND = 64 * 1024
"""What a browser puts around the file."""


@rosters_blueprint.url_value_preprocessor
def take_a_larger_file(endpoint: str | None, values: Mapping[str, Any] | None) -> None:
    """A roster may be larger than any other request, from those who may import one.

    Here and not in the view: the check of the form's token reads the body before any view runs.
    """
    del values
    if endpoint == "rosters.upload" and current_actor().has(Permission.ROSTER_IMPORT):
        request.max_content_length = MAX_BYTES + _AROUND
