"""The officials' list: what is owed, what is drafted, promises whose day has come, answers given."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from flask import render_template, request

from ideas_app.answers import queries
from ideas_app.answers.views.frame import (
    BAND_NAMES,
    STAGE_LOOKS,
    STAGE_NAMES,
    WHOSE_NAMES,
    WHY_NAMES,
    blueprint,
    present_filters,
)
from ideas_app.core.permissions import Permission
from ideas_app.evaluations import queries as evaluations
from ideas_app.web.access import current_actor, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/desk")
@requires(Permission.ANSWER_WRITE)
def desk() -> ResponseReturnValue:
    """One list of the desk, narrowed by the address."""
    filters = present_filters()
    rows, counts = queries.read_desk(filters, current_actor())
    is_given = filters.tab is queries.Tab.PUBLISHED
    return render_template(
        "answers/desk.html",
        filters=filters,
        rows=rows,
        bands=[(band, list(group)) for band, group in groupby(rows, key=lambda one: one.band)],
        desk_counts=counts,
        owed=[one.row for one in counts.owed],
        promises=queries.count_promises_due(),
        published=queries.list_public(after=request.args.get("after"), limit=30)
        if is_given
        else None,
        evaluated=evaluations.counts_of(one.row.answer for one in rows),
        rate=queries.on_time_rate(),
        fields=queries.list_fields(),
        band_names=BAND_NAMES,
        stage_names=STAGE_NAMES,
        stage_looks=STAGE_LOOKS,
        whose_names=WHOSE_NAMES,
        why_names=WHY_NAMES,
        own_department=queries.department_of(current_actor().id),
    )
