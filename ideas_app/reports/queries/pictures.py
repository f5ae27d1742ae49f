"""The charts of a year as specifications: what they show, in the language that is being spoken.

Only figures that the page prints go into a chart. Every number stands in a table of the page as well.
Must not know where the pictures are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from ideas_app.adapters.charts import PALE, SEA, SKY, SUN, draw
from ideas_app.web.i18n import localised

if TYPE_CHECKING:
    from ideas_app.reports.rules import Outcomes

WIDTH = 290
"""Of the area between the axes, in pixels: a phone shows it nearly as drawn."""
_ROW = 24
_AXIS: dict[str, Any] = {"format": ",d", "tickMinStep": 1, "tickCount": 5}


def draw_pictures(outcomes: Outcomes) -> dict[str, str]:
    """The SVG of each chart by its name: `programmes`, `ways`, `fields`, `quarters`, `departments`; one
    without any figure is left out.
    """
    made: dict[str, str] = {}
    programmes = [
        {"name": localised(line, "title"), "number": count}
        for line in outcomes.per_programme
        if (count := outcomes.public_cell("programme", line.slug))
    ]
    if programmes:
        made["programmes"] = _draw_bars(
            programmes,
            title=_("Participations by programme"),
            description=_("One bar a programme, the longest first."),
        )
    if any(line.ideas for line in outcomes.ways):
        made["ways"] = _draw_ways(outcomes)
    if outcomes.ideas_by_field:
        made["fields"] = _draw_fields(outcomes)
    quarters = [
        {"name": name, "number": count}
        for number, name in enumerate((_("Q1"), _("Q2"), _("Q3"), _("Q4")), start=1)
        if (count := outcomes.public_cell("quarter", str(number))) is not None
    ]
    if outcomes.counselling_sessions and quarters:
        made["quarters"] = _draw_bars(
            quarters,
            title=_("Counselling sessions by quarter"),
            description=_("One bar a quarter."),
        )
    if outcomes.answers_by_department:
        made["departments"] = _draw_departments(outcomes)
    return made


def _draw_bars(values: list[dict[str, Any]], *, title: str, description: str) -> str:
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "color": SEA, "height": {"band": 0.7}},
        "encoding": {
            "y": _names(),
            "x": {"field": "number", "type": "quantitative", "title": None, "axis": _AXIS},
        },
        "width": WIDTH,
        "height": {"step": _ROW},
    }
    return draw(spec, title=title, description=description)


def _draw_fields(outcomes: Outcomes) -> str:
    """How far the ideas of each field came: one stacked bar, each idea in the furthest step it reached."""
    names = [
        _("not published"),
        _("published"),
        _("on the ballot"),
        _("shortlisted"),
    ]
    values = []
    for line in outcomes.ideas_by_field:
        parts = (
            line.submitted - line.published,
            max(line.published - line.on_ballot, 0),
            max(line.on_ballot - line.shortlisted, 0),
            line.shortlisted,
        )
        values += [
            {"name": localised(line, "name"), "step": name, "order": order, "number": count}
            for order, (name, count) in enumerate(zip(names, parts, strict=True))
        ]
    return _draw_stacks(
        values,
        names,
        (PALE, SKY, SEA, SUN),
        title=_("How far the ideas of each field came"),
        description=_("One bar a field, in four parts: the furthest step that the ideas reached."),
    )


def _draw_ways(outcomes: Outcomes) -> str:
    """What became of the ideas of each programme: one stacked bar, each idea in the furthest step it reached."""
    names = [_("no answer yet"), _("answered"), _("taken up")]
    values = []
    for line in outcomes.ways:
        if line.ideas:
            parts = (line.ideas - line.answered, line.answered - line.adopted, line.adopted)
            values += [
                {"name": localised(line, "title"), "step": name, "order": order, "number": count}
                for order, (name, count) in enumerate(zip(names, parts, strict=True))
            ]
    return _draw_stacks(
        values,
        names,
        (PALE, SEA, SUN),
        title=_("From programmes to answers"),
        description=_("One bar a programme, in three parts: what became of its ideas."),
    )


def _draw_departments(outcomes: Outcomes) -> str:
    names = [_("in time"), _("late")]
    values = [
        {"name": line.name or _("not named"), "step": name, "order": order, "number": count}
        for line in outcomes.answers_by_department
        for order, (name, count) in enumerate(
            ((names[0], line.on_time), (names[1], line.answered - line.on_time))
        )
    ]
    return _draw_stacks(
        values,
        names,
        (SEA, SUN),
        title=_("Official answers by department"),
        description=_("One bar a department, in two parts: answers in time, and late ones."),
    )


def _draw_stacks(
    values: list[dict[str, Any]],
    names: list[str],
    colours: tuple[str, ...],
    *,
    title: str,
    description: str,
) -> str:
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {
            "y": _names(),
            "x": {"field": "number", "type": "quantitative", "title": None, "axis": _AXIS},
            "color": {
                "field": "step",
                "type": "nominal",
                "scale": {"domain": names, "range": list(colours)},
            },
            "order": {"field": "order"},
        },
        "width": WIDTH,
        "height": {"step": _ROW},
    }
    return draw(spec, title=title, description=description)


def _names() -> dict[str, Any]:
    return {
        "field": "name",
        "type": "ordinal",
        "sort": None,
        "axis": {"title": None, "ticks": False, "labelLimit": 150},
    }
