"""The charts of a round as specifications: what they show, in the language that is being spoken.

Every number is the kernel's and stands in a table of the page as well. Places stand by their number, not
by their title, because a title may be hidden after the picture was drawn. Must not know where the pictures
are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from ideas_app.adapters.charts import GREY, PALE, SEA, SKY, SUN, draw
from ideas_app.shortlists.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 290
"""Of the area between the axes, in pixels: a phone shows it nearly as drawn."""
_ROW = 22


def draw_pictures(result: Mapping[str, Any], seats: int, rule: str) -> dict[str, str]:
    """The SVG of each chart by its name: `coverage`, `payers`, `weights`, `seats`.

    `result` as stored with the round. Without an elected entry, and for `weights` where the rule
    weighs nobody's votes, a chart is left out; `seats` needs the analysis.
    """
    drawn: dict[str, str] = {"coverage": _draw_coverage(result)}
    if result["chosen"]["rounds"]:
        drawn["payers"] = _draw_payers(result)
        if rule not in {Rule.APPROVAL, Rule.SATISFACTION}:
            drawn["weights"] = _draw_weights(result)
    if len(result.get("analysis", {}).get("by_seats", ())) > 1:
        drawn["seats"] = _draw_seats(result, seats)
    return drawn


def _draw_coverage(result: Mapping[str, Any]) -> str:
    lists = ((_("This list"), "audit"), (_("Most votes"), "top_audit"))
    names = [name for name, _key in lists]
    values = [
        {"ideas": str(ideas), "list": name, "people": people}
        for name, key in lists
        for ideas, people in enumerate(result[key]["histogram"])
    ]
    return draw(
        {
            "data": {"values": values},
            "mark": {"type": "bar"},
            "encoding": {
                "x": _ordinal("ideas", _("Ideas of theirs on the list")),
                "xOffset": {"field": "list", "sort": names},
                "y": {
                    "field": "people",
                    "type": "quantitative",
                    "title": _("People"),
                    "axis": _AXIS,
                },
                "color": _colours("list", names, [SEA, GREY]),
            },
            "width": WIDTH,
            "height": 200,
        },
        title=_("How many ideas people find on the list"),
        description=_(
            "Columns: people by the number of their ideas on this list and by most votes."
        ),
    )


def _draw_payers(result: Mapping[str, Any]) -> str:
    names = [_("their first on the list"), _("had 1 already"), _("had 2 or more")]
    values = []
    for step in result["chosen"]["rounds"]:
        levels = [*step["levels"], 0, 0]
        parts = (levels[0], levels[1], sum(levels[2:]))
        values += [
            {"place": step["number"], "kind": name, "order": order, "people": people}
            for order, (name, people) in enumerate(zip(names, parts, strict=True))
        ]
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": {
            "y": _ordinal("place", _("Place")),
            "x": {"field": "people", "type": "quantitative", "title": _("People"), "axis": _AXIS},
            "color": _colours("kind", names, [SEA, SKY, PALE]),
            "order": {"field": "order"},
        },
        "width": WIDTH,
        "height": {"step": _ROW},
    }
    return draw(
        spec,
        title=_("Who had something already when an idea was chosen"),
        description=_(
            "One bar a place, in three parts: for whom it was the first, second or a later idea."
        ),
    )


def _draw_weights(result: Mapping[str, Any]) -> str:
    names = [_("votes"), _("weight when it was chosen")]
    rows = [
        {
            "place": step["number"],
            "votes": sum(step["levels"]),
            "weight": _nearest(step["effective_votes"]),
        }
        for step in result["chosen"]["rounds"]
    ]
    dots = [
        {"place": row["place"], "kind": name, "people": row[key]}
        for row in rows
        for name, key in zip(names, ("votes", "weight"), strict=True)
    ]
    place = _ordinal("place", _("Place"))
    across = {"type": "quantitative", "title": _("Votes"), "axis": _AXIS}
    spec = {
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "rule", "strokeWidth": 2, "color": PALE},
                "encoding": {
                    "y": place,
                    "x": {"field": "weight", **across},
                    "x2": {"field": "votes"},
                },
            },
            {
                "data": {"values": dots},
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "y": place,
                    "x": {"field": "people", **across},
                    "color": _colours("kind", names, [GREY, SEA]),
                    "shape": {
                        "field": "kind",
                        "type": "nominal",
                        "scale": {"domain": names, "range": ["diamond", "circle"]},
                        "legend": {"title": None},
                    },
                },
            },
        ],
        "width": WIDTH,
        "height": {"step": _ROW},
    }
    return draw(
        spec,
        title=_("Votes of each place, and what they weighed"),
        description=_(
            "Two marks a place: its votes, and its weight after what its people had already."
        ),
    )


def _draw_seats(result: Mapping[str, Any], seats: int) -> str:
    names = [_("this list"), _("another number of places")]
    values = [
        {
            "seats": row["seats"],
            "people": row["covered"],
            "which": names[row["seats"] != seats],
        }
        for row in result["analysis"]["by_seats"]
    ]
    spec = {
        "data": {"values": values},
        "encoding": {
            "x": _ordinal("seats", _("Places")),
            "y": {
                "field": "people",
                "type": "quantitative",
                "title": _("People with at least one"),
                "scale": {"zero": False, "padding": 14},
                "axis": _AXIS | {"tickCount": 5},
            },
        },
        "layer": [
            {"mark": {"type": "line", "color": PALE, "strokeWidth": 2}},
            {
                "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
                "encoding": {"color": _colours("which", names, [SUN, SEA])},
            },
        ],
        "width": WIDTH,
        "height": 180,
    }
    return draw(
        spec,
        title=_("People with at least one idea, by number of places"),
        description=_("One point for each number of places. The scale does not begin at 0."),
    )


_AXIS: dict[str, Any] = {"format": ",d", "tickMinStep": 1, "tickCount": 6}


def _ordinal(name: str, title: str) -> dict[str, Any]:
    return {
        "field": name,
        "type": "ordinal",
        "sort": None,
        "axis": {"title": title, "labelAngle": 0, "ticks": False},
    }


def _colours(name: str, names: list[str], colours: list[str]) -> dict[str, Any]:
    return {"field": name, "type": "nominal", "scale": {"domain": names, "range": colours}}


def _nearest(exact: str) -> float:
    """A stored fraction as the decimal number that a picture can take."""
    numerator, _bar, denominator = exact.partition("/")
    return round(int(numerator) / int(denominator), 2)
