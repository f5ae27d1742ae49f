"""All evaluations of one idea or family on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from ideas_app.core.permissions import Permission
from ideas_app.evaluations import queries
from ideas_app.evaluations.views.frame import blueprint
from ideas_app.ideas import queries as ideas
from ideas_app.web.access import current_actor, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.ideas.models import Family, Idea


@blueprint.get("/desk/evaluations/idea/<int:idea_id>")
@requires(Permission.EVALUATION_GIVE)
def of_idea(idea_id: int) -> ResponseReturnValue:
    """An idea, also one that was joined into a family since."""
    return _screen(ideas.get_idea(idea_id))


@blueprint.get("/desk/evaluations/family/<int:family_id>")
@requires(Permission.EVALUATION_GIVE)
def of_family(family_id: int) -> ResponseReturnValue:
    """A family."""
    return _screen(queries.get_subject(family_id=family_id))


def _screen(subject: Idea | Family) -> str:
    panel = queries.panel_of(current_actor(), subject)
    return render_template("evaluations/summary.html", panel=panel)
