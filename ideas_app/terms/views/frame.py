"""The blueprint that the pages of this room hang on. Must not hold a view."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("terms", __name__)
