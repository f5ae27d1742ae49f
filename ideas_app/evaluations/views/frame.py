"""The blueprint of this room, and what its templates ask wherever another page includes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, url_for

from ideas_app.evaluations.rules import PART_NAMES, word_of

if TYPE_CHECKING:
    from fractions import Fraction

    from flask_babel import LazyString

    from ideas_app.evaluations.queries.tallies import Concerns

blueprint = Blueprint("evaluations", __name__)

# What `evaluations/_panel.html` asks, on the desk of answers as well as here.
blueprint.add_app_template_global(word_of, "evaluation_word")


@blueprint.app_template_global("evaluation_parts")
def evaluation_parts() -> dict[str, LazyString]:
    """The parts of the table with their names, in their order."""
    return PART_NAMES


@blueprint.app_template_global("evaluations_url")
def evaluations_url(thing: Concerns) -> str:
    """The page with all evaluations of an idea or a family; `thing` is about either."""
    if thing.family_id is not None:
        return url_for("evaluations.of_family", family_id=thing.family_id)
    return url_for("evaluations.of_idea", idea_id=thing.idea_id)


@blueprint.app_template_filter("halves")
def halves(value: Fraction) -> str:
    """A median: a whole number, or one and a half."""
    return f"{float(value):g}"
