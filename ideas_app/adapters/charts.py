"""The one door to vl-convert: a Vega-Lite specification becomes an accessible SVG.

The picture may stand in a page under the strict policy and in a PDF alike: geometry and colours in
attributes, no script, no style, nothing loaded. Labels are measured with the font that lies in
`fonts`. Drawing starts a JavaScript engine (half a second and 90 MB once, then some 30 ms a picture),
so it belongs into jobs, never into a request. Must not know what is drawn.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

FONTS = Path(__file__).parent / "fonts"
"""Pretendard, regular and bold, with every Hangul syllable: see THIRD_PARTY.md."""
FONT = "Pretendard"
SEA, SKY, PALE, GREY, SUN = "#1d4fc4", "#7fa2ee", "#c3d3f7", "#8a949e", "#c78500"
"""The colours of the pages, so that picture and text look of a piece."""
INK, MUTED, LINE = "#1e2124", "#464c53", "#e3e6ea"

_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "labelColor": MUTED, "titleColor": MUTED,
        "titleFontWeight": "normal", "gridColor": LINE, "domainColor": LINE, "tickColor": LINE,
        "titlePadding": 6, "labelLimit": 160,
    },
    "legend": {
        "orient": "top", "direction": "horizontal", "title": None, "labelFontSize": 12,
        "labelColor": MUTED, "symbolType": "square", "symbolSize": 110, "labelLimit": 300, "offset": 6,
    },
    "text": {"fontSize": 12, "color": INK},
}  # fmt: skip
_HEAD = re.compile(r"<svg\b[^>]*?viewBox=\"(?P<box>[^\"]+)\"[^>]*>")
_INNER = re.compile(
    r'\s(?:role|aria-[a-z]+|class|pointer-events)="[^"]*"|\sopacity="1"|<path[^>]*\sd=""[^>]*/>'
    r'|<path[^>]*\sd="M0,0h0v0h0Z"[^>]*/>'
)
_REFUSED = re.compile(
    r"<(?:script|style|foreignObject|image|a)\b|\s(?:style|on[a-z]+|href)=", re.IGNORECASE
)


def draw(spec: Mapping[str, Any], *, title: str, description: str) -> str:
    """The SVG of a specification without its data's look: fonts, colours and axes are ours.

    Read aloud it is one picture with a title and a description; the same input gives the same
    text. Raises `ValueError` for a specification that cannot be drawn, and for a drawing with a
    part that the policy of our pages would block.
    """
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": _CONFIG,
        **spec,
    }
    drawn: str = _engine().vegalite_to_svg(whole)
    head = _HEAD.match(drawn)
    if head is None or _REFUSED.search(drawn):
        message = "this drawing cannot stand in a page"
        raise ValueError(message)
    name = "ch" + sha256(f"{title}{description}{drawn}".encode()).hexdigest()[:10]
    inner = _INNER.sub("", drawn[head.end() :])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="c-chart" viewBox="{head["box"]}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{inner}'
    )


@cache
def _engine() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
